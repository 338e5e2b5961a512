// expected-error: mistake<"tesela: a dataset gives samples as floats into a place of yours: write std::vector<float> sample\(samples.features\(\)\) and samples.copy_sample\(i, sample\)">
// max-lines: 17
// SPDX-License-Identifier: MIT
// Samples are not kept as floats.
#include "tesela/tesela.hpp"

#include <span>
#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples, std::span<const float> pixels) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
#ifdef TESELA_MISTAKE
  for (const auto& sample : samples) static_cast<void>(sample);
#else
  std::vector<float> sample(samples.features());
  for (std::size_t i = 0; i < samples.size(); ++i) samples.copy_sample(i, sample);
#endif
  static_cast<void>(samples);
  static_cast<void>(pixels);
}
