// expected-error: mistake<"a sentence that is long enough for clang to cut it into several pieces">
// SPDX-License-Identifier: MIT
// A mistake of its own making, in the form of core/diagnostics.hpp: the runner must accept it.
#include "tesela/core/diagnostics.hpp"

#ifdef TESELA_MISTAKE
constexpr auto size = sizeof(tesela::mistake_of<tesela::sentence(
    "a sentence that is long enough for clang to cut it into several pieces")>);
#endif
