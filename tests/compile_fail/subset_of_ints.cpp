// expected-error: mistake<"tesela: subset expects positions as std::uint32_t in one piece, but gets std::vector<int>: write std::vector<std::uint32_t> positions{...}">
// SPDX-License-Identifier: MIT
// Positions count from 0.
#include "tesela/data/dataset.hpp"

#include <cstdint>
#include <vector>

namespace ts = tesela;

auto some(const ts::data::dataset& samples) {
#ifdef TESELA_MISTAKE
  return samples.subset(std::vector<int>{0, 2});
#else
  return samples.subset(std::vector<std::uint32_t>{0, 2});
#endif
}
