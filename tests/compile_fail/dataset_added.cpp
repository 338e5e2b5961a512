// expected-error: mistake<"tesela: datasets are views and are not joined: keep the whole set, of which split and subset give parts">
// SPDX-License-Identifier: MIT
// A dataset refers to one storage.
#include "tesela/tesela.hpp"

namespace ts = tesela;

ts::data::dataset run(const ts::data::dataset& train, const ts::data::dataset& test) {
#ifdef TESELA_MISTAKE
  return train + test;
#else
  static_cast<void>(train);
  return test;
#endif
}
