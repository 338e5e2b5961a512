// SPDX-License-Identifier: MIT
// Layers that other libraries have: under another name here, or not at all. Each tells what to write.
#pragma once

#include "tesela/core/diagnostics.hpp"

namespace tesela {

namespace layers::detail {

template <text Name, text Instead, auto... Given>
struct layer_elsewhere {
  static constexpr sentence complaint = sentence("tesela: there is no layer ") << Name.view() << ": write " << Instead.view();
};
template <text Name, text Instead, auto... Given>
constexpr auto no_layer() {
  return sizeof(tell<mistake_in<layer_elsewhere<Name, Instead, Given...>>>());
}

inline constexpr text normalized{
    "affine, which a trained one is; to train without, normalise the data (data::z_score) and begin with "
    "init::he_normal"};
inline constexpr text pooled{"max_pool2d<2>, or a convolution with stride<2>"};
inline constexpr text recurrent{
    "linear layers of a whole series, input<28>, or convolutions of it as an image, input<1,1,28>"};

}  // namespace layers::detail

template <auto... Given>
inline constexpr auto dense = layers::detail::no_layer<"dense", "linear<10>", Given...>();
template <auto... Given>
inline constexpr auto conv1d =
    layers::detail::no_layer<"conv1d", "conv2d<8,kernel<1,3>> of images of one row: input<1,1,28>", Given...>();
template <auto... Given>
inline constexpr auto batch_norm1d =
    layers::detail::no_layer<"batch_norm1d", layers::detail::normalized, Given...>();
template <auto... Given>
inline constexpr auto batch_norm2d =
    layers::detail::no_layer<"batch_norm2d", layers::detail::normalized, Given...>();
template <auto... Given>
inline constexpr auto layer_norm =
    layers::detail::no_layer<"layer_norm", layers::detail::normalized, Given...>();
template <auto... Given>
inline constexpr auto avg_pool2d = layers::detail::no_layer<"avg_pool2d", layers::detail::pooled, Given...>();
template <auto... Given>
inline constexpr auto adaptive_avg_pool2d =
    layers::detail::no_layer<"adaptive_avg_pool2d", layers::detail::pooled, Given...>();
template <auto... Given>
inline constexpr auto lstm = layers::detail::no_layer<"lstm", layers::detail::recurrent, Given...>();
template <auto... Given>
inline constexpr auto gru = layers::detail::no_layer<"gru", layers::detail::recurrent, Given...>();

}  // namespace tesela
