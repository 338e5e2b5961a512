// SPDX-License-Identifier: MIT
// Memory for the time of a function: on the stack where it is small, otherwise kept by the thread.
#pragma once

#include "tesela/tensor/arena.hpp"

#include <cstddef>

namespace tesela {

// Stacks of threads may be as small as 512 KB, and a few of these lie on one at a time.
inline constexpr std::size_t most_floats_on_stack = 8192;

// `Floats` numbers, not initialised. Large ones are one piece per thread and Purpose, allocated at the
// first use: two with the same Purpose must not live at the same time in a thread.
template <std::size_t Floats, class Purpose>
class scratch {
 public:
  scratch() = default;
  scratch(const scratch&) = delete;
  float* data() {
    if constexpr (Floats <= most_floats_on_stack) {
      return values_;
    } else {
      thread_local arena kept(Floats);
      return kept.data();
    }
  }

 private:
  static constexpr bool small = Floats <= most_floats_on_stack;
  alignas(alignment_bytes) float values_[small && Floats != 0 ? Floats : 1];
};

}  // namespace tesela
