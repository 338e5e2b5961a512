// SPDX-License-Identifier: MIT
// Test only: the gradient of every parameter of a network, exactly, against the trainer's.
//
// The reference runs over dual numbers, so its derivatives have no truncation error. Weights, biases
// and samples are few-bit fractions whose sums and products a float holds exactly: then the SIMD
// forward pass must give the reference's numbers to the last bit, no relu or pooling decides
// differently because of rounding, ties happen often, and the tolerance of the gradient covers the
// rounding of softmax and of the backward pass alone.
#pragma once

#include "dual.hpp"

#include "tesela/kernel/random.hpp"
#include "tesela/kernel/reference.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/model.hpp"
#include "tesela/network/summary.hpp"
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace gradient {

namespace ts = tesela;

struct problem {
  std::vector<float> samples;  // sample-major
  std::vector<std::int32_t> labels;
  std::size_t inputs = 0;

  std::span<const float> sample(std::size_t i) const {
    return std::span(samples).subspan(i * inputs, inputs);
  }
};

// Multiples of 1/4 in [-1, 1].
template <class Net>
problem random_problem(std::size_t samples, ts::seed from) {
  problem p;
  p.inputs = Net::input.size;
  p.samples.resize(samples * p.inputs);
  const ts::random_stream values{from, 1}, labels{from, 2};
  for (std::size_t i = 0; i < p.samples.size(); ++i) {
    p.samples[i] = 0.25f * (static_cast<float>(values.below(i, 9)) - 4);
  }
  for (std::size_t i = 0; i < samples; ++i) {
    p.labels.push_back(static_cast<std::int32_t>(
        labels.below(i, static_cast<std::uint32_t>(Net::output.size))));
  }
  return p;
}

// -2 to 2 times the power of two that keeps values about as large as they came; the last layer's are
// smaller, so that softmax leaves every class a gradient.
template <class Net>
std::vector<ts::named_tensor> random_state(ts::seed from) {
  std::vector<ts::named_tensor> state = ts::model<Net>{Net{}}.state_dict();
  for (std::size_t t = 0; t < state.size(); ++t) {
    const bool bias = t % 2 == 1, last = t + 2 >= state.size();
    const ts::random_stream random{from, 3, static_cast<std::uint32_t>(t)};
    const ts::named_tensor& weight = state[t - t % 2];
    const auto fan = static_cast<double>(weight.values.size() / weight.shape[0]);
    const double scale = std::exp2(-std::ceil(std::log2(2 * fan) / 2) - (last ? 1 : 0));
    for (std::size_t i = 0; i < state[t].values.size(); ++i) {
      const double number = static_cast<double>(random.below(i, 5)) - 2;
      state[t].values[i] = static_cast<float>(number * (bias ? scale / 2 : scale));
    }
  }
  return state;
}

// The loss of one sample and its derivative by every parameter, in the order of the state_dict.
struct sample_gradient {
  double loss = 0;
  std::vector<double> derivative;
};

template <class Net>
sample_gradient exact_gradient(const std::vector<ts::named_tensor>& state,
                               std::span<const float> sample, std::int32_t label) {
  auto parameters = ts::reference::parameters_of<dual>(state);
  std::vector<dual*> all;
  for (auto& tensor : parameters) {
    for (dual& value : tensor) all.push_back(&value);
  }
  const std::vector<dual> x(sample.begin(), sample.end());
  sample_gradient result;
  for (std::size_t first = 0; first < all.size(); first += dual::directions) {
    const std::size_t count = std::min(dual::directions, all.size() - first);
    for (std::size_t k = 0; k < count; ++k) {
      *all[first + k] = dual::variable(all[first + k]->real(), k);
    }
    const auto logits = ts::reference::forward<Net>(parameters, x);
    const dual loss =
        ts::reference::cross_entropy<dual>(logits, static_cast<std::size_t>(label));
    result.loss = loss.real();
    for (std::size_t k = 0; k < count; ++k) {
      result.derivative.push_back(loss.derivative(k));
      *all[first + k] = dual(all[first + k]->real());
    }
  }
  return result;
}

struct checks {
  std::vector<std::size_t> batches{1, 5, 31, 32, 33, 64, 70};
  bool exact_forward = true;  // false: values need more bits than a float has
  double tolerance = 1;       // multiplies the derived one
  ts::seed seed{1};
};

// The longest sum of the backward pass, and how many products it goes through.
template <class Net>
double rounding_steps(std::size_t batch) {
  double longest = 0, depth = 0;
  for (const auto& map : ts::detail::parameter_maps<Net>()) {
    const ts::convolution& g = map.geometry;
    const std::size_t window = g.kernel.size();
    longest = std::max({longest, static_cast<double>(batch * g.out.pixels()),
                        static_cast<double>(window * g.in.channels),
                        static_cast<double>(window * g.out.channels)});
    depth += 1;
  }
  return depth * std::sqrt(longest);
}

// Compares losses and every derivative for every batch size: the first samples of one problem.
//
// Tolerance of a tensor: rounding errors of n additions wander to about sqrt(n) units in the last
// place, every product adds its own, and a unit is 2^-24 of the largest derivative in the tensor, of
// one sample, since the mean over samples may cancel.
template <class Net>
void check_gradients(Net net, checks options = {}) {
  BOOST_TEST_CONTEXT(ts::text_of(net)) {
    const auto state = random_state<Net>(options.seed);
    ts::model<Net> model{net};
    model.load_state_dict(state);
    ts::trainer teacher{model, ts::cross_entropy, ts::sgd{}};
    const std::size_t most = *std::max_element(options.batches.begin(), options.batches.end());
    const problem p = random_problem<Net>(most, options.seed);

    // Forward: bit by bit, whether alone or in a batch.
    if (options.exact_forward) {
      ts::workspace<Net> room{most};
      const auto weights = ts::reference::parameters_of<double>(state);
      const auto together = model.forward(p.samples, room);
      const std::vector<float> logits(together.begin(), together.end());
      for (std::size_t i = 0; i < most; ++i) {
        const auto sample = p.sample(i);
        const auto expected = ts::reference::forward<Net>(
            weights, std::vector<double>(sample.begin(), sample.end()));
        const auto alone = model.forward(sample, room);
        for (std::size_t c = 0; c < expected.size(); ++c) {
          const double in_batch = logits[i * expected.size() + c];
          if (in_batch != expected[c] || double{alone[c]} != expected[c]) {
            BOOST_ERROR("logit " << c << " of sample " << i << " should be " << expected[c]
                                 << ", but is " << in_batch << " in a batch of " << most << " and "
                                 << alone[c] << " alone");
            return;
          }
        }
      }
    }

    std::vector<sample_gradient> each;
    for (std::size_t i = 0; i < most; ++i) {
      each.push_back(exact_gradient<Net>(state, p.sample(i), p.labels[i]));
    }
    constexpr ts::image in = ts::detail::image_of(Net::input);
    const std::vector<float> ones(in.channels, 1.0f), zeros(in.channels, 0.0f);
    const ts::sample_source source{p.samples.data(), ts::element::f32, in.channels, in.pixels(),
                                   ones.data(),      zeros.data(),     p.labels.data()};
    for (const std::size_t batch : options.batches) {
      // Last sample first: a batch is a list of indices.
      std::vector<std::uint32_t> indices(batch);
      for (std::size_t i = 0; i < batch; ++i) {
        indices[i] = static_cast<std::uint32_t>(batch - 1 - i);
      }
      const double loss = teacher.differentiate(source, indices).loss;
      const auto gradients = teacher.gradients();

      double expected_loss = 0, largest_loss = 0;
      for (std::size_t i = 0; i < batch; ++i) {
        expected_loss += each[i].loss;
        largest_loss = std::max(largest_loss, each[i].loss);
      }
      BOOST_TEST(std::abs(loss - expected_loss) <= 0x1p-21 * (largest_loss + 1) *
                                                       static_cast<double>(batch),
                 "batch " << batch << ": loss " << loss << " instead of " << expected_loss);

      const double steps = rounding_steps<Net>(batch);
      std::size_t first = 0;
      for (const ts::named_tensor& tensor : gradients) {
        const std::size_t size = tensor.values.size();
        double worst = 0, scale = 0;
        std::size_t where = 0;
        std::vector<double> expected(size);
        for (std::size_t k = 0; k < size; ++k) {
          double sum = 0, sum_of_sizes = 0;
          for (std::size_t i = 0; i < batch; ++i) {
            sum += each[i].derivative[first + k];
            sum_of_sizes += std::abs(each[i].derivative[first + k]);
          }
          expected[k] = sum / static_cast<double>(batch);
          scale = std::max(scale, sum_of_sizes / static_cast<double>(batch));
          // A NaN is the worst of all.
          const double error = std::abs(double{tensor.values[k]} - expected[k]);
          if (!(error <= worst)) {
            worst = error;
            where = k;
          }
        }
        const double tolerance = options.tolerance * steps * 0x1p-24 * scale;
        BOOST_TEST(worst <= tolerance,
                   "batch " << batch << ": " << tensor.name << " is off by " << worst << " (allowed "
                            << tolerance << ") at element " << where << ": "
                            << tensor.values[where] << " instead of " << expected[where]);
        BOOST_TEST_MESSAGE(ts::text_of(net) << " batch " << batch << " " << tensor.name << " error/tolerance "
                           << (tolerance > 0 ? worst / tolerance : 0));
        first += size;
      }
    }
  }
}

}  // namespace gradient
