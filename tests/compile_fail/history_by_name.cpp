// expected-error: mistake<"tesela: the history of fit is a std::vector of epochs: write history.back\(\).train.loss, or history\[epoch\].validation.accuracy">
// SPDX-License-Identifier: MIT
// Keras' history.
#include "tesela/tesela.hpp"

namespace ts = tesela;

double run(const ts::history& past) {
#ifdef TESELA_MISTAKE
  return past["loss"];
#else
  return past.back().train.loss + past[0].train.loss;
#endif
}
