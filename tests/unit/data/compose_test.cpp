// SPDX-License-Identifier: MIT
// compose: what fmt::format writes, for every kind of value that a sentence has.
#include "tesela/data/compose.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>

#include <boost/test/unit_test.hpp>
#include <fmt/format.h>

BOOST_AUTO_TEST_SUITE(data_compose)

BOOST_AUTO_TEST_CASE(every_kind_of_value_is_written_as_fmt_writes_it) {
  using tesela::compose;
  const std::string text = "of three";
  BOOST_TEST(compose("{} {} {}", "one", std::string_view("of two"), text) == "one of two of three");
  BOOST_TEST(compose("{}{}", 'a', 'b') == "ab");
  BOOST_TEST(compose("{} {} {}", -1, std::size_t(-1), std::numeric_limits<std::int64_t>::min()) ==
             "-1 18446744073709551615 -9223372036854775808");
  BOOST_TEST(compose("{} {}", std::uint8_t{255}, std::int8_t{-128}) == "255 -128");
  for (const double value :
       {0.0, -0.0, 1e-5, 0.1, 100000.0, 1e16, 5e-324, std::numeric_limits<double>::infinity()}) {
    BOOST_TEST(compose("{} {:.3g}", value, value) == fmt::format("{} {:.3g}", value, value));
    const auto single = static_cast<float>(value);
    BOOST_TEST(compose("{} {:.4f}", single, single) == fmt::format("{} {:.4f}", single, single));
  }
}

BOOST_AUTO_TEST_CASE(widths_and_braces_are_those_of_fmt) {
  using tesela::compose;
  BOOST_TEST(compose("{{{}}} {:>{}}|{:<5}|{:02}", 7, 3, std::size_t{4}, "ab", 5) ==
             "{7}    3|ab   |05");
  BOOST_TEST(compose("\\x{:02x}", 27U) == "\\x1b");
  BOOST_TEST(compose("{1} {0} {1}", "a", 2) == "2 a 2");
}

BOOST_AUTO_TEST_SUITE_END()
