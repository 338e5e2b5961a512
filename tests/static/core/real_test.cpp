// SPDX-License-Identifier: MIT
// Numbers as template arguments, and as text.
#include "tesela/core/real.hpp"

#include <limits>

namespace tesela {
namespace {

template <real N>
constexpr sentence words() {
  sentence s;
  s << N;
  return s;
}

static_assert(real(0.1).value() == 0.1f && real(3).value() == 3.0f && real(-2).value() == -2.0f);
static_assert(words<0>() == "0" && words<-0.0>() == "0");
static_assert(words<1>() == "1" && words<-1>() == "-1" && words<20>() == "20");
static_assert(words<0.2>() == "0.2" && words<-0.01>() == "-0.01" && words<0.0001>() == "0.0001");
static_assert(words<1.5>() == "1.5" && words<123.25>() == "123.25" && words<1234567>() == "1234567");
static_assert(words<16777216>() == "1.6777216e+07" && words<1e7>() == "1e+07");
static_assert(words<9999999>() == "9999999" && words<1e-5>() == "1e-05");
static_assert(words<2.5e-30>() == "2.5e-30" && words<3e38>() == "3e+38");
// Floats next to each other differ in their text.
static_assert(words<0.100000001>() == "0.1" && words<0.10000001>() == "0.10000001");
static_assert(words<0.333333343267>() == "0.33333334");
static_assert(words<1.1754943508e-38>() == "1.1754944e-38");
static_assert(words<std::numeric_limits<double>::infinity()>() == "inf" && words<-1e39>() == "-inf");
static_assert(words<std::numeric_limits<double>::quiet_NaN()>() == "nan");
static_assert(!real(1e39).finite() && real(3.4e38).finite());

static_assert(decimal_of(0.9) == 0.9 && decimal_of(0.1) == 0.1 && decimal_of(0.3) == 0.3);
static_assert(decimal_of(-1.5) == -1.5 && decimal_of(0) == 0 && decimal_of(1234567) == 1234567);

static_assert(parametrised<"f", 0.5, 2>() == "f<0.5,2>");

}  // namespace
}  // namespace tesela
