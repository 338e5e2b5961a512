// SPDX-License-Identifier: MIT
// How a mistake is told at compile time: one sentence, in the first line that says "error:".
//
// The sentence becomes the template argument of a class that is never defined; naming the class is
// harmless, needing it is the error, and the compiler prints the argument. g++ prints it whole. clang
// shortens a character array beyond about 30 characters, so there it is cut into pieces at blanks:
//
//   g++    error: ... 'tesela::mistake<text<53>{"layer 5 linear<120> expects a flat input, ..."}>'
//   clang  error: ... 'tesela::mistake<text<21>{"layer 5 linear<120> "}, text<28>{"expects ..."}>'
#pragma once

#include "tesela/core/text.hpp"

#include <array>
#include <cstddef>
#include <utility>

namespace tesela {

template <text... Sentence>
struct mistake;  // undefined on purpose: its template arguments are the message

namespace detail {

#if defined(__clang__)
inline constexpr std::size_t longest_piece = 30;
#else
inline constexpr std::size_t longest_piece = sentence::capacity;
#endif

struct piece {
  std::size_t begin = 0, end = 0;
};

struct pieces {
  std::array<piece, sentence::capacity> at{};
  std::size_t count = 0;
};

// Cuts behind blanks, so that every piece but one with a very long word fits `longest`.
constexpr pieces cut(const sentence& s, std::size_t longest = longest_piece) {
  pieces result;
  std::size_t begin = 0, last_blank = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (i - begin >= longest && last_blank > begin) {
      result.at[result.count++] = {begin, last_blank};
      begin = last_blank;
    }
    if (s.characters[i] == ' ') last_blank = i + 1;
  }
  result.at[result.count++] = {begin, s.size()};
  return result;
}

template <sentence S, piece P>
constexpr auto piece_text() {
  text<P.end - P.begin + 1> result;
  for (std::size_t i = P.begin; i < P.end; ++i) result.value[i - P.begin] = S.characters[i];
  result.value[P.end - P.begin] = '\0';  // clang 16 prints numbers where this zero is never written
  return result;
}

template <sentence S, class Indices>
struct told;

template <sentence S, std::size_t... I>
struct told<S, std::index_sequence<I...>> {
  using type = mistake<piece_text<S, cut(S).at[I]>()...>;
};

}  // namespace detail

// The class that cannot be completed and says why.
template <sentence S>
using mistake_of =
    typename detail::told<S, std::make_index_sequence<detail::cut(S).count>>::type;

// `return refuse<mistake_of<S>>();` is the compile-time error. The result is deduced, here and in the
// caller, so that compilers take whatever is made of it for an error already told: no second one follows.
template <class Mistake>
constexpr auto refuse() {
  return sizeof(Mistake);
}

}  // namespace tesela
