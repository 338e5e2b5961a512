// SPDX-License-Identifier: MIT
// Other libraries as contestants: kernels, on one thread, and dlib's training steps. What is not installed is absent: then
// `absence` says so and there are no contestants.
#pragma once

#include "contestant.hpp"

#include "tesela/kernel/geometry.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace bench {

// The three products of a layer, by what they give.
enum class product { forward, data_gradient, weight_gradient };

inline constexpr product products[] = {product::forward, product::data_gradient,
                                       product::weight_gradient};
inline const char* name_of(product p) {
  return p == product::forward         ? "forward"
         : p == product::data_gradient ? "data gradient"
                                       : "weight gradient";
}

// A linear layer on a batch.
struct linear_shape {
  std::size_t batch = 64, in = 0, out = 0;
};

// Tensors lie as the library likes best; bringing them there is not counted.
namespace onednn {
std::string absence();
std::vector<contestant> convolution(const tesela::convolution& g, std::size_t batch, product p,
                                    bool winograd);
std::vector<contestant> linear(const linear_shape& shape, product p);
}  // namespace onednn

namespace openblas {
std::string absence();
std::vector<contestant> linear(const linear_shape& shape, product p);
}  // namespace openblas

namespace eigen {
std::string absence();
// Elementwise formulas on arrays, with the gradient by hand (expressions.cpp says what they are).
std::vector<contestant> mish(const float* x, const float* g, float* y, float* dx, std::size_t count);
std::vector<contestant> softplus_tanh(const float* x, float* dx, std::size_t count);
std::vector<contestant> linear(const linear_shape& shape, product p);
}  // namespace eigen

// One step on a batch of 64 in the cases it is written for, on as many threads as `use_threads` said.
namespace dlib_ {
std::string absence(const std::string& case_name);
std::vector<contestant> training_step(const std::string& case_name);
}  // namespace dlib_

// How many threads the peers' OpenMP loops take, the BLAS under dlib among them.
void use_threads(std::size_t threads);

}  // namespace bench
