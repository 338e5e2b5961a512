// SPDX-License-Identifier: MIT
#include "tesela/kernel/denormals.hpp"

#include <boost/test/unit_test.hpp>

#include <limits>

namespace {

// Half of the smallest normal number, at run time.
float half_of_the_smallest() {
  volatile float smallest = std::numeric_limits<float>::min();
  volatile float half = 0.5f;
  return smallest * half;
}

BOOST_AUTO_TEST_SUITE(denormals)

BOOST_AUTO_TEST_CASE(denormals_are_zero_inside_the_scope_and_numbers_again_behind_it) {
  BOOST_TEST(half_of_the_smallest() > 0.0f);
  {
    const tesela::flush_denormals scope;
    BOOST_TEST(half_of_the_smallest() == 0.0f);
    {
      const tesela::flush_denormals nested;
      BOOST_TEST(half_of_the_smallest() == 0.0f);
    }
    BOOST_TEST(half_of_the_smallest() == 0.0f);
  }
  BOOST_TEST(half_of_the_smallest() > 0.0f);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
