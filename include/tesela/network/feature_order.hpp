// SPDX-License-Identifier: MIT
// The order of a flat tensor's features, inside the library and outside.
//
// Inside, an image lies height x width x channel, and `flatten` leaves it so; outside, as in PyTorch,
// its features are counted channels first. Behind a linear layer there is one order again.
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/network/network.hpp"

#include <cstddef>
#include <type_traits>

namespace tesela {

namespace detail {

template <std::size_t C, std::size_t H, std::size_t W>
constexpr image image_of(extents<C, H, W>) {
  return {C, H, W};
}
template <std::size_t N>
constexpr image image_of(extents<N>) {
  return {N, 1, 1};
}

// The image whose pixels the features in front of layer `I` are: {features, 1, 1} where they never
// were an image. Walks back to the flatten, if no product comes first.
template <class Net, std::size_t I>
constexpr image features_before() {
  if constexpr (I == 0) {
    return image_of(Net::input);
  } else {
    using previous = meta::at<typename Net::placed_layers, I - 1>;
    constexpr layer_role kind = previous::layer::kind;
    if constexpr (kind == layer_role::product || kind == layer_role::pooling) {
      return image_of(typename previous::output_type{});
    } else {
      return features_before<Net, I - 1>();
    }
  }
}

}  // namespace detail

// Where feature `outside` (channels first) of an image lies inside (channels last).
constexpr std::size_t inside_order(const image& of, std::size_t outside) {
  return outside % of.pixels() * of.channels + outside / of.pixels();
}

}  // namespace tesela
