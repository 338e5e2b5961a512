// SPDX-License-Identifier: MIT
// Affine maps in networks: right values and derivatives, the same bytes fused or not and on any number of
// threads, PyTorch's names.
#include "tesela/kernel/reference.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/affine.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/dropout.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/explain.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/optim/penalty.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include "recorded/recorded.hpp"
#include "samples.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <string>
#include <vector>

namespace {

namespace ts = tesela;
using ts::affine, ts::conv2d, ts::flatten, ts::input, ts::linear, ts::max_pool2d, ts::padding, ts::relu,
    ts::silu, ts::tanh;

// First of all, before and behind activations of both kinds, behind a pooling, where an image was flattened.
inline constexpr auto mixed = input<2, 9, 10> | affine | conv2d<5, 3> | affine | relu | max_pool2d<2> |
                              affine | conv2d<4, 2> | silu | affine | flatten | affine | linear<9> | tanh |
                              affine | linear<6> | affine;
// Pooled with gaps, and with windows that overlap.
inline constexpr auto pooled = input<3, 11, 12> | conv2d<5, 3> | affine | relu |
                               max_pool2d<2, ts::stride<3>> | conv2d<6, 2> | silu | affine |
                               max_pool2d<2, ts::stride<1>> | flatten | linear<6>;
// At the end of Winograd's tiles.
inline constexpr auto tiles = input<3, 8, 8> | conv2d<32, 3, padding<1>> | affine | relu |
                              conv2d<33, 3, padding<1>> | affine | relu | max_pool2d<2> | flatten | linear<6>;

// Weights that are not 1, biases that are not 0.
template <class Net>
void scatter(ts::model<Net>& model) {
  auto state = model.state_dict();
  samples::numbers random(5);
  for (auto& tensor : state) {
    for (float& v : tensor.values) v += 0.25f * random.real();
  }
  model.load_state_dict(state);
}

template <class Net, class T>
T loss_of(const ts::reference::parameters<T>& of, const ts::data::dataset& batch) {
  T loss = T(0);
  for (std::size_t s = 0; s < batch.size(); ++s) {
    const float* sample = static_cast<const float*>(batch.source().values) + s * Net::input.size;
    const auto y = ts::reference::forward<Net>(of, std::vector<T>(sample, sample + Net::input.size));
    loss = loss + ts::reference::cross_entropy<T>(y, static_cast<std::size_t>(batch.source().labels[s]));
  }
  return loss / T(static_cast<double>(batch.size()));
}

template <class Net>
void check_gradient(Net net) {
  using complex = std::complex<double>;
  const auto batch = samples::noise({Net::input[0], Net::input[1], Net::input[2]}, 6, 35);
  ts::model model{net, ts::init::he_normal, ts::seed{3}};
  scatter(model);
  ts::trainer teacher{model, ts::cross_entropy, ts::adam{}};
  const ts::loss_sum sum = teacher.differentiate(batch.source(), batch.indices());
  const auto gradients = teacher.gradients();
  auto weights = ts::reference::parameters_of<complex>(model.state_dict());
  const double expected_loss = loss_of<Net>(weights, batch).real();
  BOOST_TEST(std::abs(sum.loss / sum.weight - expected_loss) <= 1e-5 * expected_loss);
  for (std::size_t t = 0; t < weights.size(); ++t) BOOST_TEST_CONTEXT(gradients[t].name) {
    std::vector<double> expected;
    double largest = 0;
    // Of long tensors a few elements.
    const std::size_t stride = weights[t].size() / 40 + 1;
    for (std::size_t i = 0; i < weights[t].size(); i += stride) {
      weights[t][i] += complex(0, 1e-30);
      expected.push_back(loss_of<Net>(weights, batch).imag() / 1e-30);
      weights[t][i] = weights[t][i].real();
      largest = std::max(largest, std::abs(expected.back()));
    }
    BOOST_TEST(largest > 0);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      BOOST_TEST_REQUIRE(std::abs(static_cast<double>(gradients[t].values[i * stride]) - expected[i]) <=
                         5e-5 * largest);
    }
  }
}

template <class Net>
std::vector<std::vector<float>> trained(Net net, std::size_t threads) {
  const auto set = samples::noise({Net::input[0], Net::input[1], Net::input[2]}, 6, 131);
  ts::model model{net, ts::init::he_normal, ts::seed{3}};
  ts::trainer teacher{model, ts::cross_entropy, ts::adam{}, ts::penalty::l2{1e-3f}};
  teacher.fit(set, {.epochs = 2, .batch = 67, .seed = ts::seed{4}, .threads = threads});
  std::vector<std::vector<float>> values;
  for (const auto& tensor : model.state_dict()) values.push_back(tensor.values);
  return values;
}

BOOST_AUTO_TEST_SUITE(affine_maps)

BOOST_AUTO_TEST_CASE(have_exact_derivatives) {
  check_gradient(mixed);
  check_gradient(pooled);
  check_gradient(tiles);
}

BOOST_AUTO_TEST_CASE(give_the_same_bytes_on_any_number_of_threads_fused_or_not) {
  const auto check = [](auto net) {
    const auto one = trained(net, 1);
    for (const std::size_t threads : {2u, 3u, 7u}) BOOST_TEST((trained(net, threads) == one));
    BOOST_TEST((trained(ts::unfused(net), 2) == one));
  };
  check(mixed);
  check(pooled);
  check(tiles);
}

