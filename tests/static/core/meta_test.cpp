// SPDX-License-Identifier: MIT
// Lists of types: size and look-up, and loops over indices in both directions.
#include "tesela/core/meta.hpp"

#include <array>
#include <type_traits>

namespace meta = tesela::meta;

struct incomplete;
using three = meta::list<int, incomplete, int&>;
static_assert(meta::list<>::size == 0 && three::size == 3);
static_assert(std::is_same_v<meta::at<three, 0>, int>);
static_assert(std::is_same_v<meta::at<three, 1>, incomplete>);
static_assert(std::is_same_v<meta::at<three, 2>, int&>);

constexpr auto visited(auto loop) {
  std::array<std::size_t, 4> order{};
  std::size_t count = 0;
  loop([&](auto i) { order[count++] = i() + 1; });
  return order;
}
static_assert(visited([](auto f) { meta::for_each_index<4>(f); }) ==
              std::array<std::size_t, 4>{1, 2, 3, 4});
static_assert(visited([](auto f) { meta::for_each_index_backwards<4>(f); }) ==
              std::array<std::size_t, 4>{4, 3, 2, 1});
static_assert(visited([](auto f) { meta::for_each_index<0>(f); }) == std::array<std::size_t, 4>{});

// The index is a constant.
constexpr std::size_t bytes() {
  std::size_t total = 0;
  meta::for_each_index<3>([&](auto i) { total += sizeof(char[i() + 1]); });
  return total;
}
static_assert(bytes() == 1 + 2 + 3);
