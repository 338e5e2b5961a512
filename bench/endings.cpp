// SPDX-License-Identifier: MIT
// What a dropout, an affine map and an activation that goes back from its input cost in a training step: fused
// with the product before them, layer by layer, and left out.
#include "context.hpp"
#include "networks.hpp"

#include "tesela/layer/affine.hpp"
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

constexpr auto mapped = ts::input<3, 32, 32>
    | ts::conv2d<16, 3, ts::padding<1>> | ts::affine | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<32, 3, ts::padding<1>> | ts::affine | ts::relu | ts::max_pool2d<2>
    | ts::flatten | ts::linear<10>;

constexpr auto mapped_and_masked = ts::input<3, 32, 32>
    | ts::conv2d<16, 3, ts::padding<1>> | ts::affine | ts::relu | ts::dropout<0.5> | ts::max_pool2d<2>
    | ts::conv2d<32, 3, ts::padding<1>> | ts::affine | ts::relu | ts::dropout<0.5> | ts::max_pool2d<2>
    | ts::flatten | ts::linear<10>;

// Goes back from its input, which is kept though it is pooled.
constexpr auto keeping = ts::input<3, 32, 32>
    | ts::conv2d<16, 3, ts::padding<1>> | ts::silu | ts::max_pool2d<2>
    | ts::conv2d<32, 3, ts::padding<1>> | ts::silu | ts::max_pool2d<2>
    | ts::flatten | ts::linear<10>;

constexpr auto unmapped = ts::input<3, 32, 32>
    | ts::conv2d<16, 3, ts::padding<1>> | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<32, 3, ts::padding<1>> | ts::relu | ts::max_pool2d<2>
    | ts::flatten | ts::linear<10>;

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

template <class Net, class Without>
void ending_case(context& with, const std::string& name, Net net, Without without) {
  const measure in{.unit = "images/s", .amount = static_cast<double>(batch)};
  const std::vector<contestant> contestants{steps_of("tesela", net),
                                            steps_of("layer by layer", ts::unfused(net)),
                                            steps_of("without", without)};
  with.results.add(make_result(name, 1, in, contestants, race(contestants, with.kernel_effort(), 1)));
}

}  // namespace

void endings(context& with) {
  ending_case(with, "192-512-512-10 with dropout<0.5>, batch 64", with_dropout<0.5>, plain);
  ending_case(with, "192-512-512-10 with dropout<0.1>, batch 64", with_dropout<0.1>, plain);
  ending_case(with, "two convolutions with affine, batch 64", mapped, unmapped);
  ending_case(with, "two convolutions with affine and dropout<0.5>, batch 64", mapped_and_masked, unmapped);
  ending_case(with, "two convolutions with silu, beside relu, batch 64", keeping, unmapped);
}

}  // namespace bench
