// expected-error: mistake<"tesela: softmax follows a network, but before it stands a model: write model{net \| softmax}">
// SPDX-License-Identifier: MIT
// Probabilities of a model that was trained without.
#include "tesela/tesela.hpp"

namespace ts = tesela;

inline constexpr auto net = ts::input<4> | ts::linear<8> | ts::relu | ts::linear<3>;

using trained = decltype(ts::model{net});

#ifdef TESELA_MISTAKE
auto of_probabilities(trained& model) { return model | ts::softmax; }
#else
auto of_probabilities(trained& model) {
  ts::model last{net | ts::softmax};
  last.load_state_dict(model.state_dict());
  return last;
}
#endif
