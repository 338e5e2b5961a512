// SPDX-License-Identifier: MIT
// The two-dimensional convolution (cross-correlation, as in PyTorch) with bias.
//
//   y[f][i][j] = b[f] + sum over c, r, s of w[f][c][r][s] * x[c][i stride + r - padding][...]
//
// x is 0 outside the image. conv2d<16, 5> has 16 filters of 5x5; stride<S>, padding<P> and direct
// (kernel/winograd.hpp) may follow.
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/layer/layer.hpp"
#include "tesela/shape/rules.hpp"

namespace tesela {

namespace layers {

template <std::size_t Filters, std::size_t Kernel, std::size_t Stride, std::size_t Padding,
          bool Direct>
struct conv2d : layer {
  static constexpr layer_role kind = layer_role::product;
  static constexpr const char* options = "stride<...>, padding<...> and direct";

  static constexpr sentence name() {
    sentence words = sentence("conv2d<") << Filters << "," << Kernel;
    if (Stride != 1) words << ",stride<" << Stride << ">";
    if (Padding != 0) words << ",padding<" << Padding << ">";
    if (Direct) words << ",direct";
    return words << ">";
  }

  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...> in) {
    if constexpr (Filters == 0) {
      return {"needs at least one filter", "write conv2d<1,...> or more", true};
    } else if constexpr (Kernel == 0) {
      return {"needs a kernel of at least one pixel", "write conv2d<filters,1> or more", true};
    } else if constexpr (Stride == 0) {
      return {"needs a stride of at least one pixel", "write stride<1> or more", true};
    } else if constexpr (sizeof...(E) != 3) {
      return {"expects an image (channels x height x width)",
              "put it before flatten, or start from input<channels,height,width>"};
    } else if constexpr (!window_fits(in[1], Kernel, Padding) ||
                         !window_fits(in[2], Kernel, Padding)) {
      return {sentence("expects an image of at least ")
                  << least() << "x" << least() << " pixels",
              "use a smaller kernel, padding<...> or fewer poolings"};
    } else {
      return {};
    }
  }

  template <std::size_t C, std::size_t H, std::size_t W>
  static constexpr auto output(extents<C, H, W>) {
    return extents<Filters, window_positions(H, Kernel, Stride, Padding),
                   window_positions(W, Kernel, Stride, Padding)>{};
  }

  template <std::size_t C, std::size_t H, std::size_t W>
  static constexpr convolution geometry(extents<C, H, W> in) {
    const auto out = output(in);
    return {.in = {C, H, W}, .out = {out[0], out[1], out[2]}, .kernel = Kernel, .stride = Stride,
            .padding = Padding, .direct = Direct};
  }

 private:
  static constexpr std::size_t least() { return Kernel > 2 * Padding ? Kernel - 2 * Padding : 1; }
};

}  // namespace layers

template <std::size_t Filters, std::size_t Kernel, auto... Options>
inline constexpr typename layers::detail::with_options<
    layers::conv2d<Filters, Kernel, layers::detail::option_or<option::stride, Options...>(1),
                   layers::detail::option_or<option::padding, Options...>(0),
                   layers::detail::option_or<option::direct, Options...>(0) != 0>,
    meta::list<option::stride, option::padding, option::direct>, Options...>::type conv2d{};

}  // namespace tesela
