// SPDX-License-Identifier: MIT
// Expressions on every instruction set: every length around a vector, no alignment, in place.
#include "elementwise.hpp"
#include "guarded.hpp"
#include "targets.hpp"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <vector>

namespace {

using namespace tesela;
using namespace tesela::test;

// Eighths, so that sums and products are exact; what divides or takes roots is compared with tolerance.
std::vector<float> eighths(std::size_t count, std::uint32_t stream) {
  std::vector<float> values = integers(count, stream, 40);
  for (float& v : values) v /= 8;
  return values;
}

// Runs expression number `Index` over `count` elements of misaligned memory; with `in_place` the
// outputs are the first inputs.
template <std::size_t Index>
void check(const kernels& k, std::size_t count, std::size_t shift, bool in_place, double tolerance) {
  const auto expression = expression_number<Index>();
  constexpr std::size_t inputs = expression.inputs, outputs = expression.outputs;
  std::vector<std::unique_ptr<guarded<float>>> in, out;
  std::vector<const float*> in_pointers;
  std::vector<float*> out_pointers;
  std::vector<std::vector<float>> values;
  for (std::size_t i = 0; i < inputs; ++i) {
    values.push_back(eighths(count, static_cast<std::uint32_t>(20 + i)));
    if (Index == 3 && i == 3) {
      for (float& v : values.back()) v = std::abs(v);  // Adam's mean of squares
    }
    in.push_back(std::make_unique<guarded<float>>(values[i], shift + i));
    in_pointers.push_back(in[i]->data());
  }
  for (std::size_t r = 0; r < outputs; ++r) {
    out.push_back(std::make_unique<guarded<float>>(count, shift + r + 1));
    out_pointers.push_back(in_place ? in[r]->data() : out[r]->data());
  }
  k.evaluate[Index](in_pointers.data(), out_pointers.data(), count);
  for (std::size_t i = 0; i < inputs; ++i) BOOST_TEST(in[i]->intact());
  for (std::size_t r = 0; r < outputs; ++r) BOOST_TEST(out[r]->intact());
  for (std::size_t e = 0; e < count; ++e) {
    std::array<double, inputs> operands{};
    for (std::size_t i = 0; i < inputs; ++i) operands[i] = values[i][e];
    const auto expected = reference::evaluate(expression.results, operands);
    for (std::size_t r = 0; r < outputs; ++r) {
      const double found = out_pointers[r][e];
      BOOST_TEST_REQUIRE(std::abs(found - expected[r]) <= tolerance * (1 + std::abs(expected[r])),
                         "result " << r << " of element " << e << " is " << found << " instead of "
                                   << expected[r]);
    }
  }
}

BOOST_AUTO_TEST_SUITE(evaluate_kernels)

BOOST_AUTO_TEST_CASE(every_length_and_place_gives_the_reference_and_writes_nothing_else) {
  for (const kernels& k : every_target()) {
    for (const std::size_t count : {std::size_t{0}, std::size_t{1}, k.lanes - 1, k.lanes, k.lanes + 1,
                                    2 * k.lanes - 1, 3 * k.lanes, std::size_t{257}, std::size_t{1009}}) {
      for (const std::size_t shift : {0u, 1u, 3u}) {
        for (const bool in_place : {false, true}) {
          BOOST_TEST_CONTEXT(k.name << ", count " << count << ", shift " << shift
                                    << (in_place ? ", in place" : "")) {
            // Four operations round, each by half a unit of a value up to about 10 times the result.
            constexpr double rounded = 40 * 0x1p-24;
            check<0>(k, count, shift, in_place, 0);
            check<1>(k, count, shift, in_place, rounded);
            check<2>(k, count, shift, in_place, 0);
            check<3>(k, count, shift, in_place, rounded);
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(relu_keeps_nan_and_has_no_other_surprises) {
  const float inf = std::numeric_limits<float>::infinity();
  const std::vector<float> in{std::numeric_limits<float>::quiet_NaN(), inf, -inf, 0.0f, -0.0f, 1e-45f,
                              -1e-45f, 3e38f, -3e38f};
  const std::vector<float> expected{in[0], inf, 0, 0, 0, 1e-45f, 0, 3e38f, 0};
  for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
    guarded<float> out(in.size());
    const float* from[] = {in.data()};
    float* to[] = {out.data()};
    k.evaluate[0](from, to, in.size());
    check_equal(out.values(), expected, "relu");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
