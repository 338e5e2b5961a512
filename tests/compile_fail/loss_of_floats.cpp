// expected-error: mistake<"tesela: loss mine expects its formula to take two expressions, outputs and targets of a sample: write \[\]\(auto y, auto t\) { return mean\(square\(y - t\)\); }">
// SPDX-License-Identifier: MIT
// A formula is built of expressions, before there are numbers.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto mine = ts::loss<"mine">([](float y, float t) { return (y - t) * (y - t); });
#else
inline constexpr auto mine =
    ts::loss<"mine">([](auto y, auto t) { return ts::mean(ts::square(y - t)); });
#endif

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, mine, ts::adam{}};
  trainer.fit(samples, {.epochs = 1});
}
