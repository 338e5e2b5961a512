# SPDX-License-Identifier: MIT
# Compiler flags that give Highway the instruction set one means; installed with the package.
#
#   tesela_target_simd(<target> native|v3|v4|baseline|scalar)
#
#   native    the machine that compiles
#   v3, v4    x86-64-v3 (AVX2) and x86-64-v4 (AVX-512)
#   baseline  the compiler's default; with Highway 1.0.3 on x86-64 that is scalar code
#   scalar    no SIMD at all, whatever the flags
#
# Highway takes AVX2 and above only together with AES and PCLMUL, which x86-64-v3 and -v4 leave out:
# with -march=x86-64-v3 alone it silently falls back to 128-bit SSSE3.
# Highway 1.0.3 does not compile with -march=native on a CPU with AVX3_DL (Ice Lake and later)
# unless HWY_WANT_AVX3_DL is defined; later versions do not mind it.
include_guard(GLOBAL)
include(CheckCXXCompilerFlag)
include(CheckCXXSourceCompiles)

function(_tesela_simd_flags level options_out definitions_out)
  set(is_x86 OFF)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64|i[3-6]86)$")
    set(is_x86 ON)
  endif()
  set(options "")
  set(definitions "")
  if(level STREQUAL "native")
    if(is_x86)
      set(options -march=native)
      set(definitions HWY_WANT_AVX3_DL=1)
      # Clang 19 knows a CPU with AVX-512 as one with half of AVX10.1 as well, and says for every function
      # that names its instruction set that this goes with the whole.
      if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        check_cxx_compiler_flag(-Winvalid-feature-combination TESELA_WARNS_OF_FEATURE_COMBINATIONS)
        if(TESELA_WARNS_OF_FEATURE_COMBINATIONS)
          list(APPEND options -Wno-invalid-feature-combination)
        endif()
      endif()
    else()
      set(options -mcpu=native)
    endif()
  elseif(level MATCHES "^v[34]$")
    if(NOT is_x86)
      message(FATAL_ERROR
        "tesela: instruction set '${level}' is x86-64 only, this is ${CMAKE_SYSTEM_PROCESSOR}")
    endif()
    set(options -march=x86-64-${level} -maes -mpclmul)
  elseif(level STREQUAL "scalar")
    set(definitions HWY_COMPILE_ONLY_SCALAR=1)
  elseif(NOT level STREQUAL "baseline")
    message(FATAL_ERROR
      "tesela: unknown instruction set '${level}': choose native, v3, v4, baseline or scalar")
  endif()
  set(${options_out} "${options}" PARENT_SCOPE)
  set(${definitions_out} "${definitions}" PARENT_SCOPE)
endfunction()

function(tesela_target_simd target level)
  _tesela_simd_flags("${level}" options definitions)
  set(scope PRIVATE)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL "INTERFACE_LIBRARY")
    set(scope INTERFACE)
  endif()
  target_compile_options(${target} ${scope} ${options})
  target_compile_definitions(${target} ${scope} ${definitions})
endfunction()

# Warns when the flags of `level` leave Highway without SIMD, which nobody should measure by mistake.
function(tesela_check_simd level)
  _tesela_simd_flags("${level}" options definitions)
  if(level STREQUAL "scalar")
    return()
  endif()
  list(TRANSFORM definitions PREPEND -D)
  list(JOIN options " " CMAKE_REQUIRED_FLAGS)
  set(CMAKE_REQUIRED_DEFINITIONS ${definitions})
  set(CMAKE_REQUIRED_LIBRARIES hwy::hwy)
  set(CMAKE_REQUIRED_QUIET ON)
  string(MAKE_C_IDENTIFIER "TESELA_HIGHWAY_HAS_SIMD_${level}_${CMAKE_CXX_FLAGS}" result)
  check_cxx_source_compiles("
    #include <hwy/detect_targets.h>
    #if HWY_STATIC_TARGET == HWY_SCALAR || HWY_STATIC_TARGET == HWY_EMU128
    #error no SIMD
    #endif
    int main() {}" ${result})
  if(NOT ${result})
    message(WARNING
      "tesela: with instruction set '${level}' Highway falls back to scalar code, many times "
      "slower: configure with -DTESELA_SIMD=native (or v3, v4)")
  endif()
endfunction()
