// SPDX-License-Identifier: MIT
// One training step: everything between a batch of samples and changed weights.
//
//   0. where Winograd's algorithm is used, weights are transformed, in parallel
//   1. every block, in parallel:  lay out samples, forward, loss, backward to every product's result
//   2. every gradient share, in parallel:  sum it over all blocks, then update its parameters
//
// Two or three parallel loops a step, whatever the number of layers. Weights do not change before all
// blocks are done, each block and each share is computed by one thread in one order, so the bytes of
// the result do not depend on the number of threads. Denormal numbers count as zero in here. Nothing
// is allocated once the workspace has grown to the largest batch.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/kernel/denormals.hpp"
#include "tesela/kernel/dropout.hpp"
#include "tesela/kernel/loss_sum.hpp"
#include "tesela/kernel/parallel.hpp"
#include "tesela/network/model.hpp"
#include "tesela/network/pass.hpp"
#include "tesela/optim/loss.hpp"
#include "tesela/tensor/arena.hpp"
#include "tesela/tensor/block.hpp"
#include "tesela/tensor/samples.hpp"
#include "tesela/tensor/scratch.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tesela {

// What a block's samples should give, laid out for a loss: labels, or targets as [feature][lane] with
// zeros in the lanes behind the last sample. The source has as many targets a sample as the network has
// outputs.
template <Network Net>
class target_block {
 public:
  target_block(const sample_source& source, std::span<const std::uint32_t> indices) {
    if (source.targets != nullptr) {
      load(source, indices);
      targets_.values = values_.data();
    } else {
      labels_.fill(0);
      for (std::size_t i = 0; i < indices.size(); ++i) labels_[i] = source.labels[indices[i]];
      targets_.labels = labels_.data();
    }
  }
  target_block(const target_block&) = delete;
  const block_targets& view() const { return targets_; }

 private:
  void load(const sample_source& source, std::span<const std::uint32_t> indices) {
    for (std::size_t feature = 0; feature < source.target_count; ++feature) {
      float* row = values_.data() + feature * block_lanes;
      for (std::size_t i = 0; i < block_lanes; ++i) {
        row[i] =
            i < indices.size() ? source.targets[indices[i] * source.target_count + feature] : 0.0f;
      }
    }
  }

  std::array<std::int32_t, block_lanes> labels_;
  scratch<Net::output.size * block_lanes, target_block> values_;
  block_targets targets_;
};

// The loss of a block of results as the network leaves them, and its gradient likewise; dy may be null.
// A loss counts outputs as PyTorch does, and so do labels, targets, weights of classes and covariances:
// where the outputs are the pixels of an image, which lie in another order inside, they are laid out anew.
template <class Isa, Network Net, class LossType>
loss_sum loss_of_results(const LossType& loss, const sample_source& source,
                         std::span<const std::uint32_t> indices, const float* y, float scale,
                         float* dy) {
  constexpr image out = detail::features_before<Net, Net::layer_count>();
  constexpr std::size_t outputs = Net::output.size;
  const target_block<Net> targets(source, indices);
  if constexpr (out.channels == 1 || out.pixels() == 1) {
    return loss_of_block<Isa, outputs>(loss, targets.view(), y, indices.size(), scale, dy);
  } else {
    struct outside;
    scratch<2 * outputs * block_lanes, outside> room;
    float *results = room.data(), *gradients = results + outputs * block_lanes;
    for (std::size_t f = 0; f < outputs; ++f) {
      std::copy_n(y + inside_order(out, f) * block_lanes, block_lanes, results + f * block_lanes);
    }
    const loss_sum sum = loss_of_block<Isa, outputs>(loss, targets.view(), results, indices.size(), scale,
                                                     dy == nullptr ? nullptr : gradients);
    for (std::size_t f = 0; dy != nullptr && f < outputs; ++f) {
      std::copy_n(gradients + f * block_lanes, block_lanes, dy + inside_order(out, f) * block_lanes);
    }
    return sum;
  }
}

template <class Model, class LossType>
class training_engine {
 public:
  using network_type = typename Model::network_type;
  using isa = typename Model::isa;
  using run = pass<network_type, isa>;

  training_engine(Model& trained, LossType loss)
      : model_(&trained), loss_(loss), gradients_(trained.parameters().size()),
        transformed_(winograd_layout<stages_of<network_type>>::floats) {}

  // Room for batches of up to `samples`.
  void reserve(std::size_t samples) {
    const std::size_t blocks = blocks_for(samples);
    if (blocks <= block_losses_.size()) return;
    blocks_ = arena(blocks * block_floats);
    block_losses_.resize(blocks);
  }

