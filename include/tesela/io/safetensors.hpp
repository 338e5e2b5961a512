// SPDX-License-Identifier: MIT
// Tensors in a safetensors file: what PyTorch, JAX and every model hub read and write.
//
//   eight bytes: length of the header, little-endian | header: JSON | payload: the values,
//   row-major
//
// Writing is all or nothing. Reading trusts nothing: every claim of the header is checked against
// the file before memory for a single value is taken, and the ranges must cover the payload
// exactly, so that nothing can hide between them. Payload values are taken as they are: NaN,
// infinities, denormals and -0 come back bit for bit, since a checkpoint of a diverged run must be
// readable. Only F32 is read: rounding another type silently would change a model nobody asked to
// change.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/io/misuse.hpp"
#include "tesela/tensor/named_tensor.hpp"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace tesela::io {

struct safetensors_content {
  std::vector<named_tensor> tensors;  // in the order of their data
  std::map<std::string, std::string> metadata;
};

// Throws usage_error when the tensors contradict themselves, io_error when the system refuses; what
// stood at `path` is then as it was.
void write_safetensors(const std::filesystem::path& path, std::span<const named_tensor> tensors,
                       const std::map<std::string, std::string>& metadata = {});

template <class... Given>
  requires Wrong<detail::write_call<Given...>>
auto write_safetensors(Given&&...) {
  return sizeof(tell<mistake_in<detail::write_call<Given...>>>());
}

// Throws io_error where a file of that path could not be written.
void check_can_write(const std::filesystem::path& path);

safetensors_content read_safetensors(const std::filesystem::path& path);

template <class... Given>
  requires Wrong<detail::read_call<Given...>>
auto read_safetensors(Given&&...) {
  return sizeof(tell<mistake_in<detail::read_call<Given...>>>());
}

// Writes a model's weights, under PyTorch's names: io::save_safetensors(model, "cnn.safetensors").
template <StateSource Model>
[[gnu::cold]] void save_safetensors(const Model& model, const std::filesystem::path& path) {
  const std::vector<named_tensor> state = model.state_dict();
  write_safetensors(path, state);
}

// Gives a model the weights of a file, whoever wrote it. Throws io_error, and changes nothing, when
// names or shapes are not the model's.
template <StateTarget Model>
[[gnu::cold]] void load_safetensors(Model& model, const std::filesystem::path& path) {
  const safetensors_content content = read_safetensors(path);
  try {
    model.load_state_dict(std::span<const named_tensor>(content.tensors));
  } catch (const error& refusal) {
    throw io_error(compose("cannot load '{}': {}", path.string(), refusal.what()));
  }
}

template <class... Given>
requires Wrong<detail::save_call<Given...>>
auto save_safetensors(Given&&...) {
  return sizeof(tell<mistake_in<detail::save_call<Given...>>>());
}
template <class... Given>
requires Wrong<detail::load_call<Given...>>
auto load_safetensors(Given&&...) {
  return sizeof(tell<mistake_in<detail::load_call<Given...>>>());
}

}  // namespace tesela::io

#ifndef TESELA_COMPILED
#include "tesela/io/safetensors.ipp"
#endif
