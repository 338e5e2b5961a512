// SPDX-License-Identifier: MIT
// Softmax and cross-entropy from logits, with the gradient, in one sweep over a block.
//
//   loss(lane)        = log(sum over c of exp(z_c - m)) + m - z_label,   m = max over c of z_c
//   dz_c              = (softmax(z)_c - [c = label]) * scale
//
// Subtracting the maximum keeps exp from overflowing for any finite logits. A NaN counts as the largest
// logit: Highway's Exp gives 0 for it, so nothing else would carry it into the loss.
#if defined(TESELA_KERNEL_CROSS_ENTROPY_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_CROSS_ENTROPY_INL_HPP
#undef TESELA_KERNEL_CROSS_ENTROPY_INL_HPP
#else
#define TESELA_KERNEL_CROSS_ENTROPY_INL_HPP
#endif

#include <cstddef>
#include <cstdint>

#include "tesela/kernel/loss_sum.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// logits and dlogits are [classes][lane]; lanes from `samples` on hold no sample: their gradient is
// zero and they do not count. dlogits may be null (evaluation).
inline HWY_ATTR loss_sum SoftmaxCrossEntropy(std::size_t classes, const float* logits,
                                             const std::int32_t* labels, std::size_t samples,
                                             float scale, float* dlogits) {
  const D d;
  const hn::RebindToSigned<D> di;
  const V weight = hn::Set(d, scale);
  loss_sum sum{.weight = static_cast<double>(samples)};
  for (std::size_t lane = 0; lane < samples; lane += kLanes) {
    const std::size_t filled = samples - lane < kLanes ? samples - lane : kLanes;
    const auto valid = hn::FirstN(d, filled);
    const auto label = hn::LoadU(di, labels + lane);

    V largest = hn::LoadU(d, logits + lane);
    auto winner = hn::Zero(di);
    for (std::size_t c = 1; c < classes; ++c) {
      const V z = hn::LoadU(d, logits + c * block_lanes + lane);
      const auto better = hn::Or(hn::Gt(z, largest), hn::IsNaN(z));
      largest = hn::IfThenElse(better, z, largest);
      winner = hn::IfThenElse(hn::RebindMask(di, better),
                              hn::Set(di, static_cast<std::int32_t>(c)), winner);
    }

    V total = hn::Zero(d), chosen = hn::Zero(d);
    for (std::size_t c = 0; c < classes; ++c) {
      const V z = hn::LoadU(d, logits + c * block_lanes + lane);
      const V e = hn::Exp(d, hn::Sub(z, largest));
      const auto is_label =
          hn::RebindMask(d, hn::Eq(label, hn::Set(di, static_cast<std::int32_t>(c))));
      total = hn::Add(total, e);
      chosen = hn::IfThenElse(is_label, z, chosen);
      if (dlogits != nullptr) hn::StoreU(e, d, dlogits + c * block_lanes + lane);
    }

    if (dlogits != nullptr) {
      const V factor = hn::Div(weight, total);
      for (std::size_t c = 0; c < classes; ++c) {
        float* at = dlogits + c * block_lanes + lane;
        const auto is_label =
            hn::RebindMask(d, hn::Eq(label, hn::Set(di, static_cast<std::int32_t>(c))));
        const V gradient =
            hn::Sub(hn::Mul(hn::LoadU(d, at), factor), hn::IfThenElseZero(is_label, weight));
        hn::StoreU(hn::IfThenElseZero(valid, gradient), d, at);
      }
    }

    // Lanes are added one by one, in order and in double, so the sum is the same on every target.
    HWY_ALIGN float losses[kLanes];
    HWY_ALIGN std::int32_t winners[kLanes];
    hn::Store(hn::Add(hn::Log(d, total), hn::Sub(largest, chosen)), d, losses);
    hn::Store(winner, di, winners);
    for (std::size_t i = 0; i < filled; ++i) {
      sum.loss += static_cast<double>(losses[i]);
      sum.correct += winners[i] == labels[lane + i] ? 1u : 0u;
    }
  }
  if (dlogits != nullptr) {
    // Whole vectors without a sample.
    for (std::size_t c = 0; c < classes; ++c) {
      for (std::size_t lane = (samples + kLanes - 1) / kLanes * kLanes; lane < block_lanes; ++lane) {
        dlogits[c * block_lanes + lane] = 0.0f;
      }
    }
  }
  return sum;
}

