// SPDX-License-Identifier: MIT
// Numbers too small for a normal float are zero while one of these lives.
//
// A multiplication with a denormal costs a hundred times one without on many CPUs, and weights that
// decay reach them. The caller's mode comes back at the end of the scope. Where we do not know the
// control register, nothing happens.
#pragma once

#include <cstdint>

#if defined(__SSE__) || defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace tesela {

class flush_denormals {
 public:
  flush_denormals() : before_(read()) { write(before_ | flags); }
  ~flush_denormals() { write(before_); }
  flush_denormals(const flush_denormals&) = delete;
  flush_denormals& operator=(const flush_denormals&) = delete;

 private:
#if defined(__SSE__) || defined(__x86_64__)
  using mode = std::uint32_t;
  static constexpr mode flags = 0x8040;  // FTZ: results, DAZ: operands
  static mode read() { return _mm_getcsr(); }
  static void write(mode m) { _mm_setcsr(m); }
#elif defined(__aarch64__)
  using mode = std::uint64_t;
  static constexpr mode flags = mode{1} << 24;  // FZ: operands and results
  static mode read() {
    mode m;
    __asm__ volatile("mrs %0, fpcr" : "=r"(m));
    return m;
  }
  static void write(mode m) { __asm__ volatile("msr fpcr, %0" : : "r"(m)); }
#else
  using mode = int;
  static constexpr mode flags = 0;
  static mode read() { return 0; }
  static void write(mode) {}
#endif

  mode before_;
};

}  // namespace tesela
