// SPDX-License-Identifier: MIT
// The one door to threads: a loop whose turns may run at the same time.
//
// Turns must not depend on each other and must write to different places; then the result has the same
// bytes for any number of threads, because what a turn computes never depends on who runs it. Turns
// are handed out as threads become free, so a thread that lost its core to another job holds up one
// turn, not its share of the loop.
//
// Threads come from OpenMP where the program is compiled with it, otherwise everything runs on the
// caller's thread.
#pragma once

#include <cstddef>

#ifdef _OPENMP
#include <omp.h>
#endif

namespace tesela {

// Threads worth starting on this machine.
inline std::size_t hardware_threads() {
#ifdef _OPENMP
  const int processors = omp_get_num_procs();
  return processors > 0 ? static_cast<std::size_t>(processors) : 1;
#else
  return 1;
#endif
}

// body(i) for every i < count, on at most `threads` threads. `body` must not throw.
template <class Body>
void parallel_for(std::size_t count, std::size_t threads, const Body& body) {
#ifdef _OPENMP
  const std::size_t team = threads < count ? threads : count;
  if (team > 1) {
    const auto turns = static_cast<std::ptrdiff_t>(count);
#pragma omp parallel for schedule(dynamic, 1) num_threads(static_cast <int>(team))
    for (std::ptrdiff_t i = 0; i < turns; ++i) body(static_cast<std::size_t>(i));
    return;
  }
#else
  (void)threads;
#endif
  for (std::size_t i = 0; i < count; ++i) body(i);
}

}  // namespace tesela