// The same for samples that should have something of several classes. With a_c the amount of class
// c, weighed and smoothed, and p = softmax(z):
//
//   a_c  = w_c ((1 - s) t_c + s / C),   loss = - sum over c of a_c log(p_c)
//   dz_c = (p_c (sum over c of a_c) - a_c) * scale
//
// Run here and not as an expression: it depends on the dataset whether it is needed, so that every
// program with the plain cross-entropy would have to compile it, for its number of classes.
//
// `correct` and `weight` are left to the caller.
inline HWY_ATTR loss_sum SoftCrossEntropy(std::size_t classes, const float* logits,
                                          const class_targets& targets, std::size_t samples,
                                          float scale, float* dlogits) {
  const D d;
  const hn::RebindToSigned<D> di;
  const V keep = hn::Set(d, 1 - targets.smoothing);
  const V spread = hn::Set(d, targets.smoothing / static_cast<float>(classes));
  loss_sum sum;
  for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
    const std::size_t filled = lane >= samples           ? 0
                               : samples - lane < kLanes ? samples - lane
                                                         : kLanes;
    const auto valid = hn::FirstN(d, filled);
    const auto logit = [&](std::size_t c)
                           HWY_ATTR { return hn::LoadU(d, logits + c * block_lanes + lane); };
    const auto amount = [&](std::size_t c) HWY_ATTR {
      V t;
      if (targets.amounts != nullptr) {
        t = hn::LoadU(d, targets.amounts + c * block_lanes + lane);
      } else {
        const auto is_label = hn::RebindMask(d, hn::Eq(hn::LoadU(di, targets.labels + lane),
                                                       hn::Set(di, static_cast<std::int32_t>(c))));
        t = hn::IfThenElseZero(is_label, hn::Set(d, 1.0f));
      }
      const V smooth = hn::MulAdd(keep, t, spread);
      return targets.weights == nullptr ? smooth : hn::Mul(hn::Set(d, targets.weights[c]), smooth);
    };

    V largest = logit(0);
    for (std::size_t c = 1; c < classes; ++c) {
      const V z = logit(c);
      largest = hn::IfThenElse(hn::Or(hn::Gt(z, largest), hn::IsNaN(z)), z, largest);
    }
    V total = hn::Zero(d);
    for (std::size_t c = 0; c < classes; ++c) {
      total = hn::Add(total, hn::Exp(d, hn::Sub(logit(c), largest)));
    }
    const V log_total = hn::Log(d, total);
    V loss = hn::Zero(d), amounts = hn::Zero(d);
    for (std::size_t c = 0; c < classes; ++c) {
      const V a = amount(c);
      const V own = hn::Mul(a, hn::Sub(log_total, hn::Sub(logit(c), largest)));
      // What is not wanted may be impossible: 0 times infinity is 0 here.
      loss = hn::Add(loss, hn::IfThenZeroElse(hn::Eq(a, hn::Zero(d)), own));
      amounts = hn::Add(amounts, a);
    }
    if (dlogits != nullptr) {
      const V weight = hn::Set(d, scale);
      const V share = hn::Div(amounts, total);
      for (std::size_t c = 0; c < classes; ++c) {
        const V e = hn::Exp(d, hn::Sub(logit(c), largest));
        const V gradient = hn::Mul(hn::MulSub(e, share, amount(c)), weight);
        hn::StoreU(hn::IfThenElseZero(valid, gradient), d, dlogits + c * block_lanes + lane);
      }
    }
    // In order and in double, as above.
    HWY_ALIGN float losses[kLanes];
    hn::Store(loss, d, losses);
    for (std::size_t i = 0; i < filled; ++i) sum.loss += static_cast<double>(losses[i]);
  }
  return sum;
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
