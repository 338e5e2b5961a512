// SPDX-License-Identifier: MIT
// Prints results and writes them as JSON.
#include "report.hpp"

#include "tesela/core/config.hpp"
#include "tesela/kernel/isa-inl.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <utility>

namespace bench {

namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

// What a command prints first; empty where it fails.
std::string output_of(const std::string& command) {
  struct close {
    void operator()(std::FILE* file) const { pclose(file); }
  };
  const std::unique_ptr<std::FILE, close> pipe(popen((command + " 2>/dev/null").c_str(), "r"));
  char line[256] = "";
  if (pipe == nullptr || std::fgets(line, sizeof line, pipe.get()) == nullptr) return {};
  return first_line(line);
}

std::string commit() {
  const std::string git = "git -C '" TESELA_BENCH_SOURCE "' ";
  const std::string hash = output_of(git + "rev-parse --short HEAD");
  if (hash.empty()) return "unknown";
  const bool changed = !output_of(git + "status --porcelain -- include bench").empty();
  return hash + (changed ? " with local changes" : "");
}

std::string cpu() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

std::string load() {
  std::ifstream file("/proc/loadavg");
  std::string one, five, fifteen;
  file >> one >> five >> fifteen;
  return one.empty() ? "unknown" : one + " " + five + " " + fifteen;
}

std::string date() {
  const std::time_t seconds = std::time(nullptr);
  char text[32] = "";
  std::tm parts{};
  std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", gmtime_r(&seconds, &parts));
  return text;
}

// Four digits, whatever the size.
std::string number(double value) {
  if (value >= 1000) return fmt::format("{:.0f}", value);
  return fmt::format("{:.4g}", value);
}

}  // namespace

result make_result(std::string name, std::size_t threads, const measure& in,
                   const std::vector<contestant>& contestants, const race_result& race) {
  const measurement& ours = race.of.front();
  result r;
  r.name = std::move(name);
  r.note = contestants.front().note;
  r.unit = in.unit;
  r.threads = threads;
  r.value = in.value(ours.best);
  r.median = in.value(ours.median);
  if (in.operations > 0) {
    r.gflops = in.operations / ours.best * 1e-9;
    r.percent_of_peak = 100 * in.operations / ours.best / race.peak;
  }
  for (std::size_t i = 1; i < contestants.size(); ++i) {
    const measurement& theirs = race.of[i];
    r.peers.push_back({contestants[i].name, contestants[i].note, in.value(theirs.best),
                       in.value(theirs.median), theirs.best / ours.best});
  }
  return r;
}

report::report() {
  facts_ = {{"tesela", fmt::format("{}.{}.{}", TESELA_VERSION_MAJOR, TESELA_VERSION_MINOR,
                                   TESELA_VERSION_PATCH)},
            {"commit", commit()},
            {"compiler", TESELA_BENCH_COMPILER},
            {"flags", TESELA_BENCH_FLAGS},
            {"simd", std::string(tesela::simd_target)},
            {"cpu", cpu()},
            {"processors", std::to_string(tesela::hardware_threads())},
            {"date", date()},
            {"load", load()}};
}

void report::print_header() const {
  for (const fact& one : facts_) fmt::print("{:<11} {}\n", one.name, one.value);
  fmt::print(
      "\nBest of many alternating rounds (median in brackets); 'x PEER' is how many times as fast\n"
      "as the peer; GFLOP/s count a textbook's operations, % is of the best multiply-add peak seen.\n\n");
  std::fflush(stdout);
}

void report::add(result one) {
  fmt::print("{:<30} {}T {:>8} {} ({})", one.name, one.threads, number(one.value), one.unit,
             number(one.median));
  if (one.gflops) {
    fmt::print("  {} GFLOP/s  {:.0f} %", number(*one.gflops), *one.percent_of_peak);
  }
  for (const peer& other : one.peers) {
    fmt::print("  | {:.2f} x {} {} ({})", other.ratio, other.name, number(other.value),
               number(other.median));
    if (!other.note.empty()) fmt::print(" [{}]", other.note);
  }
  for (const std::string& absent : one.missing) fmt::print("  | {}", absent);
  if (!one.note.empty()) fmt::print("  ({})", one.note);
  fmt::print("\n");
  std::fflush(stdout);
  results_.push_back(std::move(one));
}

void report::print_footer() const { fmt::print("\nload at the end: {}\n", load()); }

void report::write_json(const std::string& path) const {
  nlohmann::json all;
  for (const fact& one : facts_) all[one.name] = one.value;
  all["load_at_end"] = load();
  all["results"] = nlohmann::json::array();
  for (const result& r : results_) {
    nlohmann::json line = {{"name", r.name},   {"threads", r.threads}, {"unit", r.unit},
                           {"value", r.value}, {"median", r.median}};
    if (!r.note.empty()) line["note"] = r.note;
    if (r.gflops) {
      line["gflops"] = *r.gflops;
      line["percent_of_peak"] = *r.percent_of_peak;
    }
    line["peers"] = nlohmann::json::array();
    for (const peer& p : r.peers) {
      line["peers"].push_back({{"name", p.name},
                               {"note", p.note},
                               {"value", p.value},
                               {"median", p.median},
                               {"ratio", p.ratio}});
    }
    line["missing"] = r.missing;
    all["results"].push_back(std::move(line));
  }
  std::ofstream file(path);
  file << all.dump(2) << '\n';
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
}

}  // namespace bench
