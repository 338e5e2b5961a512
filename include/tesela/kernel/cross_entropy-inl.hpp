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

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
