// SPDX-License-Identifier: MIT
// Times contestants against each other in one process, and the multiply-add peak between them.
//
// Machines are noisy and change their speed: contestants therefore take turns, round after round, and
// what counts is the best sample of each, beside the best peak seen in the same minutes. The median
// tells how noisy it was.
#pragma once

#include "contestant.hpp"

#include "tesela/kernel/parallel.hpp"
#include "tesela/kernel/simd-inl.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <thread>
#include <vector>

namespace bench {

// Runs independent chains of multiply-adds, enough to fill two units of latency 4 or 5, and returns
// their floating-point operations.
inline double multiply_adds(std::size_t repetitions) {
  namespace simd = tesela::HWY_NAMESPACE;
  namespace hn = simd::hn;
  constexpr std::size_t chains = 12;
  const simd::D d;
  const simd::V factor = hn::Set(d, 0.999f), summand = hn::Set(d, 1e-3f);
  simd::V sums[chains];
  for (std::size_t i = 0; i < chains; ++i) sums[i] = hn::Set(d, static_cast<float>(i + 1));
  for (std::size_t r = 0; r < repetitions; ++r) {
    for (std::size_t i = 0; i < chains; ++i) sums[i] = hn::MulAdd(sums[i], factor, summand);
  }
  float out[simd::kLanes];
  for (std::size_t i = 1; i < chains; ++i) sums[0] = hn::Add(sums[0], sums[i]);
  hn::StoreU(sums[0], d, out);
  keep(out);
  return 2.0 * static_cast<double>(chains * simd::kLanes * repetitions);
}

// Operations a second of `threads` threads together, over about half a millisecond.
inline double peak_sample(std::size_t threads) {
  constexpr std::size_t repetitions = 100'000;
  double operations = 0;
  const double start = now();
  tesela::parallel_for(threads, threads, [&](std::size_t i) {
    const double mine = multiply_adds(repetitions);
    if (i == 0) operations = mine * static_cast<double>(threads);
  });
  return operations / (now() - start);
}

struct effort {
  std::size_t rounds = 40;       // per contestant
  double sample_seconds = 0.03;  // the least a sample lasts
  double total_seconds = 30;     // rounds end early after this, but there are at least five
  double rest_seconds = 0;       // between samples: the other's threads may still be spinning
};

struct measurement {
  double best = std::numeric_limits<double>::infinity();  // seconds for one unit of work
  double median = 0;
  std::vector<double> samples;
};

struct race_result {
  std::vector<measurement> of;  // in the order of the contestants
  double peak = 0;              // floating-point operations a second, best seen
};

inline race_result race(const std::vector<contestant>& contestants, const effort& with,
                        std::size_t threads) {
  race_result result;
  result.of.resize(contestants.size());
  const auto rest = [&] {
    if (with.rest_seconds > 0) {
      std::this_thread::sleep_for(std::chrono::duration<double>(with.rest_seconds));
    }
  };

  std::vector<std::size_t> times;
  for (const contestant& one : contestants) {  // warm-up: caches, pages, clocks, and how many fit
    rest();
    one.run(1);
    std::size_t n = 1;
    double seconds = one.run(n);
    while (seconds < with.sample_seconds / 4 && n < (std::size_t{1} << 30)) {
      n *= 2;
      seconds = one.run(n);
    }
    const double wanted = with.sample_seconds * static_cast<double>(n) / seconds;
    times.push_back(std::max<std::size_t>(1, static_cast<std::size_t>(wanted)));
  }

  const double start = now();
  for (std::size_t round = 0; round < with.rounds; ++round) {
    if (round >= 5 && now() - start > with.total_seconds) break;
    for (std::size_t i = 0; i < contestants.size(); ++i) {
      rest();
      result.peak = std::max(result.peak, peak_sample(threads));
      if (times[i] > 4) contestants[i].run(1);  // the others have emptied the caches
      const double seconds = contestants[i].run(times[i]) / static_cast<double>(times[i]);
      result.of[i].samples.push_back(seconds);
      result.of[i].best = std::min(result.of[i].best, seconds);
    }
  }
  for (measurement& one : result.of) {
    std::vector<double> sorted = one.samples;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    one.median = *middle;
  }
  return result;
}

}  // namespace bench
