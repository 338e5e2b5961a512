// SPDX-License-Identifier: MIT
// Definitions of parallel.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/kernel/parallel.hpp"
#include "tesela/kernel/thread_pool.hpp"

#include <thread>

namespace tesela {

TESELA_INLINE std::size_t hardware_threads() {
  const unsigned processors = std::thread::hardware_concurrency();
  return processors > 0 ? processors : 1;
}

TESELA_INLINE void parallel_for(std::size_t count, std::size_t threads,
                                function_view<void(std::size_t)> body) {
  thread_pool::instance().run(count, threads, body);
}

}  // namespace tesela
