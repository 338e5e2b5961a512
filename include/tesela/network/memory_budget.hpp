// SPDX-License-Identifier: MIT
// A promise about memory, kept by the compiler: a network over its budget does not compile, and the
// error says what takes how much.
//
//   static_assert(memory_budget<cnn, training, batch<64>, 16 * 1024 * 1024>);
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/network/memory_plan.hpp"

#include <cstddef>

namespace tesela {

namespace detail {

template <auto Net, auto Mode, auto Batch, std::size_t Bytes>
struct budget_check {
  static constexpr sentence complaint = [] {
    constexpr memory_report plan = memory_plan<Net, Mode, Batch>;
    if constexpr (plan.bytes <= Bytes) {
      return sentence();
    } else {
      sentence words = "tesela: the network takes ";
      words << plan.bytes << " bytes in " << (Mode.trains ? "training" : "inference")
            << " with batch<" << Batch.value << ">, more than its budget of " << Bytes << ": ";
      const char* between = "";
      const auto part = [&](const char* name, std::size_t bytes) {
        if (bytes == 0) return;
        words << between << name << " " << bytes;
        between = ", ";
      };
      part("parameters", plan.parameters);
      part("gradients", plan.gradients);
      part("optimizer", plan.optimizer);
      part("workspace", plan.workspace);
      part("single", plan.single);
      part("results", plan.results);
      return words << ": a smaller batch takes less workspace";
    }
  }();
};

template <class Check>
constexpr auto keeps_budget() {
  if constexpr (Wrong<Check>) {
    return sizeof(tell<mistake_in<Check>>());
  } else {
    return true;
  }
}

}  // namespace detail

// True, or no program.
template <auto Net, auto Mode, auto Batch, std::size_t Bytes>
inline constexpr auto memory_budget =
    detail::keeps_budget<detail::budget_check<Net, Mode, Batch, Bytes>>();

}  // namespace tesela
