// SPDX-License-Identifier: MIT
// Sentences with values in them: fmt's syntax and formatting, without the time its templates take.
//
//   compose("layer {} has {:.2f} MB", index, size)
//
// fmt::format instantiates some forty functions for every list of argument types, most of them to
// check the text; with the sentences of this library that was a sixth of the time it takes to read
// all headers. Here the compiler checks that there are as many values as places for them and turns each
// value into one of a few kinds; a wrong specification behind a ':' throws when it is used.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

#include <fmt/core.h>

namespace tesela {

namespace detail {

using format_value = fmt::basic_format_arg<fmt::format_context>;

template <class Kind>
format_value format_value_of(Kind value) {
  return fmt::format_args(fmt::make_format_args(value)).get(0);
}

// Texts are referred to, numbers copied.
template <class Value>
format_value as_format_value(const Value& value) {
  if constexpr (std::is_convertible_v<const Value&, std::string_view>) {
    return format_value_of<std::string_view>(value);
  } else if constexpr (std::same_as<Value, char> || std::floating_point<Value>) {
    return format_value_of<Value>(value);
  } else if constexpr (std::signed_integral<Value>) {
    return format_value_of<long long>(value);
  } else {
    static_assert(std::unsigned_integral<Value> && !std::same_as<Value, bool>);
    return format_value_of<unsigned long long>(value);
  }
}

template <std::size_t Places>
struct composition {
  const char* text;

  consteval composition(const char* given) : text(given) {
    std::size_t places = 0;
    for (; *given != '\0'; ++given) {
      if (*given == '{' && given[1] == '{') {
        ++given;
      } else if (*given == '{' && given[1] >= '0' && given[1] <= '9') {  // numbered: {0}, {1}
        places = std::max(places, static_cast<std::size_t>(given[1] - '0') + 1);
      } else if (*given == '{') {
        ++places;
      }
    }
    if (places != Places) throw "as many values are needed as the text has places";
  }
};

[[gnu::cold]] inline std::string composed(const char* text, const format_value* values, int count) {
  return fmt::vformat(text, fmt::format_args(values, count));
}

}  // namespace detail

template <class... Values>
std::string compose(detail::composition<sizeof...(Values)> text, const Values&... values) {
  const detail::format_value list[] = {detail::as_format_value(values)...};
  return detail::composed(text.text, list, static_cast<int>(sizeof...(Values)));
}

}  // namespace tesela
