// SPDX-License-Identifier: MIT
// Where each weight lies in the arena: inside as [kernel row][output][kernel column][input]
// (kernel/geometry.hpp), and behind a flatten the inputs are in the kernels' order.
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/network/feature_order.hpp"
#include "tesela/network/stages.hpp"

#include <array>
#include <cstddef>
#include <span>

namespace tesela::detail {

// The parameters of a product or of an affine map: which they are, and where each element lies in the
// arena. An affine map counts as a product of one input.
struct parameter_map {
  std::size_t layer = 0;
  convolution geometry;
  image features;  // of the input, behind a flatten
  bool linear = false;
  std::size_t weights = 0, bias = 0;  // first float in the arena
  bool affine = false;

  // Element i of the weight tensor, row-major.
  constexpr std::size_t weight_at(std::size_t i) const {
    if (affine) return weights + inside_order(features, i);
    const grid k = geometry.kernel;
    const std::size_t kx = i % k.columns, ky = i / k.columns % k.rows;
    const std::size_t in = i / k.size() % geometry.in.channels;
    const std::size_t out = i / k.size() / geometry.in.channels;
    const std::size_t inside = linear ? inside_order(features, in) : in;
    return weights + (ky * geometry.out.channels + out) * geometry.weight_row() +
           kx * geometry.in.channels + inside;
  }
  constexpr std::size_t bias_at(std::size_t i) const {
    return bias + (affine ? inside_order(features, i) : i);
  }
};

// Of every product. A table and no code, as is what reads it below: a layer more costs the compiler
// next to nothing.
template <class Net, class Stages>
struct parameter_table;
template <class Net, class... Stage>
struct parameter_table<Net, meta::list<Stage...>> {
  using stages = meta::list<Stage...>;
  static constexpr std::size_t size =
      (std::size_t{0} + ... + ((Stage::is_product ? 1 : 0) + (Stage::around::maps ? 1 : 0)));
  static constexpr auto maps = [] {
    std::array<parameter_map, size> result{};
    std::size_t stage = 0, product = 0;
    const auto add = [&]<class S>() {
      const std::size_t at = parameter_layout<stages>::offsets[stage++];
      if constexpr (S::is_product) {
        result[product++] = {S::index,      S::geometry, features_before<Net, S::index>(),
                             S::flat_input, at,          at + S::bias_offset};
      }
      if constexpr (S::around::maps) {
        constexpr std::size_t channels = S::around::channels;
        using placed = meta::at<typename Net::placed_layers, S::around::map_layer>;
        const image features = placed::input_type::rank == 1 ? features_before<Net, S::around::map_layer>()
                                                             : image{channels, 1, 1};
        const std::size_t first = at + S::affine_offset;
        result[product++] = {S::around::map_layer, {.in = {1, 1, 1}, .out = {channels, 1, 1}}, features, false,
                             first, first + S::around::pitch, true};
      }
    };
    (add.template operator()<Stage>(), ...);
    return result;
  }();
};
template <class Net>
constexpr std::span<const parameter_map> parameter_maps() {
  return parameter_table<Net, stages_of<Net>>::maps;
}

}  // namespace tesela::detail
