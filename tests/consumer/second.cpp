// SPDX-License-Identifier: MIT
// A second file that includes everything, so that the linker sees each function of a header twice.
#include <tesela/core/config.hpp>
#if __has_include(<tesela/tesela.hpp>)
#include <tesela/tesela.hpp>
#endif

int second() { return 0; }
