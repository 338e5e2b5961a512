// SPDX-License-Identifier: MIT
// A tensor outside any network: a name, a shape, its values; the currency between models and files.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace tesela {

// `values` has the product of `shape` elements, row-major (the last axis is contiguous).
struct named_tensor {
  std::string name;
  std::vector<std::size_t> shape;
  std::vector<float> values;
};

}  // namespace tesela
