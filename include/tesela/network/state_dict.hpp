// SPDX-License-Identifier: MIT
// Weights as the world outside knows them: PyTorch's names, shapes and order.
//
// A network's tensors are "0.weight", "0.bias", "3.weight", ... as in the state_dict of the
// nn.Sequential of the same layers; parameter_map.hpp says where their elements lie.
#pragma once

#include "tesela/network/no_setting.hpp"
#include "tesela/network/parameter_map.hpp"
#include "tesela/tensor/named_tensor.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace tesela {

namespace detail {

std::vector<named_tensor> tensors_of(std::span<const parameter_map> maps,
                                     std::span<const float> arena);
void load_tensors(std::span<const parameter_map> maps, std::span<float> arena,
                  std::span<const named_tensor> tensors);

std::size_t tensor_called(std::string_view name, std::span<const named_tensor> among);

}  // namespace detail

// Several tensors: a std::vector in which they are also found by their names.
//
//   model.state_dict()["0.weight"].shape
class named_tensors : public std::vector<named_tensor>, public detail::no_setting {
 public:
  using std::vector<named_tensor>::vector;
  named_tensors(std::vector<named_tensor> tensors) : vector(std::move(tensors)) {}

  using std::vector<named_tensor>::operator[];
  // Throws usage_error where there is none.
  const named_tensor& operator[](std::string_view name) const {
    return data()[detail::tensor_called(name, *this)];
  }
  named_tensor& operator[](std::string_view name) {
    return data()[detail::tensor_called(name, *this)];
  }
};

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

#ifndef TESELA_COMPILED
#include "tesela/network/state_dict.ipp"
#endif
