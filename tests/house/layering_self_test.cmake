# SPDX-License-Identifier: MIT
# layering.cmake must accept a good tree and find each fault planted in it.
#   cmake -D WORK=<folder to use> -P layering_self_test.cmake
cmake_minimum_required(VERSION 3.25)

set(opening "// SPDX-License-Identifier: MIT\n// A header.\n")
set(toggle "#if defined(G) == defined(HWY_TARGET_TOGGLE)\n")

# check(<expected complaint, or GOOD> [<file> <content>]): a good tree plus one file.
function(check expected)
  file(REMOVE_RECURSE "${WORK}")
  set(root "${WORK}/include/tesela")
  file(WRITE "${root}/core/a.hpp" "${opening}#pragma once\n#include <vector>\n")
  file(WRITE "${root}/core/a.ipp" "${opening}#pragma once\n#include \"tesela/core/a.hpp\"\n")
  file(WRITE "${root}/shape/b.hpp" "${opening}#pragma once\n#include \"tesela/core/a.hpp\"\n")
  file(WRITE "${root}/kernel/isa-inl.hpp" "${opening}${toggle}#include <hwy/highway.h>\n#endif\n")
  file(WRITE "${root}/kernel/k-inl.hpp"
    "${opening}${toggle}#include \"tesela/kernel/isa-inl.hpp\"\n#endif\n")
  file(WRITE "${root}/network/n.hpp"
    "${opening}#pragma once\n#include \"tesela/kernel/isa-inl.hpp\"\n")
  file(WRITE "${root}/data/compose.hpp" "${opening}#pragma once\n#include <fmt/core.h>\n")
  file(WRITE "${root}/io/f.hpp" "${opening}#pragma once\n#include \"tesela/data/compose.hpp\"\n")
  file(WRITE "${root}/tesela.hpp" "${opening}#pragma once\n#include \"tesela/io/f.hpp\"\n")
  if(ARGC GREATER 1)
    file(WRITE "${root}/${ARGV1}" "${ARGV2}")
  endif()
  execute_process(
    COMMAND "${CMAKE_COMMAND}" -D "INCLUDE=${WORK}/include"
      -P "${CMAKE_CURRENT_LIST_DIR}/layering.cmake"
    RESULT_VARIABLE code OUTPUT_VARIABLE said ERROR_VARIABLE said)
  if(expected STREQUAL "GOOD")
    if(NOT code EQUAL 0)
      message(SEND_ERROR "a good tree is refused: ${said}")
    endif()
  elseif(code EQUAL 0 OR NOT said MATCHES "include/tesela/${ARGV1}: [^\n]*${expected}"
         OR NOT said MATCHES "1 complaints about")
    message(SEND_ERROR "${ARGV1}: expected the one complaint '${expected}', got (${code}): ${said}")
  endif()
endfunction()

set(once "${opening}#pragma once\n")
check(GOOD)
check("core is not above shape" core/up.hpp "${once}#include \"tesela/shape/b.hpp\"\n")
check("must not include the umbrella" core/all.hpp
  "${once}  #  include \"tesela/tesela.hpp\"\n")
check("train is not above io" train/t.hpp "${once}#include \"tesela/io/f.hpp\"\n")
check("data must not know network" data/d.hpp "${once}#include \"tesela/network/n.hpp\"\n")
check("only kernel/ includes Highway" layer/l.hpp "${once}#include <hwy/base.h>\n")
check("only kernel/ opens" layer/l.hpp "${once}#include \"tesela/kernel/k-inl.hpp\"\n")
check("may only live in kernel" layer/l-inl.hpp "${opening}${toggle}#endif\n")
check("toggled guard instead" kernel/l-inl.hpp "${once}${toggle}#endif\n")
check("toggled guard instead" kernel/l-inl.hpp "${opening}int x;\n")
check("lacks #pragma once" core/l.hpp "${opening}int x;\n")
check("SPDX line and one sentence" core/l.hpp "#pragma once\n\n#pragma once\n")
check("which does not exist" core/l.hpp "${once}#include \"tesela/core/gone.hpp\"\n")
check("write our own headers as" core/l.hpp "${once}#include <tesela/core/a.hpp>\n")
check("quotes are for our own headers" core/l.hpp "${once}#include \"a.hpp\"\n")
check("compose.hpp alone" io/l.hpp "${once}#include <fmt/core.h>\n")
check("the library reads JSON with" io/l.hpp "${once}#include <nlohmann/json.hpp>\n")
check("too dear" io/l.hpp "${once}#include <iostream>\n")
check("include single Hana headers" core/l.hpp "${once}#include <boost/hana.hpp>\n")
check("test framework" core/l.hpp "${once}#include <boost/test/unit_test.hpp>\n")
check("has no l.hpp beside it" core/l.ipp "${once}")
check("included by their own header alone" shape/l.hpp "${once}#include \"tesela/core/a.ipp\"\n")
check("is no floor" cellar/l.hpp "${once}")
check("not of the form" core/Readme.txt "hello\n")
string(REPEAT "int x;\n" 600 long)
check("split it at 600" core/long.hpp "${once}${long}")
