// SPDX-License-Identifier: MIT
// What a benchmark says: the circumstances, one line a result, and all of it as JSON.
#pragma once

#include "timer.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bench {

// One of the others doing the same work in the same minutes.
struct peer {
  std::string name, note;
  double value = 0, median = 0;
  double ratio = 0;  // how many times as fast as the peer Tesela is, best against best
};

struct result {
  std::string name, note, unit;
  std::size_t threads = 1;
  double value = 0, median = 0;  // of the best sample and of the median one, in `unit`
  std::optional<double> gflops, percent_of_peak;
  std::vector<peer> peers;
  std::vector<std::string> missing;  // "oneDNN: not installed"
};

// How seconds become the unit of a result.
struct measure {
  std::string unit;           // "images/s", "us", "GB/s", ...
  double amount = 1;          // images, bytes, ... of one unit of work; 0: the value is the time
  double time_scale = 1;      // then: 1e6 for microseconds
  double operations = 0;      // floating-point, of one unit of work; 0: none worth counting

  double value(double seconds) const {
    return amount > 0 ? amount / seconds : seconds * time_scale;
  }
};

// Contestant 0 is Tesela, the others are its peers.
result make_result(std::string name, std::size_t threads, const measure& in,
                   const std::vector<contestant>& contestants, const race_result& race);

class report {
 public:
  report();  // finds out where it runs

  void print_header() const;
  void add(result one);  // prints it, too
  void print_footer() const;
  // Throws std::runtime_error where the file cannot be written.
  void write_json(const std::string& path) const;

 private:
  struct fact {
    std::string name, value;
  };
  std::vector<fact> facts_;
  std::vector<result> results_;
};

}  // namespace bench
