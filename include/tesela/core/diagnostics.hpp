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
#include <type_traits>
#include <utility>

namespace tesela {

template <text... Sentence>
struct mistake;  // undefined: its arguments are the message, and docs/errors.md says what to do

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

// Cuts behind blanks, and in a word only where it is longer than a piece.
constexpr pieces cut(const sentence& s, std::size_t longest = longest_piece) {
  pieces result;
  std::size_t begin = 0, last_blank = 0;
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (i - begin >= longest) {
      const std::size_t end = last_blank > begin ? last_blank : i;
      result.at[result.count++] = {begin, end};
      begin = end;
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

// Never defined. sizeof(tell<Mistake>()) is the error, and g++ names the mistake alone: sizeof(Mistake)
// would name it by all aliases it came through, and what they were made of.
template <class Mistake>
Mistake& tell();

// The compile-time error is `return sizeof(tell<mistake_of<S>>());` in a function template whose result
// is deduced: compilers take whatever is made of the result for an error already told, and no second one
// follows. The function calls no other to say so, which keeps the list of instantiations short.

// A check is a class with `static constexpr sentence complaint`, empty where nothing is wrong. It
// hangs on the types of a call, so it is asked before anything is instantiated for that call.
template <class Check>
concept Wrong = !Check::complaint.empty();

namespace detail {

template <class Check>
struct told_by {
  static constexpr sentence complaint = Check::complaint;
  using mistake = mistake_of<complaint>;
};

}  // namespace detail

// What an overload that takes the wrong arguments of a call returns the size of.
template <class Check>
using mistake_in = typename detail::told_by<Check>::mistake;

namespace detail {

// Base of a class that stands for an object refused where it is made. The class has a member
//
//   char told[sizeof(tell<mistake_in<Check>>())];
//
// of its own, so making it tells the mistake, once. clang is silent about whatever is done with the
// object afterwards; for g++ the class has the members of the object it stands for, declared to take
// anything.
struct refused {};

template <class T>
inline constexpr bool is_refused = std::is_base_of_v<refused, std::remove_cvref_t<T>>;

}  // namespace detail

}  // namespace tesela
