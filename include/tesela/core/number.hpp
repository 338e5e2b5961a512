// SPDX-License-Identifier: MIT
// A number out of a text, all of it or nothing, in every locale.
#pragma once

#include <charconv>
#include <cmath>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <locale.h>  // newlocale,
#include <stdlib.h>  // strtod_l: both are not of C++ but of the system

namespace tesela::detail {

// As std::from_chars reads a floating-point number, for libraries that lack it: libc++ before 20.
template <class Number>
[[gnu::cold]] bool read_as_strtod_does(std::string_view words, Number& value) {
  // What strtod takes and from_chars does not: blanks, a plus, hexadecimal digits.
  if (words.empty() || words.find_first_of(" \t\n\v\f\r+xX") == 0 ||
      words.find_first_of("xX") != words.npos) {
    return false;
  }
  static const locale_t plain = newlocale(LC_ALL_MASK, "C", locale_t{});
  const std::string text(words);  // it ends in a zero
  char* end = nullptr;
  if constexpr (std::is_same_v<Number, float>) {
    value = strtof_l(text.c_str(), &end, plain);
  } else {
    value = strtod_l(text.c_str(), &end, plain);
  }
  if (end != text.c_str() + text.size()) return false;
  // Too large or too small for the type: infinity and zero, where the text says neither.
  const std::string_view digits = words.substr(0, words.find_first_of("eE"));
  const bool neither = digits.find_first_of("123456789") != digits.npos;
  return !(neither && (std::isinf(value) || value == 0));
}

// Whether all of `words` is a number that `value` can hold.
template <class Number>
[[gnu::cold]] bool read_number(std::string_view words, Number& value) {
  const char *first = words.data(), *last = words.data() + words.size();
  if constexpr (requires { std::from_chars(first, last, value); }) {
    const auto [end, failure] = std::from_chars(first, last, value);
    return failure == std::errc{} && end == last;
  } else {
    return read_as_strtod_does(words, value);
  }
}

}  // namespace tesela::detail
