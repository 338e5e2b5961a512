// SPDX-License-Identifier: MIT
// Starts pytorch_step.py and talks to it, one line a question, one line an answer.
#include "pytorch.hpp"

#include "context.hpp"

#include <fmt/format.h>

#include <csignal>
#include <cstdlib>
#include <string>
#include <utility>

#include <sys/wait.h>
#include <unistd.h>

namespace bench {

pytorch::~pytorch() { stop(); }

void pytorch::stop() {
  if (to_ != nullptr) std::fclose(std::exchange(to_, nullptr));  // the end of its input ends the script
  if (from_ != nullptr) std::fclose(std::exchange(from_, nullptr));
  if (process_ > 0) waitpid(static_cast<pid_t>(std::exchange(process_, 0)), nullptr, 0);
}

// A process for each number of threads: threads that were started for more would spin beside
// everybody's single one.
void pytorch::start(std::size_t threads) {
  if (std::exchange(threads_, threads) == threads) return;
  stop();
  std::signal(SIGPIPE, SIG_IGN);  // a script that ended shows as an answer that does not come
  int questions[2], answers[2];
  if (pipe(questions) != 0 || pipe(answers) != 0) throw std::runtime_error("cannot make a pipe");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot start a process for PyTorch");
  if (child == 0) {
    dup2(questions[0], 0);
    dup2(answers[1], 1);
    for (const int end : {questions[0], questions[1], answers[0], answers[1]}) close(end);
    setenv("OMP_NUM_THREADS", std::to_string(threads).c_str(), 1);
    execlp("python3", "python3", "-W", "ignore", TESELA_BENCH_SOURCE "/bench/pytorch_step.py",
           static_cast<char*>(nullptr));
    _exit(127);
  }
  close(questions[0]);
  close(answers[1]);
  process_ = child;
  to_ = fdopen(questions[1], "w");
  from_ = fdopen(answers[0], "r");
  char line[256] = "";
  const bool answered = std::fgets(line, sizeof line, from_) != nullptr;
  absence_ = answered && std::string(line) == "ready\n" ? "" : "PyTorch: not installed";
}

std::string pytorch::ask(const std::string& question) {
  std::fprintf(to_, "%s\n", question.c_str());
  std::fflush(to_);
  char line[512] = "";
  require(std::fgets(line, sizeof line, from_) != nullptr,
          "PyTorch's process ended on '" + question + "'");
  std::string answer = line;
  answer.pop_back();
  require(answer.starts_with("ok "), "PyTorch, on '" + question + "': " + answer);
  return answer.substr(3);
}

std::optional<contestant> pytorch::prepare(const std::string& name, std::size_t threads) {
  start(threads);
  if (!absence_.empty()) return std::nullopt;
  const std::string variant = ask(fmt::format("prepare {} {}", name, threads));
  return contestant{"PyTorch", variant, [this](std::size_t times) {
                      return std::strtod(ask(fmt::format("run {}", times)).c_str(), nullptr);
                    }};
}

}  // namespace bench
