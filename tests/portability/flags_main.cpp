// SPDX-License-Identifier: MIT
// Two parts of a program, built for AVX2 and for SSE4: each must run its own code, whatever the order in
// which they are linked. What tells them apart is how a sum is rounded.
#include <cstdio>
#include <string>

namespace avx2 {
std::string instruction_set();
float rounding();
}  // namespace avx2
namespace sse4 {
std::string instruction_set();
float rounding();
}  // namespace sse4

int main() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    std::puts("skipped: this machine has no AVX2");
    return 77;
  }
  std::printf("%s: %a, %s: %a\n", avx2::instruction_set().c_str(), double{avx2::rounding()},
              sse4::instruction_set().c_str(), double{sse4::rounding()});
  const bool named = avx2::instruction_set() == "AVX2" && sse4::instruction_set() == "SSE4";
  return named && avx2::rounding() == 0x1p-24f && sse4::rounding() == 0.0f ? 0 : 1;
}
