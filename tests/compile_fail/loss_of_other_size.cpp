// expected-error: mistake<"tesela: gaussian_likelihood is made for 2 outputs, but the network gives 3: write gaussian_likelihood<3>">
// SPDX-License-Identifier: MIT
// A covariance of as many outputs as the network has.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline const ts::gaussian_likelihood<2> likelihood({1, 0, 0, 1});
#else
inline const ts::gaussian_likelihood<3> likelihood({1, 0, 0, 0, 1, 0, 0, 0, 1});
#endif

inline constexpr auto net = ts::input<4> | ts::linear<3>;

void train(const ts::data::dataset& samples) {
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, likelihood, ts::adam{}};
  trainer.fit(samples, {.epochs = 1});
}
