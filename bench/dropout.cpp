// SPDX-License-Identifier: MIT
// What a dropout costs in a training step: fused with the product before it, layer by layer, and left out.
#include "context.hpp"
#include "networks.hpp"

#include "tesela/layer/dropout.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace bench {

namespace {

constexpr auto plain = ts::input<3, 8, 8> | ts::flatten
    | ts::linear<512> | ts::relu
    | ts::linear<512> | ts::relu
    | ts::linear<10>;

template <ts::real Probability>
constexpr auto with_dropout = ts::input<3, 8, 8> | ts::flatten
    | ts::linear<512> | ts::relu | ts::dropout<Probability>
    | ts::linear<512> | ts::relu | ts::dropout<Probability>
    | ts::linear<10>;

constexpr std::size_t batch = 64;

template <class Net>
contestant steps_of(const char* name, Net net) {
  struct run {
    ts::model<Net> model{Net{}, ts::init::he_normal, ts::seed{3}};
    ts::trainer<ts::model<Net>, ts::cross_entropy_loss, ts::sgd> trainer{
        model, ts::cross_entropy, ts::sgd{.learning_rate = 1e-6f}};
    ts::data::dataset samples = random_samples(Net{}, batch);
  };
  (void)net;
  const auto one = std::make_shared<run>();
  one->trainer.use_threads(1);
  return local(name, [=] { one->trainer.step(one->samples.source(), one->samples.indices()); });
}

template <ts::real Probability>
void dropout_case(context& with, const std::string& name) {
  const measure in{.unit = "images/s", .amount = static_cast<double>(batch)};
  const std::vector<contestant> contestants{
      steps_of("tesela", with_dropout<Probability>),
      steps_of("layer by layer", ts::unfused(with_dropout<Probability>)),
      steps_of("without dropout", plain)};
  with.results.add(make_result(name, 1, in, contestants, race(contestants, with.kernel_effort(), 1)));
}

}  // namespace

void dropouts(context& with) {
  dropout_case<0.5>(with, "192-512-512-10 with dropout<0.5>, batch 64");
  dropout_case<0.1>(with, "192-512-512-10 with dropout<0.1>, batch 64");
}

}  // namespace bench
