// SPDX-License-Identifier: MIT
// Test only: the cases that record.py made, by name.
//
//   const recorded::values cnn("small_cnn");
//   model.load_state_dict(cnn.state("initial"));
//   compare(model.state_dict(), cnn.state("adam/after2"), 4 * cnn.float32_error("adam/after2"));
#pragma once

#include "tesela/io/safetensors.hpp"
#include "tesela/tensor/named_tensor.hpp"

#include <cstddef>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace recorded {

inline std::filesystem::path folder() {
#ifdef TESELA_TEST_DATA_DIR
  return std::filesystem::path(TESELA_TEST_DATA_DIR) / "data";
#else
  return std::filesystem::path(__FILE__).parent_path() / "data";
#endif
}

// One case. A name that is not in the file throws std::out_of_range, which fails the test with it.
class values {
 public:
  explicit values(std::string_view test_case)
      : case_(test_case),
        content_(tesela::io::read_safetensors(folder() / (case_ + ".safetensors"))) {}

  const tesela::named_tensor& tensor(std::string_view name) const {
    for (const tesela::named_tensor& t : content_.tensors) {
      if (t.name == name) return t;
    }
    throw std::out_of_range(case_ + " has no tensor " + std::string(name));
  }

  const std::vector<float>& operator[](std::string_view name) const { return tensor(name).values; }

  // A tensor of one value, such as "loss.0".
  float scalar(std::string_view name) const { return tensor(name).values.at(0); }

  // Class labels, stored as floats.
  template <class Label = std::size_t>
  std::vector<Label> labels(std::string_view name) const {
    std::vector<Label> result;
    for (const float value : tensor(name).values) result.push_back(static_cast<Label>(value));
    return result;
  }

  // All tensors of a group without its name: state("initial") has "0.weight", "0.bias", ...
  std::vector<tesela::named_tensor> state(std::string_view group) const {
    std::vector<tesela::named_tensor> result;
    const std::string prefix = std::string(group) + "/";
    for (const tesela::named_tensor& t : content_.tensors) {
      if (!t.name.starts_with(prefix)) continue;
      result.push_back({t.name.substr(prefix.size()), t.shape, t.values});
    }
    if (result.empty()) throw std::out_of_range(case_ + " has no group " + std::string(group));
    return result;
  }

  const std::string& text(std::string_view key) const {
    const auto found = content_.metadata.find(std::string(key));
    if (found == content_.metadata.end()) {
      throw std::out_of_range(case_ + " has no metadata " + std::string(key));
    }
    return found->second;
  }

  // A size of the case: "batch", "kernel", "stride", ...
  std::size_t number(std::string_view key) const { return std::stoul(text(key)); }

  // How far PyTorch's own float32 run was from these values: the scale for a tolerance.
  float float32_error(std::string_view group) const {
    return std::stof(text("float32_error/" + std::string(group)));
  }

 private:
  std::string case_;
  tesela::io::safetensors_content content_;
};

}  // namespace recorded
