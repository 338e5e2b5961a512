# SPDX-License-Identifier: MIT
# Installation: headers, the exported target tesela::tesela and the files find_package(tesela) reads.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# Of the headers nothing depends on the architecture, so the package lives under share/; with libtesela
# it is for one kind of machine.
set(tesela_package_dir "${CMAKE_INSTALL_DATADIR}/cmake/tesela")
set(tesela_any_machine ARCH_INDEPENDENT)

install(TARGETS tesela EXPORT tesela-targets FILE_SET HEADERS FILE_SET definitions)
if(TESELA_BUILD_COMPILED)
  set(tesela_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/tesela")
  set(tesela_any_machine "")
  install(TARGETS tesela_compiled EXPORT tesela-targets)
endif()
install(EXPORT tesela-targets NAMESPACE tesela:: DESTINATION "${tesela_package_dir}")

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/tesela-config.cmake.in" "${PROJECT_BINARY_DIR}/tesela-config.cmake"
  INSTALL_DESTINATION "${tesela_package_dir}")
# Before 1.0 a minor version may break its users.
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/tesela-config-version.cmake"
  COMPATIBILITY SameMinorVersion ${tesela_any_machine})
install(
  FILES
    "${PROJECT_BINARY_DIR}/tesela-config.cmake"
    "${PROJECT_BINARY_DIR}/tesela-config-version.cmake"
    "${CMAKE_CURRENT_LIST_DIR}/tesela_simd.cmake"
  DESTINATION "${tesela_package_dir}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
