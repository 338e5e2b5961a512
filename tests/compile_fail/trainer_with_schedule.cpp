// expected-error: mistake<"tesela: behind the optimizer a trainer expects penalties and clipping, but gets a schedule: write trainer.fit\(train, {.epochs = 10, .schedule = step_lr{30}}\)">
// SPDX-License-Identifier: MIT
// How long a schedule is, fit knows.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}, ts::step_lr{30}};
#else
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.fit(samples, {.epochs = 1});
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
