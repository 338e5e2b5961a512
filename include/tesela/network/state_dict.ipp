// SPDX-License-Identifier: MIT
// Definitions of state_dict.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/network/parameter_map.hpp"
#include "tesela/network/state_dict.hpp"
#include "tesela/tensor/named_tensor.hpp"

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tesela::detail {

[[gnu::cold]] inline std::vector<std::size_t> weight_shape(const parameter_map& of) {
  const convolution& g = of.geometry;
  if (of.affine) return {g.out.channels};
  if (of.linear) return {g.out.channels, g.in.channels};
  return {g.out.channels, g.in.channels, g.kernel.rows, g.kernel.columns};
}

[[gnu::cold]] inline std::string shape_text(std::span<const std::size_t> shape) {
  std::string words;
  for (std::size_t extent : shape) {
    if (!words.empty()) words += 'x';
    words += std::to_string(extent);
  }
  return words.empty() ? "scalar" : words;
}

TESELA_INLINE std::vector<named_tensor> tensors_of(std::span<const parameter_map> maps,
                                            std::span<const float> arena) {
  std::vector<named_tensor> tensors;
  for (const parameter_map& map : maps) {
    named_tensor weight{std::to_string(map.layer) + ".weight", weight_shape(map), {}};
    weight.values.resize(map.geometry.weight_count());
    for (std::size_t i = 0; i < weight.values.size(); ++i) {
      weight.values[i] = arena[map.weight_at(i)];
    }
    tensors.push_back(std::move(weight));
    const std::size_t outputs = map.geometry.out.channels;
    named_tensor bias{std::to_string(map.layer) + ".bias", {outputs}, std::vector<float>(outputs)};
    for (std::size_t i = 0; i < outputs; ++i) bias.values[i] = arena[map.bias_at(i)];
    tensors.push_back(std::move(bias));
  }
  return tensors;
}

[[gnu::cold]] TESELA_INLINE std::size_t tensor_called(std::string_view name,
                                                      std::span<const named_tensor> among) {
  std::string names;
  for (std::size_t i = 0; i < among.size(); ++i) {
    if (among[i].name == name) return i;
    names.append(i == 0 ? "" : ", ").append(among[i].name);
  }
  throw usage_error("state: no tensor is called '" + std::string(name) + "', there are " +
                    (names.empty() ? "none" : names));
}

TESELA_INLINE void load_tensors(std::span<const parameter_map> maps, std::span<float> arena,
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
    found.push_back({find(name + ".weight", weight_shape(map)), find(name + ".bias", outputs)});
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
    const std::vector<float>& bias = found[m].bias->values;
    for (std::size_t i = 0; i < bias.size(); ++i) arena[maps[m].bias_at(i)] = bias[i];
  }
}

}  // namespace tesela::detail
