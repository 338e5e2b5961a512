# SPDX-License-Identifier: MIT
# Cross-compiles for 64-bit Arm on Debian and Ubuntu, and runs what it builds under user-mode emulation.
# Needs g++-aarch64-linux-gnu and qemu-user, and the libraries from `dpkg --add-architecture arm64`.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64)
# g++ notes that it passes some arguments otherwise than g++ 9 did: of no use to programs in one piece.
set(CMAKE_CXX_FLAGS_INIT -Wno-psabi)