  // The loss of a batch and its gradient; `update(offset, count)` is called, from any thread, for every
  // range of parameters once its gradient is known. A loss that is not finite throws training_error
  // before anything is updated.
  template <class Update>
  loss_sum step(const sample_source& source, std::span<const std::uint32_t> indices,
                std::size_t threads, const Update& update) {
    reserve(indices.size());
    const std::size_t blocks = blocks_for(indices.size());
    const float scale = mean_factor(source, indices);
    parallel_for(run::transform_work.size(), threads, [&](std::size_t w) {
      run::transform_weights(run::transform_work[w], model_->parameters().data(),
                             transformed_.data());
    });
    parallel_for(blocks, threads, [&](std::size_t b) {
      const flush_denormals scope;
      const std::size_t first = b * block_lanes;
      block_losses_[b] = forward_and_backward(
          source, indices.subspan(first, std::min(block_lanes, indices.size() - first)), scale, b);
    });
    loss_sum sum;
    for (std::size_t b = 0; b < blocks; ++b) sum += block_losses_[b];
    if (!std::isfinite(sum.loss)) explain_non_finite(source, indices);

    parallel_for(run::work.size(), threads, [&](std::size_t w) {
      const flush_denormals scope;
      run::weight_gradient(run::work[w], blocks_.data(), blocks, transformed_.data(),
                           gradients_.data(), update);
    });
    return sum;
  }

  // Whose masks the next steps draw.
  void use_masks(const dropout_key& key) { masks_ = key; }

  // The gradient of the last step, laid out like the model's parameters.
  std::span<const float> gradients() const { return gradients_.values(); }

 private:
  static constexpr std::size_t block_floats = block_plan<stages_of<network_type>, true>::floats;

  typename run::weights_view weights() const {
    return {model_->parameters().data(), transformed_.data()};
  }

  float* block(std::size_t b) { return blocks_.data() + b * block_floats; }

  loss_sum forward_and_backward(const sample_source& source,
                                std::span<const std::uint32_t> indices, float scale,
                                std::size_t b) {
    float* const block = this->block(b);
    forward(source, indices, b, block);
    const loss_sum sum =
        loss_of_results<isa, network_type>(loss_, source, indices, run::template results<true>(block),
                                           scale, run::result_gradients(block));
    run::backward(weights(), block);
    return sum;
  }

  // What a sample's loss is multiplied by in the objective: 1 for a sum over the batch, otherwise one
  // over the weight of all.
  float mean_factor(const sample_source& source, std::span<const std::uint32_t> indices) const {
    if constexpr (requires { LossType::sums; }) {
      return 1.0f;
    } else if constexpr (requires { loss_.weight_of(std::size_t{0}); }) {
      if (source.labels == nullptr) return 1.0f / static_cast<float>(indices.size());
      double weight = 0;
      for (const std::uint32_t i : indices) {
        weight += static_cast<double>(loss_.weight_of(static_cast<std::size_t>(source.labels[i])));
      }
      return static_cast<float>(1 / weight);
    } else {
      return 1.0f / static_cast<float>(indices.size());
    }
  }

  // Block number b of a batch, in the memory of any.
  void forward(const sample_source& source, std::span<const std::uint32_t> indices, std::size_t b,
               float* block) const {
    run::draw_masks(masks_, b, block);
    isa::load_block(source, indices.data(), indices.size(),
                    block + run::template plan<true>::input_offset);
    run::template forward<true>(weights(), block);
  }

  // Runs the batch forward once more and names the first layer with a value that is not finite.
  [[noreturn, gnu::cold, gnu::noinline]] void explain_non_finite(const sample_source& source,
                                       std::span<const std::uint32_t> indices) {
    for (std::size_t first = 0; first < indices.size(); first += block_lanes) {
      const auto here = indices.subspan(first, std::min(block_lanes, indices.size() - first));
      forward(source, here, first / block_lanes, block(0));
      if (const std::string where = run::first_non_finite(block(0)); !where.empty()) {
        throw training_error("the loss is not finite: " + where +
                             " is the first to give infinity or NaN; the weights are as before "
                             "this step (a smaller learning rate or normalised inputs may help)");
      }
    }
    throw training_error("the loss is not finite, though every layer's values are");
  }

  Model* model_;
  LossType loss_;
  arena blocks_, gradients_, transformed_;
  std::vector<loss_sum> block_losses_;
  dropout_key masks_;
};

}  // namespace tesela
