// SPDX-License-Identifier: MIT
// The functions of expressions on every instruction set: how far they are from the truth.
//
// The truth is <cmath> in double, 29 bits more than a float. A distance is counted in ULP: the spacing of
// floats at the true value. docs/expressions.md lists the bounds that stand here; --log_level=message
// prints what each target reaches, and TESELA_FUNCTIONS_STRIDE=1 in the environment takes every float
// there is (minutes a function).
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "functions_test.cpp"
#include "tesela/kernel/highway.hpp"

#include <hwy/foreach_target.h>
// The header that is compiled once per instruction set, then the ordinary ones.
#include "tesela/kernel/evaluate-inl.hpp"

#include "tesela/autodiff/derivative.hpp"
#include "tesela/expr/functions.hpp"
#include "tesela/kernel/denormals.hpp"
#include "tesela/kernel/random.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#ifndef TESELA_FUNCTIONS_TEST
#define TESELA_FUNCTIONS_TEST
namespace tesela::functions_test {

using unary_function = void (*)(const float*, float*, std::size_t);
using binary_function = void (*)(const float*, const float*, float*, std::size_t);

// The places of the functions in the tables.
namespace place {
enum unary : std::size_t {
  negate, absolute, sign, sqrt, rsqrt, exp, expm1, log, log1p, sin, cos, tanh, sigmoid, softplus,
  tanh_softplus, tanh_softplus_slope, erf, relu, unary_count
};
enum binary : std::size_t {
  add, subtract, multiply, divide, power, maximum, minimum, less, less_equal, equal,
  binary_count
};
}  // namespace place

struct functions {
  std::string name;
  unary_function unary[place::unary_count];
  binary_function binary[place::binary_count];
};

}  // namespace tesela::functions_test
#endif

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {
namespace {

template <class E>
void Unary(const float* x, float* y, std::size_t count) {
  EvaluateLoop(expr::fixed_results<E>{}, {x}, {y}, count);
}
template <class E>
void Binary(const float* a, const float* b, float* y, std::size_t count) {
  EvaluateLoop(expr::fixed_results<E>{}, {a, b}, {y}, count);
}
template <class E>
functions_test::unary_function UnaryOf(E) {
  return &Unary<E>;
}
template <class E>
functions_test::binary_function BinaryOf(E) {
  return &Binary<E>;
}

functions_test::functions Functions() {
  namespace place = functions_test::place;
  constexpr expr::operand<0> a;
  constexpr expr::operand<1> b;
  functions_test::functions f{};
  f.name = hwy::TargetName(HWY_TARGET);
  f.unary[place::negate] = UnaryOf(-a);
  f.unary[place::absolute] = UnaryOf(abs(a));
  f.unary[place::sign] = UnaryOf(sign(a));
  f.unary[place::sqrt] = UnaryOf(sqrt(a));
  f.unary[place::rsqrt] = UnaryOf(rsqrt(a));
  f.unary[place::exp] = UnaryOf(exp(a));
  f.unary[place::expm1] = UnaryOf(expm1(a));
  f.unary[place::log] = UnaryOf(log(a));
  f.unary[place::log1p] = UnaryOf(log1p(a));
  f.unary[place::sin] = UnaryOf(sin(a));
  f.unary[place::cos] = UnaryOf(cos(a));
  f.unary[place::tanh] = UnaryOf(expr::tanh(a));
  f.unary[place::sigmoid] = UnaryOf(expr::sigmoid(a));
  f.unary[place::softplus] = UnaryOf(expr::softplus(a));
  f.unary[place::tanh_softplus] = UnaryOf(expr::tanh(expr::softplus(a)));
  f.unary[place::tanh_softplus_slope] = UnaryOf(
      autodiff::gradient_of<decltype(expr::tanh(expr::softplus(a))), expr::operand<0>>{});
  f.unary[place::erf] = UnaryOf(erf(a));
  f.unary[place::relu] = UnaryOf(expr::relu(a));
  f.binary[place::add] = BinaryOf(a + b);
  f.binary[place::subtract] = BinaryOf(a - b);
  f.binary[place::multiply] = BinaryOf(a * b);
  f.binary[place::divide] = BinaryOf(a / b);
  f.binary[place::power] = BinaryOf(pow(a, b));
  f.binary[place::maximum] = BinaryOf(max(a, b));
  f.binary[place::minimum] = BinaryOf(min(a, b));
  f.binary[place::less] = BinaryOf(where(a < b, expr::one, expr::zero));
  f.binary[place::less_equal] = BinaryOf(where(a <= b, expr::one, expr::zero));
  f.binary[place::equal] = BinaryOf(where(a == b, expr::one, expr::zero));
  return f;
}

}  // namespace
}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tesela {
namespace {
HWY_EXPORT(Functions);

using namespace functions_test;

const std::vector<functions>& every_target_functions() {
  static const std::vector<functions> all = [] {
    std::vector<functions> result;
    for (auto left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1) {
      hwy::SetSupportedTargetsForTest(left & -left);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
      result.push_back(HWY_DYNAMIC_DISPATCH(Functions)());
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().DeInit();
    return result;
  }();
  return all;
}

constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float denormal = std::numeric_limits<float>::denorm_min();
constexpr float normal = std::numeric_limits<float>::min();
constexpr float greatest = std::numeric_limits<float>::max();

// Distance in ULP; infinity counts as 2^128, the number behind the greatest float. What cannot be
// a rounding error (a NaN, a wrong sign, a number for infinity) is infinitely far.
double distance(float found, double truth) {
  if (std::isnan(truth) || std::isnan(found)) {
    return std::isnan(truth) && std::isnan(found) ? 0 : std::numeric_limits<double>::infinity();
  }
  if (std::signbit(found) != std::signbit(truth)) return std::numeric_limits<double>::infinity();
  if (std::abs(truth) >= 0x1p128 && !std::isinf(found)) return std::numeric_limits<double>::infinity();
  const double f = std::min(std::abs(double{found}), 0x1p128), t = std::min(std::abs(truth), 0x1p128);
  const int exponent = t == 0 ? -126 : std::clamp(std::ilogb(t), -126, 127);
  return std::abs(f - t) / std::ldexp(1.0, exponent - 23);
}

struct unary_case {
  const char* name;
  place::unary index;
  double (*truth)(double);
  double bound;         // in ULP, on every target
  float from, to;       // where it is looked at closely
};

double sign_of(double x) { return std::isnan(x) ? x : x > 0 ? 1 : x < 0 ? -1 : 0; }
double sigmoid_of(double x) { return x < 0 ? std::exp(x) / (1 + std::exp(x)) : 1 / (1 + std::exp(-x)); }
double softplus_of(double x) { return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x)); }
double tanh_softplus_of(double x) { return std::tanh(softplus_of(x)); }
// 4 e (1 + e) / (e^2 + 2 e + 2)^2 with e = exp(x), of both signs; beyond 43, below 1e-36, it counts as 0.
double tanh_softplus_slope_of(double x) {
  if (std::isnan(x) || x > 43) return std::isnan(x) ? x : 0;
  const double q = std::exp(-std::abs(x)), m = x > 0 ? 1 + 2 * q * (1 + q) : q * q + 2 * (q + 1);
  return 4 * q * (1 + q) / (m * m) * (x > 0 ? q : 1);
}

const unary_case unary_cases[] = {
    {"-a", place::negate, [](double x) { return -x; }, 0, -1, 1},
    {"abs", place::absolute, [](double x) { return std::abs(x); }, 0, -1, 1},
    {"sign", place::sign, sign_of, 0, -1, 1},
    {"sqrt", place::sqrt, [](double x) { return std::sqrt(x); }, 0.5, 0, 4},
    {"rsqrt", place::rsqrt, [](double x) { return 1 / std::sqrt(x); }, 1.5, 0, 4},
    {"exp", place::exp, [](double x) { return std::exp(x); }, 1.25, -104, 89},
    {"expm1", place::expm1, [](double x) { return std::expm1(x); }, 2, -2, 2},
    {"log", place::log, [](double x) { return std::log(x); }, 1.25, 0.5f, 2},
    {"log1p", place::log1p, [](double x) { return std::log1p(x); }, 1.75, -0.75f, 3},
    {"sin", place::sin, [](double x) { return std::sin(x); }, 2.75, -100, 100},
    {"cos", place::cos, [](double x) { return std::cos(x); }, 2.75, -100, 100},
    {"tanh", place::tanh, [](double x) { return std::tanh(x); }, 2.75, -10, 10},
    {"sigmoid", place::sigmoid, sigmoid_of, 2.5, -20, 20},
    {"softplus", place::softplus, softplus_of, 2, -20, 20},
    {"tanh(softplus(a))", place::tanh_softplus, tanh_softplus_of, 4, -20, 20},
    {"slope of tanh(softplus(a))", place::tanh_softplus_slope, tanh_softplus_slope_of, 8, -20, 20},
    {"erf", place::erf, [](double x) { return std::erf(x); }, 1.25, -4, 4},
    {"relu", place::relu, [](double x) { return x < 0 ? 0 : x; }, 0, -1, 1},
};

// Places where something may go wrong: ends of ranges, thresholds, kinks, every power of two and its
// neighbours.
std::vector<float> special_values() {
  std::vector<float> values{0.0f, inf, nan, denormal, 2 * denormal, 3 * denormal, normal, greatest,
                            88.37626f, 88.72283f, 88.72284f, 88.0f, 87.33654f, 87.33655f, 103.27892f,
                            103.27893f, 103.97207f, 103.97208f, 104.0f, 105.0f, 9.010913f, 9.0109139f,
                            10.0f, 17.32868f, 20.0f, 0.9277f, 0.92773f, 3.9192059f, 4.0f, 30000.0f,
                            3.14159274f, 1.57079637f, 6.28318548f, 22.0f, 355.0f, 0.70710678f, 1.41421356f,
                            0.6666667f, 1.3333334f, 0.75f, 1.5f, 0.34657359f, 0.34657362f, 1e5f, 39000.0f};
  for (int e = -149; e < 128; ++e) {
    const float power = std::ldexp(1.0f, e);
    for (const float v : {std::nextafter(power, 0.0f), power, std::nextafter(power, inf)}) {
      values.push_back(v);
    }
  }
  for (std::size_t i = 0, count = values.size(); i < count; ++i) values.push_back(-values[i]);
  return values;
}

struct worst {
  double ulp = 0;
  float at = 0, found = 0;
};

// The largest distance of each target so far.
class distances {
 public:
  distances(const unary_case& c, const char* which) : case_(c), which_(which) {}

  void add(const std::vector<float>& values) {
    std::vector<double> truth(values.size());
    std::transform(values.begin(), values.end(), truth.begin(),
                   [this](float x) { return case_.truth(double{x}); });
    std::vector<float> found(values.size());
    for (std::size_t t = 0; t < worst_.size(); ++t) {
      every_target_functions()[t].unary[case_.index](values.data(), found.data(), values.size());
      for (std::size_t i = 0; i < values.size(); ++i) {
        const double ulp = distance(found[i], truth[i]);
        if (ulp > worst_[t].ulp) worst_[t] = {ulp, values[i], found[i]};
      }
    }
  }

  void check() const {
    for (std::size_t t = 0; t < worst_.size(); ++t) {
      const worst& w = worst_[t];
      const std::string& target = every_target_functions()[t].name;
      BOOST_TEST_MESSAGE(case_.name << " on " << target << ", " << which_ << ": " << w.ulp << " ULP at "
                                    << w.at);
      BOOST_TEST(w.ulp <= case_.bound, case_.name << " of " << w.at << " on " << target << " is "
                                                  << w.found << ", " << w.ulp << " ULP from "
                                                  << case_.truth(double{w.at}));
    }
  }

 private:
  const unary_case& case_;
  const char* which_;
  std::vector<worst> worst_ = std::vector<worst>(every_target_functions().size());
};

// The bits of every stride-th float.
std::uint64_t stride() {
  static const char* const wanted = std::getenv("TESELA_FUNCTIONS_STRIDE");
  return wanted == nullptr ? 8191 : std::strtoull(wanted, nullptr, 10);
}

BOOST_AUTO_TEST_SUITE(function_kernels)

BOOST_AUTO_TEST_CASE(special_values_are_those_of_cmath) {
  for (const unary_case& c : unary_cases) {
    distances all(c, "special values");
    all.add(special_values());
    all.check();
  }
}

BOOST_AUTO_TEST_CASE(errors_stay_within_their_bounds_over_the_whole_range) {
  constexpr std::size_t portion = 1 << 20;
  for (const unary_case& c : unary_cases) {
    distances all(c, "whole range");
    const random_stream random{seed{42}, purpose::user, static_cast<std::uint32_t>(c.index)};
    std::vector<float> values;
    for (std::size_t i = 0; i < 400'000; ++i) values.push_back(random.uniform(i, c.from, c.to));
    for (std::uint64_t bits = 0; bits < (std::uint64_t{1} << 32); bits += stride()) {
      values.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
      if (values.size() >= portion) {
        all.add(values);
        values.clear();
      }
    }
    all.add(values);
    all.check();
  }
}

// A square root without the instruction for it has the same bits everywhere if it has them in [1, 4).
BOOST_AUTO_TEST_CASE(every_square_root_is_the_nearest_float) {
  constexpr std::size_t portion = 1 << 16;
  std::vector<float> values(portion), found(portion);
  for (const functions& target : every_target_functions()) {
    std::size_t wrong = 0;
    for (std::uint32_t bits = 0x3f800000; bits < 0x40800000; bits += portion) {
      for (std::uint32_t i = 0; i < portion; ++i) values[i] = std::bit_cast<float>(bits + i);
      target.unary[place::sqrt](values.data(), found.data(), portion);
      for (std::size_t i = 0; i < portion; ++i) wrong += found[i] != std::sqrt(values[i]) ? 1u : 0u;
    }
    BOOST_TEST(wrong == 0U, target.name);
  }
}

// In training, denormal operands and results are zero.
BOOST_AUTO_TEST_CASE(flushed_denormals_change_denormals_only) {
  const auto flushed = [](double x) { return std::abs(x) < double{normal} ? std::copysign(0.0, x) : x; };
  for (const unary_case& c : unary_cases) {
    for (const functions& target : every_target_functions()) {
      const std::vector<float> values = special_values();
      std::vector<float> found(values.size());
      {
        const flush_denormals scope;
        target.unary[c.index](values.data(), found.data(), values.size());
      }
      for (std::size_t i = 0; i < values.size(); ++i) {
        // A denormal on the way may be flushed or not: -x is no arithmetic, and 0.1 x may be.
        const double kept = c.truth(double{values[i]}), zeroed = flushed(c.truth(flushed(values[i])));
        const double ulp = std::min(distance(found[i], kept), distance(found[i], zeroed));
        const bool tiny = std::abs(double{found[i]} - kept) <= double{normal};
        BOOST_TEST((tiny || ulp <= c.bound), c.name << " of " << values[i] << " on " << target.name << " is "
                                          << found[i] << " instead of " << kept);
      }
    }
  }
}

struct binary_case {
  const char* name;
  place::binary index;
  double (*truth)(double, double);
  double bound;
};

double maximum_of(double a, double b) { return std::isnan(a) || std::isnan(b) ? a + b : a < b ? b : a; }
double minimum_of(double a, double b) { return std::isnan(a) || std::isnan(b) ? a + b : b < a ? b : a; }

const binary_case binary_cases[] = {
    {"a + b", place::add, [](double a, double b) { return a + b; }, 0.5},
    {"a - b", place::subtract, [](double a, double b) { return a - b; }, 0.5},
    {"a * b", place::multiply, [](double a, double b) { return a * b; }, 0.5},
    {"a / b", place::divide, [](double a, double b) { return a / b; }, 0.5},
    {"pow", place::power, [](double a, double b) { return std::pow(a, b); }, 1},
    {"max", place::maximum, maximum_of, 0},
    {"min", place::minimum, minimum_of, 0},
    {"a < b", place::less, [](double a, double b) { return a < b ? 1.0 : 0.0; }, 0},
    {"a <= b", place::less_equal, [](double a, double b) { return a <= b ? 1.0 : 0.0; }, 0},
    {"a == b", place::equal, [](double a, double b) { return a == b ? 1.0 : 0.0; }, 0},
};

// All pairs of values where something may go wrong, and many between them.
void pairs(std::vector<float>& a, std::vector<float>& b) {
  std::vector<float> ends{0.0f, 0.5f, 1.0f, 1.5f, 2.0f, 3.0f, 4.0f, 127.0f, 128.0f, 149.0f, 150.0f,
                          8388607.5f, 16777215.0f, 16777216.0f, 1e9f, 3e9f, denormal, normal, greatest,
                          std::nextafter(1.0f, 0.0f), std::nextafter(1.0f, inf), 0.999f, inf, nan};
  for (std::size_t i = 0, count = ends.size(); i < count; ++i) ends.push_back(-ends[i]);
  for (const float x : ends) {
    for (const float y : ends) {
      a.push_back(x);
      b.push_back(y);
    }
  }
  const random_stream random{seed{7}, purpose::user};
  for (std::uint64_t i = 0; i < 200'000; ++i) {
    a.push_back(std::bit_cast<float>(random.bits(2 * i)));
    b.push_back(std::bit_cast<float>(random.bits(2 * i + 1)));
    // Powers that are neither 0 nor infinity: |b log2(a)| within 150.
    const float x = std::exp2(random.uniform(4 * i, -20.0f, 20.0f));
    a.push_back(i % 2 == 0 ? x : random.uniform(4 * i + 1, 0.9f, 1.1f));
    b.push_back(random.uniform(4 * i + 2, -150.0f, 150.0f) / std::log2(a.back()));
    a.push_back(random.uniform(4 * i + 3, -50.0f, 50.0f));
    b.push_back(std::round(random.uniform(4 * i, -20.0f, 20.0f)));
  }
}

// The third cell of the row whose first names `function`, such as "exp(a)".
std::string documented_error(const std::string& function) {
  std::ifstream page(std::string(TESELA_TEST_DATA_DIR) + "/../../docs/expressions.md");
  for (std::string line; std::getline(page, line);) {
    const std::size_t second = line.find(" | ");
    if (!line.starts_with("| `") || line.find("`" + function + "`") > second) continue;
    const std::size_t third = line.find("| ", line.find("|", second + 2));
    return line.substr(third + 2, line.find(" |", third) - third - 2);
  }
  return "not documented";
}

BOOST_AUTO_TEST_CASE(the_page_names_the_bounds_that_are_tested) {
  const auto check_row = [](const std::string& name, double bound) {
    std::ostringstream words;
    words << bound;
    BOOST_TEST(documented_error(name) == words.str(), name << " is " << documented_error(name));
  };
  for (const unary_case& c : unary_cases) {
    const std::string name = c.name;
    const bool whole = c.index == place::negate || name.ends_with(")");
    check_row(name + (whole ? "" : "(a)"), c.bound);
  }
  for (const binary_case& c : binary_cases) {
    const std::string name = c.name;
    const bool letters = name == "max" || name == "min" || name == "pow";
    if (name != "a <= b" && name != "a == b") check_row(letters ? name + "(a, b)" : name, c.bound);
  }
}

BOOST_AUTO_TEST_CASE(functions_of_two_operands_are_those_of_cmath) {
  std::vector<float> a, b;
  pairs(a, b);
  for (const binary_case& c : binary_cases) {
    for (const functions& target : every_target_functions()) {
      std::vector<float> found(a.size());
      target.binary[c.index](a.data(), b.data(), found.data(), a.size());
      double most = 0;
      std::size_t at = 0;
      for (std::size_t i = 0; i < a.size(); ++i) {
        const double ulp = distance(found[i], c.truth(double{a[i]}, double{b[i]}));
        if (ulp > most) most = ulp, at = i;
      }
      BOOST_TEST_MESSAGE(c.name << " on " << target.name << ", pairs: " << most << " ULP at " << a[at]
                                << " and " << b[at]);
      BOOST_TEST(most <= c.bound, c.name << " of " << a[at] << " and " << b[at] << " on " << target.name
                                         << " is " << found[at] << ", " << most << " ULP from "
                                         << c.truth(double{a[at]}, double{b[at]}));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tesela
#endif
