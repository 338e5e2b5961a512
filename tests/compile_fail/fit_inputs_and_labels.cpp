// expected-error: mistake<"tesela: fit expects a dataset, but gets std::vector<float>: make one with data::dataset::from_floats or from_bytes">
// SPDX-License-Identifier: MIT
// Samples and labels come as one.
#include "tesela/tesela.hpp"

#include <span>
#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  std::vector<float> x, y;
  trainer.fit(x, y, {.epochs = 1});
#else
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
  trainer.fit(samples, {.epochs = 1});
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
