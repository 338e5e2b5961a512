// SPDX-License-Identifier: MIT
// Kernels that are the same for every program.
#include "tesela/kernel/isa_functions-inl.hpp"

namespace tesela::HWY_NAMESPACE {

template void isa::convolve_weight_gradient<false>(const convolution&, const gradient_share&,
                                                   const float*, const float*, std::size_t,
                                                   std::size_t, float*);
template void isa::convolve_weight_gradient<true>(const convolution&, const gradient_share&,
                                                  const float*, const float*, std::size_t,
                                                  std::size_t, float*);

}  // namespace tesela::HWY_NAMESPACE
