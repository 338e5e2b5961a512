// SPDX-License-Identifier: MIT
// Whole training steps: forward, backward, update of one batch, beside PyTorch.
#pragma once

#include "context.hpp"
#include "networks.hpp"
#include "peers.hpp"
#include "pytorch.hpp"

#include "tesela/data/split.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bench {

// Operations of a step on one sample, as a textbook counts them: two a multiply-add, three passes
// a layer, without the first layer's data gradient, which nobody needs.
template <class Net>
constexpr double step_operations(Net) {
  constexpr ts::convolution first = ts::meta::at<ts::stages_of<Net>, 0>::geometry;
  return 2.0 * static_cast<double>(3 * Net::macs - first.weight_count() * first.out.pixels());
}

// A training step that does not learn is not a result.
template <class Net, class Rule>
void check_that_it_learns(Net net, Rule rule, std::size_t batch, std::size_t steps,
                          const std::string& name) {
  ts::model model{net, ts::init::he_normal, ts::seed{3}};
  ts::trainer trainer{model, ts::cross_entropy, rule};
  const ts::data::dataset samples = random_samples(net, batch);
  const double before = trainer.step(samples.source(), samples.indices()).loss;
  double after = before;
  for (std::size_t i = 0; i < steps; ++i) {
    after = trainer.step(samples.source(), samples.indices()).loss;
  }
  require(after < before,  // false for NaN as well
          fmt::format("{}: the loss does not fall, {} before and {} after {} steps", name, before,
                      after, steps));
  for (const float weight : model.parameters()) {
    require(std::isfinite(weight), name + ": a weight is not finite");
  }
}

// `slow` is a rate too small to go anywhere: the work stays that of the first steps.
template <class Net, class Rule>
void training_case(context& with, const std::string& name, Net net, Rule rule, Rule slow,
                   std::size_t batch, std::size_t steps_to_learn, std::string note = {}) {
  check_that_it_learns(net, rule, batch, steps_to_learn, name);
  const measure in{.unit = "images/s",
                   .amount = static_cast<double>(batch),
                   .operations = step_operations(net) * static_cast<double>(batch)};
  const ts::data::dataset floats = random_samples(net, batch);
  // What `fit` does: bytes, in random order, from more images than a cache holds.
  constexpr bool has_images = Net::input.rank == 3;
  const ts::data::dataset images = random_images(net, has_images ? 4096 : 1);
  std::vector<std::uint32_t> order;
  ts::data::epoch_order(images, ts::seed{1}, 0, order);
  for (const std::size_t threads : with.threads) {
    ts::model model{net, ts::init::he_normal, ts::seed{3}};
    ts::trainer trainer{model, ts::cross_entropy, slow};
    trainer.use_threads(threads);
    effort effort = with.step_effort();
    if (threads > 1) effort.rest_seconds = 0.01;

    std::vector<contestant> contestants;
    contestants.push_back(
        local("tesela", [&] { trainer.step(floats.source(), floats.indices()); }, note));
    if (auto peer = with.torch.prepare(name, threads)) contestants.push_back(std::move(*peer));
    use_threads(threads);
    for (contestant& peer : dlib_::training_step(name)) contestants.push_back(std::move(peer));
    result one = make_result(name, threads, in, contestants, race(contestants, effort, threads));
    for (const std::string& absent : {with.torch.absence(), dlib_::absence(name)}) {
      if (!absent.empty()) one.missing.push_back(absent);
    }
    with.results.add(std::move(one));

    if constexpr (has_images) {
      std::size_t at = 0;
      const std::vector<contestant> alone{local("tesela", [&] {
        trainer.step(images.source(), std::span(order).subspan(at, batch));
        at = (at + batch) % order.size();
      })};
      with.results.add(make_result(name + " from bytes", threads, in, alone,
                                   race(alone, effort, threads)));
    }
  }
}

}  // namespace bench
