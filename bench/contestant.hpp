// SPDX-License-Identifier: MIT
// Work that can be timed, ours or a peer's.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace bench {

inline double now() {
  using clock = std::chrono::steady_clock;
  return std::chrono::duration<double>(clock::now().time_since_epoch()).count();
}

// The compiler must take `value` for used.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

// `run(n)` does the work n times and returns the seconds it took.
struct contestant {
  std::string name, note;
  std::function<double(std::size_t)> run;
};

template <class Work>
contestant local(std::string name, Work work, std::string note = {}) {
  return {std::move(name), std::move(note), [work](std::size_t times) {
            const double start = now();
            for (std::size_t i = 0; i < times; ++i) work();
            return now() - start;
          }};
}

}  // namespace bench
