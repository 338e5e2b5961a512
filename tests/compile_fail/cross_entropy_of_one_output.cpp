// expected-error: mistake<"tesela: cross_entropy expects a number for every class, but the network gives one: end it with linear<2> for two classes, or train with binary_cross_entropy_with_logits">
// SPDX-License-Identifier: MIT
// One number is no choice.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
void train(ts::model<decltype(ts::input<4> | ts::linear<1>)>& model) {
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
}
#else
void train(ts::model<decltype(ts::input<4> | ts::linear<1>)>& model) {
  ts::trainer trainer{model, ts::binary_cross_entropy_with_logits, ts::adam{}};
}
#endif
