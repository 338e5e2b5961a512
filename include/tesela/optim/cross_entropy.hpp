// SPDX-License-Identifier: MIT
// Softmax and cross-entropy from logits: -log(softmax(z)[label]).
//
// With label smoothing s and weights w of C classes, as in PyTorch:
//
//   loss = - sum over c of  w_c ((1 - s) [c = label] + s / C) log(softmax(z)_c)
//
// and the mean over the batch divides by the sum of w_label. Szegedy et al. 2016 (smoothing).
#pragma once

#include "tesela/optim/loss.hpp"

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <vector>

namespace tesela {

// The type of cross_entropy, with settings: cross_entropy_loss{.label_smoothing = 0.1f}.
struct cross_entropy_loss {
  float label_smoothing = 0.0f;      // in [0, 1]
  std::vector<float> class_weights{};  // none, or one a class

  static constexpr sentence name() { return "cross_entropy"; }

  void validate(std::size_t classes) const;

  // What a sample of a class counts in the mean over a batch.
  float weight_of(std::size_t label) const {
    return class_weights.empty() ? 1.0f : class_weights[label];
  }

  // Not of numbers, by which an initializer would be known.
  template <class... Given>
    requires(!(std::is_arithmetic_v<Given> || ...))
  auto operator()(const Given&...) const {
    return sizeof(tell<mistake_in<detail::loss_called<cross_entropy_loss, Given...>>>());
  }

  template <class Isa, std::size_t Features>
  loss_sum block(const block_targets& targets, const float* y, std::size_t samples, float scale,
                 float* dy) const {
    if (targets.values == nullptr && label_smoothing == 0 && class_weights.empty()) {
      return Isa::softmax_cross_entropy(Features, y, targets.labels, samples, scale, dy);
    }
    loss_sum all =
        Isa::soft_cross_entropy(Features, y,
                                {.labels = targets.labels,
                                 .amounts = targets.values,
                                 .weights = class_weights.empty() ? nullptr : class_weights.data(),
                                 .smoothing = label_smoothing},
                                samples, scale, dy);
    all.weight = static_cast<double>(samples);
    if (targets.labels != nullptr) {
      all.correct = detail::count_correct<Features>(y, targets.labels, samples, 0.0f);
      all.weight = 0;
      for (std::size_t lane = 0; lane < samples; ++lane) {
        all.weight += static_cast<double>(weight_of(static_cast<std::size_t>(targets.labels[lane])));
      }
    }
    return all;
  }
};

// -log(softmax(y)[label]), the mean over the batch: y are the numbers before softmax.
inline const cross_entropy_loss cross_entropy{};

}  // namespace tesela

#ifndef TESELA_COMPILED
#include "tesela/optim/cross_entropy.ipp"
#endif
