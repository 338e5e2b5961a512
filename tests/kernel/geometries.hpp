// SPDX-License-Identifier: MIT
// Test only: sizes of convolutions and poolings from what one writes.
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/shape/rules.hpp"

#include <cstddef>
#include <ostream>

namespace tesela::test {

inline convolution convolution_of(image in, std::size_t filters, grid kernel, grid stride = 1,
                                  grid padding = 0, grid dilation = 1) {
  convolution g;
  g.in = in;
  g.out = {
      filters,
      window_positions(in.height, (kernel.rows - 1) * dilation.rows + 1, stride.rows, padding.rows),
      window_positions(in.width, (kernel.columns - 1) * dilation.columns + 1, stride.columns,
                       padding.columns)};
  g.kernel = kernel;
  g.stride = stride;
  g.padding = padding;
  g.dilation = dilation;
  return g;
}

inline pooling pooling_of(image in, grid kernel, grid stride) {
  pooling g;
  g.in = in;
  g.out = {in.channels, window_positions(in.height, kernel.rows, stride.rows, 0),
           window_positions(in.width, kernel.columns, stride.columns, 0)};
  g.kernel = kernel;
  g.stride = stride;
  return g;
}

}  // namespace tesela::test

namespace tesela {

inline std::ostream& operator<<(std::ostream& out, const image& i) {
  return out << i.channels << "x" << i.height << "x" << i.width;
}
inline std::ostream& operator<<(std::ostream& out, const grid& g) {
  return out << g.rows << "x" << g.columns;
}
inline std::ostream& operator<<(std::ostream& out, const convolution& g) {
  return out << "convolution of " << g.in << " to " << g.out << ", kernel " << g.kernel
             << ", stride " << g.stride << ", padding " << g.padding << ", dilation " << g.dilation;
}
inline std::ostream& operator<<(std::ostream& out, const pooling& g) {
  return out << "pooling of " << g.in << ", kernel " << g.kernel << ", stride " << g.stride;
}

}  // namespace tesela
