// SPDX-License-Identifier: MIT
// Text that exists at compile time: sentences that are built, and text as a template argument.
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

namespace tesela {

// Text as a template argument, and the type in which compilers print it.
template <std::size_t N>
struct text {
  char value[N]{};  // N - 1 characters and the terminating zero, so that compilers print a string

  constexpr text() = default;
  constexpr text(const char (&literal)[N]) {
    for (std::size_t i = 0; i < N; ++i) value[i] = literal[i];
  }
  // variable<2, 3>: a number where a name belongs. The name is empty, which variable, activation, loss and
  // once refuse.
  template <std::integral Number>
    requires(N == 1)
  constexpr text(Number) {}
  constexpr std::string_view view() const { return {value, N - 1}; }
};
template <std::integral Number>
text(Number) -> text<1>;

// A sentence under construction. It never allocates; what does not fit its 384 characters is a
// compile-time error (an index out of range in a constant expression).
class sentence {
 public:
  static constexpr std::size_t capacity = 384;

  constexpr sentence() = default;
  constexpr sentence(std::string_view words) { *this << words; }
  constexpr sentence(const char* words) : sentence(std::string_view(words)) {}

  constexpr sentence& operator<<(std::string_view words) {
    for (char c : words) characters[length++] = c;
    return *this;
  }
  constexpr sentence& operator<<(const char* words) { return *this << std::string_view(words); }
  constexpr sentence& operator<<(const sentence& words) { return *this << words.view(); }
  // Whole numbers, negative ones too: `linear<-1>` is shown as it was written.
  template <std::integral Number>
  constexpr sentence& operator<<(Number value) {
    if constexpr (std::is_signed_v<Number>) {
      if (value < 0) characters[length++] = '-';
    }
    auto number = static_cast<unsigned long long>(value);
    if constexpr (std::is_signed_v<Number>) {
      if (value < 0) number = 0 - number;
    }
    char digits[20]{};
    std::size_t count = 0;
    do {
      digits[count++] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    while (count != 0) characters[length++] = digits[--count];
    return *this;
  }

  constexpr std::string_view view() const { return {characters, length}; }
  constexpr std::size_t size() const { return length; }
  constexpr bool empty() const { return length == 0; }
  friend constexpr bool operator==(const sentence& a, std::string_view b) { return a.view() == b; }

  // Public, so that a sentence is a structural type; not for callers.
  char characters[capacity]{};
  std::size_t length = 0;
};

// A finished sentence as a template argument.
template <sentence S>
constexpr auto text_of() {
  text<S.size() + 1> result;
  for (std::size_t i = 0; i < S.size(); ++i) result.value[i] = S.characters[i];
  result.value[S.size()] = '\0';  // clang 16 prints numbers where this zero is never written
  return result;
}

}  // namespace tesela
