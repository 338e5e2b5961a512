// SPDX-License-Identifier: MIT
// Definitions of print.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/train/print.hpp"
#include "tesela/train/report.hpp"

#include <cmath>
#include <cstddef>
#include <span>
#include <string>

namespace tesela {

[[gnu::cold]] TESELA_INLINE std::string text_of(const metrics& m) {
  if (m.samples == 0) return "no samples";
  const std::string loss = compose("loss {:.4f}", m.loss);
  return std::isnan(m.accuracy) ? loss : compose("{}, accuracy {:.2f} %", loss, 100 * m.accuracy);
}

[[gnu::cold]] TESELA_INLINE std::string text_of(const epoch_report& report) {
  const std::string train =
      compose("epoch {} of {}: {}", report.epoch, report.epochs, text_of(report.train));
  return report.validation.samples == 0
             ? train
             : compose("{}, validation {}", train, text_of(report.validation));
}

namespace detail {

[[gnu::cold]] TESELA_INLINE std::string nested(std::span<const float> numbers,
                                               std::span<const std::size_t> shape, const char* each) {
  if (shape.empty()) {
    const format_value number = as_format_value(numbers[0]);
    return composed(each, &number, 1);
  }
  std::string words = "[";
  const std::size_t count = numbers.size() / shape[0];
  for (std::size_t i = 0; i < shape[0]; ++i) {
    if (i != 0) words += ", ";
    words += nested(numbers.subspan(i * count, count), shape.subspan(1), each);
  }
  return words + "]";
}

}  // namespace detail

}  // namespace tesela
