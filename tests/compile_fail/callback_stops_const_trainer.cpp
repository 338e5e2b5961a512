// expected-error: mistake<"tesela: stop ends the training of a trainer that it may change, but gets a const one: write epoch\(auto& trainer, const epoch_report& report\)">
// SPDX-License-Identifier: MIT
// To stop is to change.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;
using model = decltype(ts::model{net});

struct stop_early {
#ifdef TESELA_MISTAKE
  void epoch(const auto& trainer, const ts::epoch_report& report) {
#else
  void epoch(auto& trainer, const ts::epoch_report& report) {
#endif
    if (report.train.loss < 0.1) trainer.stop();
  }
};

void run(model& m, const ts::data::dataset& train) {
  ts::trainer trainer{m, ts::cross_entropy, ts::adam{}};
  trainer.fit(train, {.epochs = 2}, stop_early{});
}
