// SPDX-License-Identifier: MIT
// One training step: everything between a batch of samples and changed weights.
//
//   1. every block, in parallel:  lay out samples, forward, loss, backward to every product's result
//   2. every gradient share, in parallel:  sum it over all blocks, then update its parameters
//
// Two parallel loops a step, whatever the number of layers. Weights do not change before all
// blocks are done, each block and each share is computed by one thread in one order, so the bytes of
// the result do not depend on the number of threads. Denormal numbers count as zero in here. Nothing
// is allocated once the workspace has grown to the largest batch.
#pragma once

#include "tesela/core/function_view.hpp"
#include "tesela/kernel/dropout.hpp"
#include "tesela/kernel/loss_sum.hpp"
#include "tesela/network/model.hpp"
#include "tesela/network/pass.hpp"
#include "tesela/optim/loss.hpp"
#include "tesela/tensor/arena.hpp"
#include "tesela/tensor/block.hpp"
#include "tesela/tensor/samples.hpp"
#include "tesela/tensor/scratch.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace tesela {

// What a block's samples should give, laid out for a loss: labels, or targets as [feature][lane] with
// zeros in the lanes behind the last sample. The source has as many targets a sample as the network has
// outputs.
template <std::size_t Outputs>
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
  scratch<Outputs * block_lanes, target_block> values_;
  block_targets targets_;
};

// The loss of a block of results as the network leaves them, and its gradient likewise; dy may be null.
// A loss counts outputs as PyTorch does, and so do labels, targets, weights of classes and covariances:
// where the outputs are the pixels of an image, which lie in another order inside, they are laid out anew.
// Networks that give the same share this.
template <class Isa, image Out, class LossType>
loss_sum loss_of_results(const LossType& loss, const sample_source& source,
                         std::span<const std::uint32_t> indices, const float* y, float scale,
                         float* dy) {
  constexpr std::size_t outputs = Out.size();
  const target_block<outputs> targets(source, indices);
  if constexpr (Out.channels == 1 || Out.pixels() == 1) {
    return loss_of_block<Isa, outputs>(loss, targets.view(), y, indices.size(), scale, dy);
  } else {
    struct outside;
    scratch<2 * outputs * block_lanes, outside> room;
    float *results = room.data(), *gradients = results + outputs * block_lanes;
    for (std::size_t f = 0; f < outputs; ++f) {
      std::copy_n(y + inside_order(Out, f) * block_lanes, block_lanes, results + f * block_lanes);
    }
    const loss_sum sum = loss_of_block<Isa, outputs>(loss, targets.view(), results, indices.size(), scale,
                                                     dy == nullptr ? nullptr : gradients);
    for (std::size_t f = 0; dy != nullptr && f < outputs; ++f) {
      std::copy_n(gradients + f * block_lanes, block_lanes, dy + inside_order(Out, f) * block_lanes);
    }
    return sum;
  }
}

template <Network Net>
inline constexpr image results_of = detail::features_before<Net, Net::layer_count>();

namespace detail {

// What a sample's loss is multiplied by in the objective: 1 for a sum over the batch, otherwise one
// over the weight of all.
template <class LossType>
float mean_factor(const LossType& loss, const sample_source& source,
                  std::span<const std::uint32_t> indices) {
  if constexpr (requires { LossType::sums; }) {
    return 1.0f;
  } else if constexpr (requires { loss.weight_of(std::size_t{0}); }) {
    if (source.labels == nullptr) return 1.0f / static_cast<float>(indices.size());
    double weight = 0;
    for (const std::uint32_t i : indices) {
      weight += static_cast<double>(loss.weight_of(static_cast<std::size_t>(source.labels[i])));
    }
    return static_cast<float>(1 / weight);
  } else {
    return 1.0f / static_cast<float>(indices.size());
  }
}

// What a step works in. Nothing is allocated once it has grown to the largest batch.
struct step_memory {
  explicit step_memory(std::size_t parameters);
  step_memory(step_memory&&) = default;
  step_memory& operator=(step_memory&&) = default;
  ~step_memory();
  // Room for batches of up to `samples`, with `block_floats` a block.
  void reserve(std::size_t samples, std::size_t block_floats);

