// SPDX-License-Identifier: MIT
// A small network that learns few images by heart, with and without dropout: which layers run together, and
// how well they do on others.
// run:
#include <tesela/tesela.hpp>

#include <fmt/format.h>

namespace ts = tesela;

inline constexpr auto plain = ts::input<3, 32, 32>
    | ts::conv2d<8, 5> | ts::relu | ts::max_pool2d<2> | ts::flatten
    | ts::linear<64>   | ts::relu
    | ts::linear<10>;

inline constexpr auto regularised = ts::input<3, 32, 32>
    | ts::conv2d<8, 5> | ts::relu | ts::max_pool2d<2> | ts::flatten
    | ts::linear<64>   | ts::relu | ts::dropout<0.5>
    | ts::linear<10>;

// The dropout is part of the stage of its product, and nothing is read or written for it.
static_assert(ts::explain(regularised).passes == ts::explain(plain).passes);

double accuracy_of(auto network) {
  auto [train, test] = ts::data::shapes({3000, 1000});
  ts::model model{network, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.fit(train, {.epochs = 40, .batch = 30});
  return trainer.evaluate(test).accuracy;  // here, as wherever it does not train, nothing is dropped
}

int main() {
  fmt::print("{}\n", ts::explain(regularised));
  fmt::print("test accuracy {:.1f} % without dropout, {:.1f} % with it\n", 100 * accuracy_of(plain),
             100 * accuracy_of(regularised));
}
