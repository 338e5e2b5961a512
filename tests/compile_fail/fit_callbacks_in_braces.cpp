// expected-error: mistake<"tesela: fit expects callbacks without braces, one after the other: write fit\(train, {.epochs = 10}, progress_bar{}, checkpoint{path}\)">
// SPDX-License-Identifier: MIT
// A list has elements of one type.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
#ifdef TESELA_MISTAKE
  trainer.fit(samples, {.epochs = 1}, {ts::early_stopping{}, ts::progress_bar{}});
#else
  trainer.fit(samples, {.epochs = 1}, ts::early_stopping{}, ts::progress_bar{});
#endif
}
