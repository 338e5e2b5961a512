// SPDX-License-Identifier: MIT
// The optimisers of train/compiled_updates.hpp.
#include "tesela/kernel/isa_templates-inl.hpp"
#include "tesela/optim/adagrad.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/nadam.hpp"
#include "tesela/optim/noisy_sgd.hpp"
#include "tesela/optim/rmsprop.hpp"
#include "tesela/optim/rprop.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/compiled_updates.hpp"
#include "tesela/train/update_kernels.ipp"

namespace tesela {

template struct update_kernels<static_isa, sgd>;
template struct update_kernels<static_isa, adam>;
template struct update_kernels<static_isa, amsgrad>;
template struct update_kernels<static_isa, adamw>;
template struct update_kernels<static_isa, nadam>;
template struct update_kernels<static_isa, rmsprop>;
template struct update_kernels<static_isa, centered_rmsprop>;
template struct update_kernels<static_isa, rprop>;
template struct update_kernels<static_isa, adagrad>;
template struct update_kernels<static_isa, noisy_sgd>;

}  // namespace tesela
