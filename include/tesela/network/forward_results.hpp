// SPDX-License-Identifier: MIT
// What forward returns: a view of the results in the workspace.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"

#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tesela {

namespace detail {

template <class Number>
struct results_as_number {
  static constexpr sentence complaint =
      "tesela: forward gives all results of its samples, but here stands one number: write "
      "forward(samples, room)[0] for the first of them, or take them as std::span<const float>";
};

}  // namespace detail

// A std::span of the results, valid until the workspace's next use. A std::vector<float> made of it
// is a copy that stays.
template <std::size_t Count = std::dynamic_extent>
struct forward_results : std::span<const float, Count> {
  constexpr forward_results(std::span<const float, Count> results) : std::span<const float, Count>(results) {}

  operator std::vector<float>() const { return {this->begin(), this->end()}; }

  // Where one number is wanted. (Not size_t, which would make a std::vector of that many.)
  template <class Number>
    requires(std::is_floating_point_v<Number> || std::is_same_v<Number, int>)
  operator Number() const {
    (void)sizeof(tell<mistake_in<detail::results_as_number<Number>>>());
    return {};
  }
  template <class Number>
    requires std::is_arithmetic_v<Number>
  friend auto operator<=>(const forward_results&, const Number&) {
    return sizeof(tell<mistake_in<detail::results_as_number<Number>>>());
  }
  template <class Number>
    requires std::is_arithmetic_v<Number>
  friend auto operator==(const forward_results&, const Number&) {
    return sizeof(tell<mistake_in<detail::results_as_number<Number>>>());
  }
};

namespace detail {
template <std::size_t Count>
inline constexpr std::string_view what_is<forward_results<Count>> = "the results of forward";
}  // namespace detail

}  // namespace tesela

template <std::size_t Count>
inline constexpr bool std::ranges::enable_borrowed_range<tesela::forward_results<Count>> = true;
template <std::size_t Count>
inline constexpr bool std::ranges::enable_view<tesela::forward_results<Count>> = true;
