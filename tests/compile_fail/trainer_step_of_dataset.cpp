// expected-error: mistake<"tesela: step expects a source of samples and the indices of one batch, but gets a dataset: write step\(samples.source\(\), samples.indices\(\).first\(64\)\), or fit for whole epochs">
// SPDX-License-Identifier: MIT
// Which samples make the batch?
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
#ifdef TESELA_MISTAKE
  trainer.step(samples);
#else
  trainer.step(samples.source(), samples.indices().first(64));
#endif
}
