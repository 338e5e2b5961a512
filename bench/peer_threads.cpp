// SPDX-License-Identifier: MIT
// The one place that tells the peers how many threads to take.
#include "peers.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

namespace bench {

void use_threads(std::size_t threads) {
#ifdef _OPENMP
  omp_set_num_threads(static_cast<int>(threads));
#else
  (void)threads;
#endif
}

}  // namespace bench
