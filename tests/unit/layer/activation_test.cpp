// SPDX-License-Identifier: MIT
// Activations are PyTorch's: values and gradients over a grid with every kink, huge numbers and
// NaN.
#include "recorded/recorded.hpp"

#include "tesela/kernel/isa-inl.hpp"
#include "tesela/layer/activation.hpp"

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <string>
#include <type_traits>
#include <vector>

namespace ts = tesela;

namespace {

struct grid {
  recorded::values recorded{"activations"};
  const std::vector<float>& x = recorded["input"];
  const std::vector<float>& upstream = recorded["upstream"];
  std::vector<std::string> seen;

  // Off by a few roundings of the numbers on the way: x, the result, and 1, of which it may be a
  // difference. What goes back from a value that is NaN is nobody's concern: training has stopped.
  void compare(const std::string& what, const std::vector<float>& found,
               const std::vector<float>& expected, double roundings,
               const std::vector<float>* value) const {
    for (std::size_t i = 0; i < x.size(); ++i) {
      const double f = found[i], e = expected[i];
      if (value != nullptr && std::isnan((*value)[i])) continue;
      if (std::isinf(x[i]) && std::isnan(e) && std::isfinite(f)) continue;  // better than PyTorch
      const bool same = std::isnan(e) ? std::isnan(f) : f == e;
      const double scale = 1 + std::abs(e) + (std::isfinite(x[i]) ? std::abs(double{x[i]}) : 0);
      BOOST_TEST((same || std::abs(f - e) <= roundings * 0x1p-24 * scale),
                 what << " at " << x[i] << " is " << f << ", expected " << e);
    }
  }

  template <class Activation>
  void check(const Activation&, double roundings = 5) {
    using program = typename Activation::program;
    const std::string name(Activation::name().view());
    BOOST_TEST_CONTEXT(name) {
      std::vector<float> y(x.size()), dx(x.size());
      ts::static_isa::evaluate(ts::expr::fixed_results<typename program::value>{}, {x.data()},
                               {y.data()}, x.size());
      const float* known = program::from_value ? y.data() : x.data();
      ts::static_isa::evaluate(ts::expr::fixed_results<typename program::gradient>{},
                               {known, upstream.data()}, {dx.data()}, x.size());
      compare("value", y, recorded["value/" + name], 5, nullptr);
      compare("gradient", dx, recorded["gradient/" + name], roundings, &y);
      seen.push_back(name);
    }
  }
};

BOOST_AUTO_TEST_SUITE(activations)

BOOST_AUTO_TEST_CASE(have_the_values_and_gradients_of_pytorch) {
  grid g;
  g.check(ts::identity);
  g.check(ts::relu);
  g.check(ts::relu6);
  g.check(ts::leaky_relu);
  g.check(ts::leaky_relu_with<0.2>);
  g.check(ts::elu);
  g.check(ts::elu_with<0.5>);
  g.check(ts::celu);
  g.check(ts::celu_with<2>);
  g.check(ts::selu);
  g.check(ts::gelu);
  // Its sigmoid s goes back by s (1 - s), rounded where s is near 1, times up to 35.
  g.check(ts::gelu_tanh, 10);
  g.check(ts::silu);
  g.check(ts::mish);
  g.check(ts::sigmoid);
  g.check(ts::hard_sigmoid);
  g.check(ts::tanh);
  g.check(ts::hard_tanh);
  g.check(ts::hard_tanh_with<-2, 0.5>);
  g.check(ts::hard_swish);
  g.check(ts::softplus);
  g.check(ts::softplus_with<2>);
  g.check(ts::softplus_with<0.5, 1>);
  g.check(ts::softsign);
  g.check(ts::log_sigmoid);
  g.check(ts::tanhshrink);
  g.check(ts::softshrink);
  g.check(ts::softshrink_with<1>);
  g.check(ts::hardshrink);
  g.check(ts::hardshrink_with<1>);
  g.check(ts::sin);
  // Whatever is recorded has been looked at.
  BOOST_TEST(g.recorded.state("value").size() == g.seen.size());
}

BOOST_AUTO_TEST_CASE(swish_is_silu) { BOOST_TEST(&ts::swish == &ts::silu); }

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
