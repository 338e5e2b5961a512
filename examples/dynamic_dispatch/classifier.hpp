// SPDX-License-Identifier: MIT
// A network behind an interface: who uses it knows neither its type nor the instruction set it runs
// on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

class classifier {
 public:
  virtual ~classifier() = default;
  // One training step on images of 3x32x32 floats; the mean loss before it.
  virtual double train(std::span<const float> images, std::span<const std::int32_t> labels) = 0;
  // Ten numbers an image, valid until the next call.
  virtual std::span<const float> scores(std::span<const float> images) = 0;
  virtual std::string instruction_set() const = 0;
};

// What this program was compiled for and this machine can run, the best one first.
std::vector<std::string> instruction_sets();

// On the best instruction set there is, or, to see what other machines would do, without the `less`
// best.
std::unique_ptr<classifier> make_classifier(std::size_t less = 0);
