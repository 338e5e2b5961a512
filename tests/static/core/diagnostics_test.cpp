// SPDX-License-Identifier: MIT
// How a sentence is cut for compilers that shorten long text: whole, or into pieces at blanks.
#include "tesela/core/diagnostics.hpp"

#include <string_view>
#include <type_traits>

using tesela::mistake, tesela::mistake_of, tesela::sentence, tesela::text;
using tesela::detail::cut, tesela::detail::piece_text, tesela::detail::pieces;

constexpr std::string_view part(const sentence& s, const pieces& cuts, std::size_t i) {
  return s.view().substr(cuts.at[i].begin, cuts.at[i].end - cuts.at[i].begin);
}

constexpr sentence spoken(
    "tesela: layer 5 linear<120> expects a flat input, but layer 4 gives 16x5x5");

// g++ prints any length: one piece.
static_assert(cut(spoken, sentence::capacity).count == 1);
static_assert(part(spoken, cut(spoken, sentence::capacity), 0) == spoken.view());

// clang prints 30 characters.
constexpr pieces short_pieces = cut(spoken, 30);
static_assert(short_pieces.count == 3);
static_assert(part(spoken, short_pieces, 0) == "tesela: layer 5 linear<120> ");
static_assert(part(spoken, short_pieces, 1) == "expects a flat input, but ");
static_assert(part(spoken, short_pieces, 2) == "layer 4 gives 16x5x5");

// Whatever the length: nothing is lost or said twice, and only a single word may be longer.
constexpr bool cuts_well(const sentence& s) {
  for (std::size_t longest = 1; longest <= sentence::capacity; ++longest) {
    const pieces cuts = cut(s, longest);
    sentence together;
    for (std::size_t i = 0; i < cuts.count; ++i) {
      const std::string_view words = part(s, cuts, i);
      if (words.empty() && !s.empty()) return false;
      bool blank_inside = false;
      for (std::size_t c = 0; c + 1 < words.size(); ++c) blank_inside |= words[c] == ' ';
      if (words.size() > longest && blank_inside) return false;
      together << words;
    }
    if (!(together == s.view())) return false;
  }
  return true;
}
static_assert(cuts_well(spoken));
static_assert(cuts_well(""));
static_assert(cuts_well("one"));
static_assert(cuts_well("a_word_that_is_much_longer_than_any_piece_may_be_and_has_no_blank"));
static_assert(cuts_well("short a_word_that_is_much_longer_than_any_piece_may_be short"));
static_assert(cuts_well("two  blanks   three    four and one at the end "));
static_assert(cuts_well("123456789 123456789 123456789 1"));  // a blank as the thirtieth character

// What the compiler prints is text with its terminating zero.
constexpr auto first = piece_text<spoken, short_pieces.at[0]>();
static_assert(first.view() == "tesela: layer 5 linear<120> ");
static_assert(sizeof(first.value) == first.view().size() + 1 &&
              first.value[first.view().size()] == 0);

// The same sentence is the same class, which nobody can complete.
static_assert(std::is_same_v<mistake_of<"short">, mistake<text("short")>>);
template <class T>
concept Complete = requires {
  sizeof(T);
};
static_assert(Complete<int> && !Complete<mistake_of<"short">>);
