// expected-error: mistake<"tesela: progress_bar expects nothing, or the file it writes to, but gets a number: write progress_bar{}, or progress_bar{stderr}">
// SPDX-License-Identifier: MIT
// How many epochs, fit tells it.
#include "tesela/tesela.hpp"

namespace ts = tesela;

void run() {
#ifdef TESELA_MISTAKE
  ts::progress_bar bar{10};
#else
  ts::progress_bar bar{};
#endif
  static_cast<void>(bar);
}
