// SPDX-License-Identifier: MIT
// Weights as the world outside knows them: PyTorch's names, shapes and order.
//
// A network's tensors are "0.weight", "0.bias", "3.weight", ... as in the state_dict of the
// nn.Sequential of the same layers. Inside, weights lie as [kernel row][output][kernel column][input]
// (kernel/geometry.hpp), and behind a flatten the inputs are in the kernels' order.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/core/meta.hpp"
#include "tesela/network/feature_order.hpp"
#include "tesela/network/stages.hpp"
#include "tesela/tensor/named_tensor.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tesela {

namespace detail {

// A product's parameters: which they are, and where each element lies in the arena.
struct parameter_map {
  std::size_t layer = 0;
  convolution geometry;
  image features;       // of the input, behind a flatten
  bool linear = false;
  std::size_t weights = 0, bias = 0;  // first float in the arena

  [[gnu::cold]] std::vector<std::size_t> weight_shape() const {
    if (linear) return {geometry.out.channels, geometry.in.channels};
    return {geometry.out.channels, geometry.in.channels, geometry.kernel.rows,
            geometry.kernel.columns};
  }

  // Element i of the weight tensor, row-major in `weight_shape`.
  std::size_t weight_at(std::size_t i) const {
    const grid k = geometry.kernel;
    const std::size_t kx = i % k.columns, ky = i / k.columns % k.rows;
    const std::size_t in = i / k.size() % geometry.in.channels;
    const std::size_t out = i / k.size() / geometry.in.channels;
    const std::size_t inside = linear ? inside_order(features, in) : in;
    return weights + (ky * geometry.out.channels + out) * geometry.weight_row() +
           kx * geometry.in.channels + inside;
  }
};

// Of every product. A table and no code, as is what reads it below: a layer more costs the compiler
// next to nothing.
template <class Net, class Stages>
struct parameter_table;
template <class Net, class... Stage>
struct parameter_table<Net, meta::list<Stage...>> {
  using stages = meta::list<Stage...>;
  static constexpr std::size_t size = (std::size_t{0} + ... + (Stage::is_product ? 1 : 0));
  static constexpr auto maps = [] {
    std::array<parameter_map, size> result{};
    std::size_t stage = 0, product = 0;
    const auto add = [&]<class S>() {
      const std::size_t at = parameter_layout<stages>::offsets[stage++];
      if constexpr (S::is_product) {
        result[product++] = {S::index,      S::geometry, features_before<Net, S::index>(),
                             S::flat_input, at,          at + S::bias_offset};
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

[[gnu::cold]] inline std::string shape_text(std::span<const std::size_t> shape) {
  std::string words;
  for (std::size_t extent : shape) {
    if (!words.empty()) words += 'x';
    words += std::to_string(extent);
  }
  return words.empty() ? "scalar" : words;
}

inline std::vector<named_tensor> tensors_of(std::span<const parameter_map> maps,
                                            std::span<const float> arena) {
  std::vector<named_tensor> tensors;
  for (const parameter_map& map : maps) {
    named_tensor weight{std::to_string(map.layer) + ".weight", map.weight_shape(), {}};
    weight.values.resize(map.geometry.weight_count());
    for (std::size_t i = 0; i < weight.values.size(); ++i) {
      weight.values[i] = arena[map.weight_at(i)];
    }
    tensors.push_back(std::move(weight));
    const std::size_t outputs = map.geometry.out.channels;
    const auto bias = arena.subspan(map.bias, outputs);
    tensors.push_back(
        {std::to_string(map.layer) + ".bias", {outputs}, {bias.begin(), bias.end()}});
  }
  return tensors;
}

inline void load_tensors(std::span<const parameter_map> maps, std::span<float> arena,
                         std::span<const named_tensor> tensors) {
  const auto find = [&](const std::string& name, std::span<const std::size_t> shape) {
    const named_tensor* found = nullptr;
    for (const named_tensor& tensor : tensors) {
      if (tensor.name != name) continue;
      if (found != nullptr) throw io_error("tensor " + name + " is given twice");
      found = &tensor;
    }
    if (found == nullptr) {
      throw io_error("tensor " + name + " (" + shape_text(shape) + ") is missing");
    }
    std::size_t count = 1;
    for (std::size_t extent : shape) count *= extent;
    if (!std::equal(shape.begin(), shape.end(), found->shape.begin(), found->shape.end())) {
      throw io_error("tensor " + name + " should be " + shape_text(shape) + ", but is " +
                     shape_text(found->shape));
    }
    if (found->values.size() != count) {
      throw io_error("tensor " + name + " should have " + std::to_string(count) +
                     " values, but has " + std::to_string(found->values.size()));
    }
    return found;
  };

  struct pair {
    const named_tensor *weight, *bias;
  };
  std::vector<pair> found;
  for (const parameter_map& map : maps) {
    const std::string name = std::to_string(map.layer);
    const std::size_t outputs[] = {map.geometry.out.channels};
    found.push_back({find(name + ".weight", map.weight_shape()), find(name + ".bias", outputs)});
  }
  if (tensors.size() != 2 * maps.size()) {
    for (const named_tensor& tensor : tensors) {
      bool known = false;
      for (const pair& p : found) known = known || &tensor == p.weight || &tensor == p.bias;
      if (!known) throw io_error("tensor " + tensor.name + " belongs to no layer of the network");
    }
  }
  for (std::size_t m = 0; m < maps.size(); ++m) {
    const std::vector<float>& weight = found[m].weight->values;
    for (std::size_t i = 0; i < weight.size(); ++i) arena[maps[m].weight_at(i)] = weight[i];
    std::copy(found[m].bias->values.begin(), found[m].bias->values.end(),
              arena.begin() + static_cast<std::ptrdiff_t>(maps[m].bias));
  }
}

}  // namespace detail

// The tensors of an arena of parameters (or of gradients, which lie the same way).
template <class Net>
std::vector<named_tensor> state_dict_of(std::span<const float> arena) {
  return detail::tensors_of(detail::parameter_maps<Net>(), arena);
}

// Copies tensors into an arena. All of them must be there, once, with their shapes, and no others;
// otherwise io_error says what is wrong and nothing is changed.
template <class Net>
void load_state_dict_into(std::span<float> arena, std::span<const named_tensor> tensors) {
  detail::load_tensors(detail::parameter_maps<Net>(), arena, tensors);
}

}  // namespace tesela
