// expected-error: mistake<"tesela: loss mine expects its formula to end in a single number made of y and t, but it gives text: end it with mean\(...\) or sum\(...\)">
// SPDX-License-Identifier: MIT
// Something that is no expression.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto mine = ts::loss<"mine">([](auto, auto) { return "mse"; });
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
