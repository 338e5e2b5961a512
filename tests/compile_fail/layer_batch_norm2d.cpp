// expected-error: mistake<"tesela: there is no layer batch_norm2d: write affine, which a trained one is; to train without, normalise the data \(data::z_score\) and begin with init::he_normal">
// SPDX-License-Identifier: MIT
// Training's statistics of a batch are not kept.
#include "tesela/tesela.hpp"

namespace ts = tesela;

#ifdef TESELA_MISTAKE
inline constexpr auto net = ts::input<3, 32, 32> | ts::batch_norm2d<3> | ts::relu;
#else
inline constexpr auto net = ts::input<3, 32, 32> | ts::affine | ts::relu;
#endif

int size() { return net.output.size; }
