// SPDX-License-Identifier: MIT
// That the checks before every report refuse what is wrong: a check that never fails checks nothing.
#include "product_kernels.hpp"
#include "training.hpp"

#include <fmt/format.h>

namespace bench {

namespace {

template <class Check>
bool refuses(const Check& check) {
  try {
    check();
    return false;
  } catch (const wrong_result&) {
    return true;
  }
}

}  // namespace

void self_test() {
  ts::convolution g{.in = {40, 8, 8}, .out = {33, 8, 8}, .kernel = 3, .padding = 1};
  for (const bool direct : {false, true}) {
    g.direct = direct;
    product_kernels kernels(g, 64);
    for (const product p : products) {
      kernels.check(p, name_of(p));
      require(refuses([&] { kernels.check(p, name_of(p), 1.001); }),
              fmt::format("self-test: {} off by 0.1 % passes", name_of(p)));
    }
  }
  constexpr auto net = ts::input<12> | ts::linear<16> | ts::relu | ts::linear<4>;
  check_that_it_learns(net, ts::sgd{.learning_rate = 0.1f}, 64, 20, "self-test");
  require(refuses([&] {
            check_that_it_learns(net, ts::sgd{.learning_rate = 1e-30f}, 64, 20, "self-test");
          }),
          "self-test: a step that does not learn passes");
  fmt::print("the checks refuse wrong results\n");
}

}  // namespace bench
