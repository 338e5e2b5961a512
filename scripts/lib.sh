# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# Shared by scripts/test and scripts/demo: what must be installed, and how many jobs a build may use.
# The caller sets `me`, its name in messages.
: "${me:?}"

say() { printf '%s: %s\n' "${me}" "$*"; }

fail() {  # fail <exit code> <sentence>
  printf '%s: %s\n' "${me}" "$2" >&2
  exit "$1"
}

# Whether a package of apt's is installed. Tools count wherever they come from.
has_package() {
  case "$1" in
    g++) command -v "${CXX:-g++}" >/dev/null ;;
    cmake) command -v cmake >/dev/null ;;
    ninja-build) command -v ninja >/dev/null ;;
    gnuplot-nox) command -v gnuplot >/dev/null ;;
    *) [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" == installed ]] ;;
  esac
}

# apt-get as root; `sudo` is used only when we are not.
apt_get() {
  local as_root=(env)
  [[ "${EUID}" -eq 0 ]] || as_root=(sudo env)
  "${as_root[@]}" DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@"
}

# install_missing <package>...: installs those that are not there; silent when all are.
install_missing() {
  local missing=() package
  for package in "$@"; do
    has_package "${package}" || missing+=("${package}")
  done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if ! command -v apt-get >/dev/null; then
    say "apt-get not found: please install what Debian calls ${missing[*]}; trying without"
    return 0
  fi
  if [[ "${EUID}" -ne 0 ]] && ! command -v sudo >/dev/null; then
    fail 1 "please have root run this first: apt-get install ${missing[*]}"
  fi
  say "installing with apt-get: ${missing[*]}"
  if ! apt_get update >/dev/null; then
    fail 1 "apt-get update failed: check the network and /etc/apt/sources.list"
  fi
  if ! apt_get install --no-install-recommends "${missing[@]}"; then
    fail 1 "apt-get could not install: ${missing[*]}"
  fi
}

# Clang with its sanitizer runtimes: the oldest supported one that the system offers.
install_clang() {
  local version
  if [[ -n "${CXX:-}" ]]; then return 0; fi
  for version in 16 17 18 19 20 21; do
    if command -v "clang++-${version}" >/dev/null; then
      install_missing "libclang-rt-${version}-dev"
      return 0
    fi
  done
  if command -v apt-get >/dev/null; then
    apt_get update >/dev/null || fail 1 "apt-get update failed: check the network"
    for version in 16 17 18 19 20 21; do
      if apt-cache show "clang-${version}" >/dev/null 2>&1; then
        install_missing "clang-${version}" "libclang-rt-${version}-dev"
        return 0
      fi
    done
  fi
  fail 1 "found no clang++ of version 16 or newer: install one, or name it in CXX"
}

# At most two jobs, and about 2 GB of memory for each: templates are hungry.
build_jobs() {
  local jobs memory_gb
  jobs="$(nproc)"
  memory_gb="$(awk '/^MemAvailable:/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || echo 4)"
  if ((jobs > memory_gb / 2)); then jobs=$((memory_gb / 2)); fi
  if ((jobs > 2)); then jobs=2; fi
  if ((jobs < 1)); then jobs=1; fi
  echo "${jobs}"
}