  arena blocks, gradients;
  std::vector<loss_sum> losses;
};

// The loops of a step, without the network.
struct step_loops {
  function_view<loss_sum(std::size_t b, std::span<const std::uint32_t>)> block;
  // Runs a block forward once more and names the first layer with a value that is not finite.
  function_view<std::string(std::size_t b, std::span<const std::uint32_t>)> non_finite;
  std::size_t shares;
  function_view<void(std::size_t)> gradient;
};
loss_sum run_step(const step_loops& loops, std::span<const std::uint32_t> indices,
                  std::size_t threads, std::span<loss_sum> block_losses);

}  // namespace detail

template <class Model, class LossType>
class training_engine {
 public:
  using network_type = typename Model::network_type;
  using isa = typename Model::isa;
  using run = pass<network_type, isa>;

  training_engine(Model& trained, LossType loss)
      : model_(&trained), loss_(loss), memory_(trained.parameters().size()) {}

  // Room for batches of up to `samples`.
  void reserve(std::size_t samples) { memory_.reserve(samples, block_floats); }

  // The loss of a batch and its gradient; `update(offset, count)` is called, from any thread, for every
  // range of parameters once its gradient is known. A loss that is not finite throws training_error
  // before anything is updated.
  loss_sum step(const sample_source& source, std::span<const std::uint32_t> indices,
                std::size_t threads, range_update update) {
    reserve(indices.size());
    const float scale = detail::mean_factor(loss_, source, indices);
    return detail::run_step(
        {.block = [&](std::size_t b, std::span<const std::uint32_t> here) {
           return forward_and_backward(source, here, scale, b);
         },
         // In the memory of the first block.
         .non_finite =
             [&](std::size_t b, std::span<const std::uint32_t> here) {
               forward(source, here, b, block(0));
               return run::first_non_finite(block(0));
             },
         .shares = run::work.size(),
         .gradient =
             [&](std::size_t w) {
               run::weight_gradient(run::work[w], memory_.blocks.data(), blocks_for(indices.size()),
                                    memory_.gradients.data(), update);
             }},
        indices, threads, memory_.losses);
  }

  // Whose masks the next steps draw.
  void use_masks(const dropout_key& key) { masks_ = key; }

  // The gradient of the last step, laid out like the model's parameters.
  std::span<const float> gradients() const { return memory_.gradients.values(); }

 private:
  static constexpr std::size_t block_floats = block_plan<stages_of<network_type>, true>::floats;

  float* block(std::size_t b) { return memory_.blocks.data() + b * block_floats; }

  loss_sum forward_and_backward(const sample_source& source,
                                std::span<const std::uint32_t> indices, float scale,
                                std::size_t b) {
    float* const block = this->block(b);
    forward(source, indices, b, block);
    const loss_sum sum =
        loss_of_results<isa, results_of<network_type>>(loss_, source, indices, run::template results<true>(block),
                                           scale, run::result_gradients(block));
    run::backward(model_->parameters().data(), block);
    return sum;
  }

  // Block number b of a batch, in the memory of any.
  void forward(const sample_source& source, std::span<const std::uint32_t> indices, std::size_t b,
               float* block) const {
    run::draw_masks(masks_, b, block);
    isa::load_block(source, indices.data(), indices.size(),
                    block + run::template plan<true>::input_offset);
    run::template forward<true>(model_->parameters().data(), block);
  }

  Model* model_;
  LossType loss_;
  detail::step_memory memory_;
  dropout_key masks_;
};

}  // namespace tesela

#ifndef TESELA_COMPILED
#include "tesela/train/engine.ipp"
#endif
