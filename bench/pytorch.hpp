// SPDX-License-Identifier: MIT
// PyTorch as a contestant: a Python process that stays alive and does steps on command, so that its
// samples alternate with ours.
#pragma once

#include "timer.hpp"

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>

namespace bench {

class pytorch {
 public:
  pytorch() = default;
  pytorch(const pytorch&) = delete;
  pytorch& operator=(const pytorch&) = delete;
  ~pytorch();

  // PyTorch doing the work of case `name` in its fastest variant; none if it is not installed.
  std::optional<contestant> prepare(const std::string& name, std::size_t threads);
  // "PyTorch: not installed", for results without it.
  const std::string& absence() const { return absence_; }

 private:
  void start(std::size_t threads);
  void stop();
  std::string ask(const std::string& question);

  std::size_t threads_ = 0;  // that the process was started for
  std::FILE *to_ = nullptr, *from_ = nullptr;
  long process_ = 0;
  std::string absence_;
};

}  // namespace bench
