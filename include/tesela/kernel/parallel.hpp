// SPDX-License-Identifier: MIT
// The one door to threads: a loop whose turns may run at the same time.
//
// Turns must not depend on each other, must write to different places and must not throw; then the
// result has the same bytes for any number of threads, because what a turn computes never depends on
// who runs it.
#pragma once

#include "tesela/core/function_view.hpp"

#include <cstddef>

namespace tesela {

// Threads worth starting on this machine.
std::size_t hardware_threads();

// body(i) for every i < count, on at most `threads` threads.
void parallel_for(std::size_t count, std::size_t threads, function_view<void(std::size_t)> body);

}  // namespace tesela

#ifndef TESELA_COMPILED
#include "tesela/kernel/parallel.ipp"
#endif
