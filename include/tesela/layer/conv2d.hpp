// SPDX-License-Identifier: MIT
// The two-dimensional convolution (cross-correlation, as in PyTorch) with bias.
//
//   y[f][i][j] = b[f] + sum over c, r, s of w[f][c][r][s] * x[c][i stride + r dilation - padding][..]
//
// x is 0 outside the image. conv2d<16, 5> has 16 filters of 5x5, conv2d<16, kernel<3, 5>> of 3 rows
// and 5 columns; stride<...>, padding<...>, dilation<...>, of one number or of rows and columns,
// and direct (kernel/winograd.hpp) may follow. padding<"same"> is the number that keeps the size.
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/layer/layer.hpp"
#include "tesela/shape/rules.hpp"

#include <cstddef>
#include <type_traits>

namespace tesela {

namespace layers {

template <std::size_t Filters, grid Kernel, grid Stride, grid Padding, grid Dilation, bool Direct>
struct conv2d : layer {
  static constexpr layer_role kind = layer_role::product;
  static constexpr const char* options = "stride<...>, padding<...>, dilation<...> and direct";

  static constexpr sentence name() {
    sentence words = sentence("conv2d<") << Filters << "," << detail::window_words(Kernel);
    if (Stride != 1) words << ",stride<" << detail::words_of(Stride) << ">";
    if (Padding != 0) words << ",padding<" << detail::words_of(Padding) << ">";
    if (Dilation != 1) words << ",dilation<" << detail::words_of(Dilation) << ">";
    if (Direct) words << ",direct";
    return words << ">";
  }

  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...> in) {
    if constexpr (Filters == 0) {
      return {"needs at least one filter", "write conv2d<1,...> or more", true};
    } else if constexpr (Kernel.size() == 0) {
      return {"needs a kernel of at least one pixel", "write conv2d<filters,1> or more", true};
    } else if constexpr (Stride.size() == 0) {
      return {"needs a stride of at least one pixel", "write stride<1> or more", true};
    } else if constexpr (Dilation.size() == 0) {
      return {"needs a dilation of at least one pixel", "write dilation<1> or more", true};
    } else if constexpr (Padding.rows == option::pixels::same || Padding.columns == option::pixels::same) {
      return {"keeps the size of an image with stride<1> and a kernel of odd size alone",
              "write padding<1>, or padding<rows,columns>", true};
    } else if constexpr (Padding.rows == option::pixels::none || Padding.columns == option::pixels::none) {
      return {"needs a padding of whole pixels, 0 or more", "write padding<1>, or padding<\"same\">", true};
    } else if constexpr (sizeof...(E) != 3) {
      return {"expects an image (channels x height x width)",
              "put it before flatten, or start from input<channels,height,width>"};
    } else if constexpr (!window_fits(in[1], reach.rows, Padding.rows) ||
                         !window_fits(in[2], reach.columns, Padding.columns)) {
      return {sentence("expects an image of at least ")
                  << least(reach.rows, Padding.rows) << "x" << least(reach.columns, Padding.columns)
                  << " pixels",
              sentence("use a smaller kernel")
                  << (Dilation == 1 ? "" : " or dilation") << ", padding<...> or fewer poolings"};
    } else {
      return {};
    }
  }

  template <std::size_t C, std::size_t H, std::size_t W>
  static constexpr auto output(extents<C, H, W>) {
    return extents<Filters, window_positions(H, reach.rows, Stride.rows, Padding.rows),
                   window_positions(W, reach.columns, Stride.columns, Padding.columns)>{};
  }

  template <std::size_t C, std::size_t H, std::size_t W>
  static constexpr convolution geometry(extents<C, H, W> in) {
    const auto out = output(in);
    return {.in = {C, H, W},
            .out = {out[0], out[1], out[2]},
            .kernel = Kernel,
            .stride = Stride,
            .padding = Padding,
            .dilation = Dilation,
            .direct = Direct};
  }

 private:
  // Pixels from a window's first tap to its last.
  static constexpr grid reach = detail::reach_of(Kernel, Dilation);

  static constexpr std::size_t least(std::size_t pixels, std::size_t padding) {
    return pixels > 2 * padding ? pixels - 2 * padding : 1;
  }
};

}  // namespace layers

// conv2d<16, 5>: 16 filters of 5x5; options may follow. Without a kernel or with a number below 0 it fits
// nowhere.
template <auto Filters, auto Kernel = 0, auto... Options>
inline constexpr typename layers::detail::with_options<
    layers::conv2d<layers::detail::window_of(Filters).rows, layers::detail::window_of(Kernel),
                   layers::detail::option_or<option::stride, Options...>(1),
                   layers::detail::padding_of(
                       layers::detail::option_or<option::padding, Options...>(0),
                       layers::detail::reach_of(layers::detail::window_of(Kernel),
                                                layers::detail::option_or<option::dilation, Options...>(1)),
                       layers::detail::option_or<option::stride, Options...>(1)),
                   layers::detail::option_or<option::dilation, Options...>(1),
                   layers::detail::count_of<option::direct, Options...>() != 0>,
    meta::list<option::stride, option::padding, option::dilation, option::direct>, Options...>::type
    conv2d{};

}  // namespace tesela
