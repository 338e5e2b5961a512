// SPDX-License-Identifier: MIT
// Test only: sizes of convolutions and poolings from what one writes.
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/shape/rules.hpp"

#include <cstddef>
#include <ostream>

namespace tesela::test {

inline convolution convolution_of(image in, std::size_t filters, std::size_t kernel,
                                  std::size_t stride = 1, std::size_t padding = 0) {
  convolution g;
  g.in = in;
  g.out = {filters, window_positions(in.height, kernel, stride, padding),
           window_positions(in.width, kernel, stride, padding)};
  g.kernel = kernel;
  g.stride = stride;
  g.padding = padding;
  return g;
}

inline pooling pooling_of(image in, std::size_t kernel, std::size_t stride) {
  pooling g;
  g.in = in;
  g.out = {in.channels, window_positions(in.height, kernel, stride, 0),
           window_positions(in.width, kernel, stride, 0)};
  g.kernel = kernel;
  g.stride = stride;
  return g;
}

}  // namespace tesela::test

namespace tesela {

inline std::ostream& operator<<(std::ostream& out, const image& i) {
  return out << i.channels << "x" << i.height << "x" << i.width;
}
inline std::ostream& operator<<(std::ostream& out, const convolution& g) {
  return out << "convolution of " << g.in << " to " << g.out << ", kernel " << g.kernel << ", stride "
             << g.stride << ", padding " << g.padding;
}
inline std::ostream& operator<<(std::ostream& out, const pooling& g) {
  return out << "pooling of " << g.in << ", kernel " << g.kernel << ", stride " << g.stride;
}

}  // namespace tesela
