// SPDX-License-Identifier: MIT
// Numbers out of texts: both ways of reading them agree, on what they take as on what they refuse.
#include "tesela/core/number.hpp"

#include <boost/test/unit_test.hpp>

#include <bit>
#include <clocale>
#include <cstdint>
#include <string_view>

namespace {

using namespace tesela::detail;

BOOST_AUTO_TEST_SUITE(numbers)

BOOST_AUTO_TEST_CASE(are_read_alike_with_and_without_from_chars) {
  std::setlocale(LC_ALL, "de_DE.UTF-8");  // a comma for a point, where the machine knows Germany
  for (const std::string_view words :
       {"0",    "-0",   "1.5",      "-2.75e-3", "0.1", "1e308", "4.9e-324", "inf",
        "-inf", "nan",  "1e309",    "1e999",    "",    " 1",    "+1",       "1 ",
        "1,5",  "0x10", "1e",       "1.5.2",    "-",   "--1",   "1e-400",   "abc",
        ".5",   "5.",   "infinity", "1.5f",     "\t2", "0e5"}) {
    double found = 7, expected = 7;
    const bool taken = read_as_strtod_does(words, found), wanted = read_number(words, expected);
    BOOST_TEST(taken == wanted, "'" << words << "'");
    if (taken && wanted) {
      BOOST_TEST(std::bit_cast<std::uint64_t>(found) == std::bit_cast<std::uint64_t>(expected),
                 "'" << words << "'");
    }
  }
  std::setlocale(LC_ALL, "C");
}

BOOST_AUTO_TEST_CASE(fit_their_type_or_are_refused) {
  std::uint64_t whole = 0;
  BOOST_TEST(read_number("18446744073709551615", whole));
  BOOST_TEST(whole == UINT64_MAX);
  BOOST_TEST(!read_number("18446744073709551616", whole));
  BOOST_TEST(!read_number("1.0", whole));
  float single = 0;
  BOOST_TEST((read_number("0.1", single) && single == 0.1f));
  BOOST_TEST((read_as_strtod_does("0.1", single) && single == 0.1f));
  BOOST_TEST(!read_as_strtod_does("1e39", single));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
