// SPDX-License-Identifier: MIT
// A program outside this repository that uses the package.
#include <tesela/core/config.hpp>
#if __has_include(<tesela/tesela.hpp>)
#include <tesela/tesela.hpp>
#endif

#include <cstdio>

int second();

int main() {
  std::printf("tesela %d.%d.%d\n", TESELA_VERSION_MAJOR, TESELA_VERSION_MINOR,
              TESELA_VERSION_PATCH);
  return second();
}
