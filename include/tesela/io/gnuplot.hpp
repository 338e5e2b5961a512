// SPDX-License-Identifier: MIT
// Runs gnuplot, where it is installed: a script in, a picture's bytes out.
//
// gnuplot is a program and no library. No shell takes part and no path of the user's reaches
// gnuplot, so no name can be mistaken for a command.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"

#include <cerrno>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace tesela::io {

namespace detail {

using unnamed_file = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

inline unnamed_file open_unnamed() {
  unnamed_file file(std::tmpfile(), &std::fclose);
  if (!file) throw io_error("cannot make a temporary file for gnuplot");
  return file;
}

inline std::string content_of(std::FILE* file) {
  std::string content;
  std::rewind(file);
  char piece[4096];
  for (std::size_t n = 0; (n = std::fread(piece, 1, sizeof piece, file)) > 0;) {
    content.append(piece, n);
  }
  return content;
}

}  // namespace detail

// What `script` writes to its standard output; nothing if there is no gnuplot. Throws io_error with
// gnuplot's own words when it refuses the script.
inline std::optional<std::string> run_gnuplot(std::string_view script,
                                              const char* program = "gnuplot") {
  // Files and not pipes: neither side can block the other or die of SIGPIPE.
  const auto in = detail::open_unnamed(), out = detail::open_unnamed(),
             complaints = detail::open_unnamed();
  if (std::fwrite(script.data(), 1, script.size(), in.get()) != script.size() ||
      std::fflush(in.get()) != 0) {
    throw io_error("cannot write a temporary file for gnuplot");
  }
  std::rewind(in.get());

  posix_spawn_file_actions_t redirections;
  ::posix_spawn_file_actions_init(&redirections);
  ::posix_spawn_file_actions_adddup2(&redirections, ::fileno(in.get()), 0);
  ::posix_spawn_file_actions_adddup2(&redirections, ::fileno(out.get()), 1);
  ::posix_spawn_file_actions_adddup2(&redirections, ::fileno(complaints.get()), 2);
  std::string name = program;
  char* arguments[] = {name.data(), nullptr};
  pid_t child = 0;
  const int failure =
      ::posix_spawnp(&child, program, &redirections, nullptr, arguments, ::environ);
  ::posix_spawn_file_actions_destroy(&redirections);
  if (failure != 0) return std::nullopt;

  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  std::string picture = detail::content_of(out.get());
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0 || picture.empty()) {
    std::string words = detail::content_of(complaints.get());
    for (char& c : words) c = c == '\n' ? ' ' : c;
    throw io_error(compose("gnuplot failed ({})", words.empty() ? "without a word" : words));
  }
  return picture;
}

}  // namespace tesela::io
