// SPDX-License-Identifier: MIT
// What a program must know of libtesela, the compiled component (CMake: tesela::compiled): which
// mathematics it has kernels of, and for which instruction set.
#pragma once

#include "tesela/core/diagnostics.hpp"

#include <string_view>

#define TESELA_QUOTE_(x) #x
#define TESELA_QUOTE(x) TESELA_QUOTE_(x)

namespace tesela {

// Mathematics are activations' programs, plans of tensors and updates of parameters; those that src/
// instantiates kernels of say so by a specialisation.
template <class Mathematics>
inline constexpr bool is_compiled = false;

namespace detail {
// Complete in a file that has the definitions of kernel templates.
template <class Mathematics>
struct kernel_templates;
}  // namespace detail

template <class Mathematics>
concept HasKernels = is_compiled<Mathematics> || requires {
  sizeof(detail::kernel_templates<Mathematics>);
};

// "N_AVX2" -> "AVX2"
constexpr std::string_view target_name(std::string_view highway) { return highway.substr(2); }

#ifdef TESELA_COMPILED
namespace detail {
template <sentence Complaint>
constexpr bool no_complaint() {
  if constexpr (!Complaint.empty()) {
    return sizeof(tell<mistake_of<Complaint>>()) != 0;
  } else {
    return true;
  }
}
}  // namespace detail

// TESELA_COMPILED is Highway's name of the instruction set that libtesela was compiled for.
template <text File>
constexpr bool is_libtesela_for() {
  constexpr std::string_view library = TESELA_QUOTE(TESELA_COMPILED);
  constexpr sentence complaint =
      library == File.view()
          ? sentence{}
          : sentence("tesela: libtesela was compiled for ")
                << target_name(library) << ", but this file for " << target_name(File.view())
                << ": give both the same instruction set (tesela_target_simd)";
  return detail::no_complaint<complaint>();
}
#endif

}  // namespace tesela
