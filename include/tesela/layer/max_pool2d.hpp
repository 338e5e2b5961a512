// SPDX-License-Identifier: MIT
// Max pooling: y[c][i][j] = the largest x[c] in the window at (i, j) * stride.
//
// max_pool2d<2> has a window of 2x2, max_pool2d<kernel<2, 3>> of 2 rows and 3 columns. The stride
// is the window's size unless stride<...> says otherwise. What is left at the right and bottom is
// dropped, as in PyTorch.
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/layer/layer.hpp"
#include "tesela/shape/rules.hpp"

namespace tesela {

namespace layers {

template <grid Kernel, grid Stride>
struct max_pool2d : layer {
  static constexpr layer_role kind = layer_role::pooling;
  static constexpr const char* options = "stride<...>";
  static constexpr std::size_t most_pixels = 15 * 15;

  static constexpr sentence name() {
    sentence words = sentence("max_pool2d<") << detail::window_words(Kernel);
    if (Stride != Kernel) words << ",stride<" << detail::words_of(Stride) << ">";
    return words << ">";
  }

  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...> in) {
    if constexpr (Kernel.size() == 0) {
      return {"needs a window of at least one pixel", "write max_pool2d<2>", true};
    } else if constexpr (Kernel.rows > most_pixels / Kernel.columns) {
      return {sentence("needs a window of at most ")
                  << (Kernel.rows == Kernel.columns ? "15x15" : "225")
                  << " pixels, since a byte holds the position of the winner",
              "pool in two steps", true};
    } else if constexpr (Stride.size() == 0) {
      return {"needs a stride of at least one pixel", "write stride<1> or more", true};
    } else if constexpr (sizeof...(E) != 3) {
      return {"expects an image (channels x height x width)",
              "put it before flatten, or start from input<channels,height,width>"};
    } else if constexpr (!window_fits(in[1], Kernel.rows, 0) ||
                         !window_fits(in[2], Kernel.columns, 0)) {
      return {sentence("expects an image of at least ")
                  << Kernel.rows << "x" << Kernel.columns << " pixels",
              "remove a pooling or give a convolution padding<...>"};
    } else {
      return {};
    }
  }

  template <std::size_t C, std::size_t H, std::size_t W>
  static constexpr auto output(extents<C, H, W>) {
    return extents<C, window_positions(H, Kernel.rows, Stride.rows, 0),
                   window_positions(W, Kernel.columns, Stride.columns, 0)>{};
  }

  template <std::size_t C, std::size_t H, std::size_t W>
  static constexpr pooling window(extents<C, H, W> in) {
    const auto out = output(in);
    return {.in = {C, H, W}, .out = {out[0], out[1], out[2]}, .kernel = Kernel, .stride = Stride};
  }
};

}  // namespace layers

// The largest of each window: max_pool2d<2> halves an image, max_pool2d<kernel<2, 3>, stride<1>>
// moves by a pixel.
template <auto Kernel, auto... Options>
inline constexpr typename layers::detail::with_options<
    layers::max_pool2d<layers::detail::window_of(Kernel),
                       layers::detail::option_or<option::stride, Options...>(
                           layers::detail::window_of(Kernel))>,
    meta::list<option::stride>, Options...>::type max_pool2d{};

}  // namespace tesela
