// SPDX-License-Identifier: MIT
// Test only: comparing tensors by their largest difference, with the place where it is.
#pragma once

#include "tesela/tensor/named_tensor.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>

// Every value within `tolerance` (absolute) of the expected one.
inline void check_close(const std::string& what, std::span<const float> found,
                        std::span<const float> expected, double tolerance) {
  BOOST_TEST_CONTEXT(what) {
    BOOST_TEST_REQUIRE(found.size() == expected.size());
    double worst = 0;
    std::size_t where = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
      const double difference = std::abs(double{found[i]} - double{expected[i]});
      if (!(difference <= worst)) worst = difference, where = i;  // NaN is the worst of all
    }
    BOOST_TEST(worst <= tolerance, "element " << where << " is " << found[where] << ", expected "
                                              << expected[where] << ": off by " << worst
                                              << ", more than " << tolerance);
  }
}

// The same names, shapes and order, every value within `tolerance`.
inline void check_close(const std::string& what, std::span<const tesela::named_tensor> found,
                        std::span<const tesela::named_tensor> expected, double tolerance) {
  BOOST_TEST_CONTEXT(what) {
    BOOST_TEST_REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      BOOST_TEST_REQUIRE(found[i].name == expected[i].name);
      BOOST_TEST(found[i].shape == expected[i].shape, boost::test_tools::per_element());
      check_close(found[i].name, found[i].values, expected[i].values, tolerance);
    }
  }
}

// The largest difference between two sets of the same tensors.
inline double largest_difference(std::span<const tesela::named_tensor> a,
                                 std::span<const tesela::named_tensor> b) {
  double largest = 0;
  for (std::size_t t = 0; t < a.size(); ++t) {
    for (std::size_t i = 0; i < a[t].values.size(); ++i) {
      largest = std::max(largest, std::abs(double{a[t].values[i]} - double{b[t].values.at(i)}));
    }
  }
  return largest;
}
