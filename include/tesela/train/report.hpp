// SPDX-License-Identifier: MIT
// What training tells about itself.
#pragma once

#include "tesela/core/diagnostics.hpp"

#include <compare>
#include <cstddef>
#include <limits>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tesela {

namespace detail {
// double e = trainer.evaluate(test), trainer.evaluate(test) > 0.9.
template <class Number>
struct number_of_metrics {
  static constexpr sentence complaint =
      "tesela: evaluate gives the loss and the accuracy together: write "
      "evaluate(test).accuracy or evaluate(test).loss";
};
}  // namespace detail

// A network's performance on a set of samples.
struct metrics {
  double loss = std::numeric_limits<double>::quiet_NaN();      // mean over samples, by their weights
  double accuracy = std::numeric_limits<double>::quiet_NaN();  // 0 to 1; NaN where samples have targets
  std::size_t samples = 0;

  // Which of them is one number would have to be guessed.
  template <class Number>
    requires std::is_arithmetic_v<Number>
  operator Number() const {
    return (void)sizeof(tell<mistake_in<detail::number_of_metrics<Number>>>()), Number{};
  }
  template <class Number>
    requires std::is_arithmetic_v<Number>
  friend auto operator<=>(const metrics&, Number) {
    return sizeof(tell<mistake_in<detail::number_of_metrics<Number>>>());
  }
};

// While an epoch runs. Loss and accuracy are means over the epoch's samples so far.
struct batch_report {
  std::size_t epoch = 0, epochs = 0;       // from 1
  std::size_t samples = 0, of_samples = 0;  // seen in this epoch, and in a whole one
  metrics train{};
  double seconds = 0;            // since the start of the epoch
  double images_per_second = 0;  // training alone
  float learning_rate = 0;       // of the last step
};

// At the end of an epoch. `validation` has 0 samples where there is no validation set.
struct epoch_report {
  std::size_t epoch = 0, epochs = 0;
  metrics train{}, validation{};
  double seconds = 0;
  double images_per_second = 0;
  std::size_t steps = 0;    // since the beginning of training
  float learning_rate = 0;  // of the last step
};

namespace detail {
template <class Name>
struct history_by_name {
  static constexpr sentence complaint =
      "tesela: the history of fit is a std::vector of epochs: write history.back().train.loss, or "
      "history[epoch].validation.accuracy";
};
}  // namespace detail

// What fit returns: the report of every epoch, in order.
class history : public std::vector<epoch_report> {
 public:
  using std::vector<epoch_report>::vector;

  using std::vector<epoch_report>::operator[];
  // history["loss"].
  template <class Name>
    requires std::is_convertible_v<Name, std::string_view>
  auto operator[](const Name&) const {
    return sizeof(tell<mistake_in<detail::history_by_name<Name>>>());
  }
};

}  // namespace tesela
