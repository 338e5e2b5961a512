// expected-error: mistake<"tesela: loss squares expects its formula to end in a single number, but it gives the shape 3: end it with mean\(...\) or sum\(...\)">
// SPDX-License-Identifier: MIT
// A loss is one number a sample.
#include "tesela/layer/linear.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/losses.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

namespace ts = tesela;
inline constexpr auto net = ts::input<2> | ts::linear<3>;

#ifdef TESELA_MISTAKE
inline constexpr auto squares = ts::loss<"squares">([](auto y, auto t) { return ts::square(y - t); });
#else
inline constexpr auto squares =
    ts::loss<"squares">([](auto y, auto t) { return ts::sum(ts::square(y - t)); });
#endif

double loss_of(const ts::data::dataset& samples) {
  ts::model model{net};
  ts::trainer trainer{model, squares, ts::sgd{}};
  return trainer.evaluate(samples).loss;
}
