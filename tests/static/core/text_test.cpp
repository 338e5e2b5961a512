// SPDX-License-Identifier: MIT
// Sentences built at compile time, and text as a template argument.
#include "tesela/core/text.hpp"

#include <limits>

using tesela::sentence, tesela::text;

static_assert(sentence().empty() && sentence().size() == 0 && sentence() == "");
static_assert(sentence("layer ") == "layer ");
static_assert((sentence("layer ") << 5 << " linear<" << 120 << ">") == "layer 5 linear<120>");
static_assert((sentence() << std::size_t{0}) == "0");
static_assert((sentence() << 10) == "10");
static_assert((sentence() << std::numeric_limits<std::size_t>::max()) == "18446744073709551615");
static_assert((sentence("a") << sentence("b") << "c") == "abc");
static_assert(!(sentence("ab") == "a") && !(sentence("a") == "ab"));

// Full to the last character.
constexpr sentence filled(std::size_t characters) {
  sentence words;
  for (std::size_t i = 0; i < characters; ++i) words << "x";
  return words;
}
static_assert(filled(sentence::capacity).size() == sentence::capacity);

// A sentence and a text can be template arguments, and equal ones are the same argument.
template <sentence S>
struct told {
  static constexpr std::size_t size = S.size();
};
static_assert(told<sentence("twelve chars")>::size == 12);

template <text T>
constexpr bool is_relu = T.view() == "relu";
static_assert(is_relu<"relu"> && !is_relu<"relu ">);
static_assert(text("").view().empty());
