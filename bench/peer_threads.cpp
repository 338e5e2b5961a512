// SPDX-License-Identifier: MIT
// The one place that tells the peers how many threads to take.
#include "peers.hpp"

#ifdef _OPENMP
#include <omp.h>
#endif

// OpenBLAS has threads of its own where it was built without OpenMP, and dlib computes with it. They
// spin when they wait, and would take a core from whoever runs next.
extern "C" [[gnu::weak]] void openblas_set_num_threads(int);

namespace bench {

void use_threads(std::size_t threads) {
  const int count = static_cast<int>(threads);
#ifdef _OPENMP
  omp_set_num_threads(count);
#endif
  if (openblas_set_num_threads != nullptr) openblas_set_num_threads(count);
}

}  // namespace bench
