// SPDX-License-Identifier: MIT
// Trains the same network on every instruction set of this machine, in one program, and compares.
//   dynamic_dispatch [steps]
#include "classifier.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

int main(int argc, char** argv) {
  const int steps = argc > 1 ? std::atoi(argv[1]) : 20;
  constexpr std::size_t batch = 64, image = 3 * 32 * 32;
  std::vector<float> images(batch * image);
  std::vector<std::int32_t> labels(batch);
  std::uint32_t state = 1;
  const auto next = [&] { return (state = state * 1664525u + 1013904223u) >> 16; };
  for (float& pixel : images) pixel = static_cast<float>(next() % 256) / 128 - 1;
  for (std::int32_t& label : labels) label = static_cast<std::int32_t>(next() % 10);

  std::vector<float> expected;
  double expected_loss = 0;
  const std::vector<std::string> names = instruction_sets();
  for (std::size_t less = 0; less < names.size(); ++less) {
    const std::unique_ptr<classifier> net = make_classifier(less);
    if (net->instruction_set() != names[less]) {
      std::printf("expected %s, but %s runs\n", names[less].c_str(),
                  net->instruction_set().c_str());
      return 1;
    }
    const auto first = net->scores(images);
    if (less == 0) expected.assign(first.begin(), first.end());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      if (!(std::abs(first[i] - expected[i]) < 1e-4f)) {
        std::printf("%s: scores differ from those of %s\n", names[less].c_str(), names[0].c_str());
        return 1;
      }
    }
    double loss = 0, best = 1e9;
    for (int i = 0; i < steps; ++i) {
      const auto begin = std::chrono::steady_clock::now();
      loss = net->train(images, labels);
      best = std::min(
          best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    if (less == 0) expected_loss = loss;
    std::printf("%-8s loss %.4f after %d steps, %.3f ms a step of %zu images\n",
                names[less].c_str(), loss, steps, 1e3 * best, batch);
    if (!(std::abs(loss - expected_loss) < 0.01)) return 1;
  }
}
