// SPDX-License-Identifier: MIT
// The one door to threads: a loop whose turns may run at the same time.
//
// Turns must not depend on each other, must write to different places and must not throw; then the
// result has the same bytes for any number of threads, because what a turn computes never depends on
// who runs it.
#pragma once

#include "tesela/kernel/thread_pool.hpp"

#include <cstddef>
#include <thread>

namespace tesela {

// Threads worth starting on this machine.
inline std::size_t hardware_threads() {
  const unsigned processors = std::thread::hardware_concurrency();
  return processors > 0 ? processors : 1;
}

// body(i) for every i < count, on at most `threads` threads.
template <class Body>
void parallel_for(std::size_t count, std::size_t threads, const Body& body) {
  thread_pool::instance().run(count, threads, body);
}

}  // namespace tesela
