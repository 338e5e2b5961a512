// SPDX-License-Identifier: MIT
// A number as a template argument: leaky_relu_with<0.2>.
//
// Not every compiler takes a float there, so a `real` is the bits of one. Its text is the shortest
// decimal number that is this float: what the user wrote, as far as a float can tell.
#pragma once

#include "tesela/core/text.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>

namespace tesela {

struct real {
  std::uint32_t bits = 0;

  consteval real(double number) : bits(std::bit_cast<std::uint32_t>(static_cast<float>(number))) {}
  consteval real(int number) : real(static_cast<double>(number)) {}  // clang 16 takes no detour

  constexpr float value() const { return std::bit_cast<float>(bits); }
  constexpr bool finite() const { return (bits & 0x7f800000u) != 0x7f800000u; }
};

namespace detail {

constexpr double power_of_ten(int exponent) {
  double power = 1;
  for (; exponent > 0; --exponent) power *= 10;
  for (; exponent < 0; ++exponent) power /= 10;
  return power;
}

}  // namespace detail

// The number that the user wrote, as a double: the shortest decimal number that is this float. For finite
// ones; where 1 - 0.9 matters, a float's 0.9 is too far from it.
constexpr double decimal_of(real number) {
  const double size = number.value() < 0 ? -double{number.value()} : double{number.value()};
  if (size == 0) return 0;
  int exponent = 0;  // size is digit.digits * 10^exponent
  while (size >= 10 * detail::power_of_ten(exponent)) ++exponent;
  while (size < detail::power_of_ten(exponent)) --exponent;
  for (int count = 1; count <= 9; ++count) {
    const int last = exponent - count + 1;
    const auto digits =
        static_cast<double>(static_cast<std::uint64_t>(size / detail::power_of_ten(last) + 0.5));
    // A tenth is no double, ten is: dividing rounds once.
    const double decimal = last < 0 ? digits / detail::power_of_ten(-last)
                                    : digits * detail::power_of_ten(last);
    if (static_cast<float>(decimal) == static_cast<float>(size)) {
      return number.value() < 0 ? -decimal : decimal;
    }
  }
  return double{number.value()};
}

// "0.2", "20", "-1.5"; with an exponent, "1e-07", below 1e-4 and from 1e7 on.
constexpr sentence& operator<<(sentence& words, real number) {
  const float value = number.value();
  if (!number.finite()) return words << (value != value ? "nan" : value < 0 ? "-inf" : "inf");
  if (value < 0) words << "-";
  const double size = value < 0 ? -double{value} : double{value};
  if (size == 0) return words << "0";
  int exponent = 0;  // size is digit.digits * 10^exponent
  while (size >= 10 * detail::power_of_ten(exponent)) ++exponent;
  while (size < detail::power_of_ten(exponent)) --exponent;
  // The fewest digits, at most 9, that give the same float.
  std::uint64_t digits = 0;
  int count = 0;
  do {
    ++count;
    const double unit = detail::power_of_ten(exponent - count + 1);
    digits = static_cast<std::uint64_t>(size / unit + 0.5);
  } while (count < 9 && static_cast<float>(static_cast<double>(digits) *
                                           detail::power_of_ten(exponent - count + 1)) !=
                            static_cast<float>(size));
  if (static_cast<double>(digits) >= detail::power_of_ten(count)) {  // 9.9999998 is 10
    digits /= 10;
    ++exponent;
  }
  char text[9]{};
  for (int i = count; i-- > 0; digits /= 10) text[i] = static_cast<char>('0' + digits % 10);
  const auto from_to = [&](int from, int to) {
    for (int i = from; i < to; ++i) words << std::string_view(i < count ? &text[i] : "0", 1);
  };
  if (exponent < -4 || exponent >= 7) {
    from_to(0, 1);
    if (count > 1) words << ".";
    from_to(1, count);
    const int size_of = exponent < 0 ? -exponent : exponent;
    words << (exponent < 0 ? "e-" : "e+") << (size_of < 10 ? "0" : "");
    return words << static_cast<std::size_t>(size_of);
  }
  if (exponent < 0) {
    words << "0.";
    for (int i = -1; i > exponent; --i) words << "0";
    from_to(0, count);
    return words;
  }
  from_to(0, exponent + 1);
  if (count > exponent + 1) words << ".";
  from_to(exponent + 1, count);
  return words;
}

// What a template with numbers is called: parametrised<"elu_with", 0.5>() is "elu_with<0.5>".
template <text Name, real... Number>
constexpr sentence parametrised() {
  sentence words(Name.view());
  std::size_t i = 0;
  ((words << (i++ == 0 ? "<" : ","), words << Number), ...);
  return words << ">";
}

}  // namespace tesela
