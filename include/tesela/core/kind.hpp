// SPDX-License-Identifier: MIT
// What a wrong argument is called in a sentence: "a number", "text", "a network", or its type.
#pragma once

#include "tesela/core/text.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace tesela::detail {

// Specialised beside the types of the library: what_is<network<...>> is "a network".
template <class T>
inline constexpr std::string_view what_is{};

// The name of a type as the compiler writes it, without "tesela::", cut where it is long.
template <class T>
constexpr sentence type_name() {
  std::string_view words = __PRETTY_FUNCTION__;  // "... [with T = int]" or "... [T = int]"
  words.remove_prefix(words.find("T = ") + 4);
  words.remove_suffix(1);
  words = words.substr(0, words.find("; "));
  if (words.find("lambda") != words.npos) return "a lambda";
  // A class inside a function: its own name alone.
  if (const std::size_t scope = words.rfind(")::"); scope != words.npos) words.remove_prefix(scope + 3);
  constexpr std::size_t longest = 48;
  constexpr std::string_view home = "tesela::";
  sentence name;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words.substr(i).starts_with(home)) {
      i += home.size() - 1;
      continue;
    }
    if (name.size() == longest) return name << "...";
    name << words.substr(i, 1);
  }
  return name;
}

// T without references and cv; arrays of characters are text.
template <class Given>
constexpr sentence kind_of() {
  using T = std::remove_cvref_t<Given>;
  if constexpr (!what_is<T>.empty()) {
    return what_is<T>;
  } else if constexpr (std::is_same_v<T, bool>) {
    return "true or false";
  } else if constexpr (std::is_integral_v<T>) {
    return "a number";
  } else if constexpr (std::is_floating_point_v<T>) {
    return "a floating-point number";
  } else if constexpr (std::is_null_pointer_v<T>) {
    return "nullptr";
  } else if constexpr (std::is_convertible_v<Given, std::string_view>) {
    return "text";
  } else if constexpr (std::is_function_v<std::remove_pointer_t<T>>) {
    return "a function";
  } else if constexpr (std::is_pointer_v<T>) {
    return sentence("a pointer to ") << kind_of<std::remove_pointer_t<T>>();
  } else {
    return type_name<T>();
  }
}

// "a, b and c" of the kinds of what was given.
template <class... Given>
constexpr sentence kinds_of() {
  if constexpr (sizeof...(Given) == 0) {
    return "nothing";
  } else {
    sentence words;
    std::size_t left = sizeof...(Given);
    ((words << kind_of<Given>() << (--left == 0 ? "" : left == 1 ? " and " : ", ")), ...);
    return words;
  }
}

// Takes whatever is given for it, so that a misspelt or mistyped option can be answered.
struct anything {
  constexpr anything() = default;
  template <class T>
  constexpr anything(const T&) {}
};

}  // namespace tesela::detail