BOOST_AUTO_TEST_CASE(give_the_references_values_alone_and_in_batches) {
  using net = std::remove_const_t<decltype(mixed)>;
  ts::model model{mixed, ts::init::he_normal, ts::seed{3}};
  scatter(model);
  const auto weights = ts::reference::parameters_of<double>(model.state_dict());
  ts::workspace room{mixed, 40};
  for (const std::size_t count : {1u, 40u}) {
    std::vector<float> x(count * net::input.size);
    samples::numbers random(3);
    for (float& v : x) v = random.real();
    const auto found = model.forward(x, room);
    for (std::size_t s = 0; s < count; ++s) {
      const auto begin = x.begin() + static_cast<std::ptrdiff_t>(s * net::input.size);
      const auto expected = ts::reference::forward<net>(
          weights, std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(net::input.size)));
      for (std::size_t f = 0; f < expected.size(); ++f) {
        BOOST_TEST(std::abs(static_cast<double>(found[s * expected.size() + f]) - expected[f]) <=
                   1e-5 * (1 + std::abs(expected[f])));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(begin_as_the_identity_with_pytorchs_names_and_shapes) {
  ts::model model{mixed, ts::init::he_normal, ts::seed{3}};
  const auto state = model.state_dict();
  static_assert(decltype(model)::network.parameter_count == 4 + 95 + 10 + 10 + 84 + 8 + 48 + 225 + 18 + 60 +
                                                                12);
  BOOST_TEST(state[0].name == "0.weight");
  BOOST_TEST(state[5].name == "2.bias");
  BOOST_TEST((state[4].shape == std::vector<std::size_t>{5}));
  BOOST_TEST((state[4].values == std::vector<float>(5, 1.0f)));
  BOOST_TEST((state[5].values == std::vector<float>(5, 0.0f)));
}

BOOST_AUTO_TEST_CASE(cost_no_stage_behind_a_product) {
  constexpr auto with = ts::explain(input<3, 8, 8> | conv2d<4, 3> | affine | relu | flatten | linear<9> |
                                    affine | tanh | linear<6>);
  static_assert(with.stage_count == 3);
  // The product's result is kept for the gradient of weight and bias, beside the value.
  static_assert(with.stages[0].forward_reads == 1 && with.forward_writes(0) == 2);
  static_assert(with.passes < with.unfused_passes);
  constexpr auto behind_a_pooling = ts::explain(input<3, 8, 8> | conv2d<4, 3> | max_pool2d<2> | affine);
  static_assert(behind_a_pooling.stage_count == 2);
  // A pooling goes along: of the results only the largest are written, beside the product.
  constexpr auto pooled = ts::explain(input<3, 8, 8> | conv2d<4, 3> | affine | relu | max_pool2d<2>);
  static_assert(pooled.stage_count == 1 && pooled.stages[0].passes() < pooled.unfused_passes);
  // A second one does not.
  static_assert(ts::explain(input<3, 8, 8> | conv2d<4, 3> | affine | relu | affine | max_pool2d<2>)
                    .stage_count == 3);
  BOOST_TEST(ts::explain(tiles).text().find("0 conv2d<32,3,padding<1>> + 1 affine + 2 relu") !=
             std::string::npos);
}

template <class Net>
void check_recorded(Net net, const std::string& name) {
  const recorded::values torch("affine");
  const auto of = [&](const char* what) { return torch[name + "/" + what]; };
  ts::model model{net};
  const std::size_t channels = of("weight").size(), count = of("x").size() / Net::input.size;
  model.load_state_dict(std::vector<ts::named_tensor>{{"0.weight", {channels}, of("weight")},
                                                      {"0.bias", {channels}, of("bias")}});
  ts::workspace room{net, count};
  const auto x = of("x"), expected = of("output");
  const auto y = model.forward(x, room);
  for (std::size_t i = 0; i < y.size(); ++i) {
    BOOST_TEST_REQUIRE(std::abs(y[i] - expected[i]) <= 1e-6f * (1 + std::abs(expected[i])));
  }
  std::array<std::size_t, 3> extents{Net::input[0], 1, 1};
  if constexpr (Net::input.rank == 3) extents = {Net::input[0], Net::input[1], Net::input[2]};
  constexpr auto dot = ts::loss<"dot">([](auto out, auto upstream) { return sum(out * upstream); });
  const std::vector<std::string> names(Net::output.size, "upstream");
  const auto set = ts::data::dataset::from_floats(extents, x, ts::data::targets{names, of("upstream")});
  ts::trainer teacher{model, ts::summed(dot), ts::sgd{}};
  teacher.differentiate(set.source(), set.indices());
  const auto gradients = teacher.gradients();
  for (std::size_t t = 0; t < 2; ++t) {
    const auto wanted = of(t == 0 ? "weight_gradient" : "bias_gradient");
    for (std::size_t i = 0; i < channels; ++i) {
      BOOST_TEST(std::abs(gradients[t].values[i] - wanted[i]) <= 2e-5f * (1 + std::abs(wanted[i])));
    }
  }
}

BOOST_AUTO_TEST_CASE(equal_pytorchs_batch_norm_in_inference) {
  check_recorded(input<3, 4, 2> | affine | flatten, "image");
  check_recorded(input<7> | affine, "features");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
