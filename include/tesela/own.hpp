// SPDX-License-Identifier: MIT
// For a file with mathematics of its own that links libtesela (docs/build_time.md): an activation, a
// loss, an optimiser or an expression the component has no kernels of. They are compiled in the file.
// Without the component every file has what is in here.
#pragma once

#include "tesela/kernel/isa_templates-inl.hpp"
#include "tesela/train/update_kernels.ipp"
