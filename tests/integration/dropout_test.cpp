// SPDX-License-Identifier: MIT
// Dropout in networks: right derivatives, the same bytes fused or not, on any number of threads and in a
// run gone on from a checkpoint.
#include "tesela/io/checkpoint.hpp"
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
#include "tesela/train/trainer.hpp"

#include "recorded/recorded.hpp"
#include "samples.hpp"
#include "unit/io/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace {

namespace ts = tesela;
using ts::affine, ts::conv2d, ts::dropout, ts::flatten, ts::input, ts::linear, ts::max_pool2d, ts::relu, ts::silu,
    ts::tanh;

// Every way to stand: behind a product, an activation that goes back from its value or from its input, and a
// pooling; before an activation and a pooling; first of all.
inline constexpr auto features = input<3, 4, 5> | dropout<0.2> | flatten | linear<9> | relu |
                                 dropout<0.25> | linear<8> | tanh | dropout<0.5> | linear<8> |
                                 dropout<0.3> | linear<6> | relu;
inline constexpr auto images = input<2, 9, 10> | conv2d<4, 3> | relu | dropout<0.5> | max_pool2d<2> |
                               conv2d<5, 2> | dropout<0.25> | silu | flatten | dropout<0.1> | linear<6>;
// In front of Winograd's tiles, and behind them, where the activation goes back from its value or from its
// input, and pooled.
inline constexpr auto tiles =
    input<3, 8, 8> | conv2d<32, 3, ts::padding<1>> | relu | dropout<0.5> | conv2d<32, 3, ts::padding<1>> |
    relu | dropout<0.25> | conv2d<32, 3, ts::padding<1>> | dropout<0.3> | silu |
    conv2d<33, 3, ts::padding<1>> | relu | dropout<0.2> | max_pool2d<2> | flatten | linear<6>;
// With an affine map, in every order, before poolings of every kind; behind tanh, which goes back from its value
// but not from the masked one.
inline constexpr auto both =
    input<3, 16, 16> | conv2d<4, 3> | affine | relu | dropout<0.5> | max_pool2d<2> | conv2d<33, 2> |
    dropout<0.25> | silu | affine | max_pool2d<2, ts::stride<1>> | conv2d<5, 2> | tanh | dropout<0.5> |
    max_pool2d<2, ts::stride<3>> | flatten | linear<20> | dropout<0.5> | affine | relu | linear<9> | affine |
    dropout<0.1> | tanh | linear<7> | tanh | affine | dropout<0.2> | linear<6>;
inline constexpr auto tiles_of_both =
    input<3, 8, 8> | conv2d<32, 3, ts::padding<1>> | affine | relu | dropout<0.5> |
    conv2d<33, 3, ts::padding<1>> | tanh | dropout<0.25> | max_pool2d<2> | flatten | linear<6>;

std::vector<float> parameters_of(const auto& model) {
  return {model.parameters().begin(), model.parameters().end()};
}

// The loss of a batch over T, layer by layer, with the masks of a step.
template <class Net, class T>
T loss_with_masks(const ts::reference::parameters<T>& of, const ts::data::dataset& batch,
                  const ts::dropout_key& key) {
  T loss = T(0);
  const std::size_t count = batch.size();
  for (std::size_t s = 0; s < count; ++s) {
    const float* sample = static_cast<const float*>(batch.source().values) + s * Net::input.size;
    std::vector<T> x(sample, sample + Net::input.size);
    std::size_t next = 0;
    ts::meta::for_each_index<Net::layer_count>([&](auto i) {
      using placed = ts::meta::at<typename Net::placed_layers, i()>;
      using layer = typename placed::layer;
      constexpr typename placed::input_type in{};
      if constexpr (layer::kind == ts::layer_role::mask) {
        constexpr ts::image pixels = ts::detail::features_before<Net, i()>();
        std::vector<std::uint32_t> keep(x.size());
        ts::draw_dropout(key.stream(i(), s / ts::block_lanes), layer::threshold, x.size(), keep.data());
        for (std::size_t f = 0; f < x.size(); ++f) {
          const std::uint32_t word = keep[ts::inside_order(pixels, f)];
          x[f] = x[f] * T((word >> s % ts::block_lanes & 1) != 0 ? layer::scale : 0.0f);
        }
      } else if constexpr (layer::kind == ts::layer_role::product) {
        const std::vector<T>&w = of[next], &b = of[next + 1];
        next += 2;
        x = in.rank == 1 ? ts::reference::linear<T>(x, w, b)
                         : ts::reference::conv2d<T>(layer::geometry(in), x, w, b);
      } else if constexpr (layer::kind == ts::layer_role::affine) {
        const std::vector<T>&w = of[next], &b = of[next + 1];
        next += 2;
        const std::size_t each = x.size() / w.size();
        for (std::size_t e = 0; e < x.size(); ++e) x[e] = w[e / each] * x[e] + b[e / each];
      } else if constexpr (layer::kind == ts::layer_role::pooling) {
        x = ts::reference::max_pool2d<T>(layer::window(in), x);
      } else if constexpr (layer::kind == ts::layer_role::activation) {
        for (T& v : x) v = ts::reference::evaluate(typename layer::program::value{}, std::array<T, 1>{v});
      }
    });
    loss = loss + ts::reference::cross_entropy<T>(x, static_cast<std::size_t>(batch.source().labels[s]));
  }
  return loss / T(static_cast<double>(count));
}

template <class Net>
void check_gradient(Net net) {
  using complex = std::complex<double>;
  const auto batch = samples::noise({Net::input[0], Net::input[1], Net::input[2]}, 6, 35);
  ts::model model{net, ts::init::he_normal, ts::seed{3}};
  ts::trainer teacher{model, ts::cross_entropy, ts::adam{}};
  const ts::loss_sum sum = teacher.differentiate(batch.source(), batch.indices());
  const auto gradients = teacher.gradients();
  auto weights = ts::reference::parameters_of<complex>(model.state_dict());
  const double expected_loss = loss_with_masks<Net>(weights, batch, {}).real();
  BOOST_TEST(std::abs(sum.loss / sum.weight - expected_loss) <= 1e-5 * expected_loss);
  for (std::size_t t = 0; t < weights.size(); ++t) BOOST_TEST_CONTEXT(gradients[t].name) {
    std::vector<double> expected;
    double largest = 0;
    // Of long tensors every seventh element.
    const std::size_t stride = weights[t].size() > 100 ? 7 : 1;
    for (std::size_t i = 0; i < weights[t].size(); i += stride) {
      weights[t][i] += complex(0, 1e-30);
      expected.push_back(loss_with_masks<Net>(weights, batch, {}).imag() / 1e-30);
      weights[t][i] = weights[t][i].real();
      largest = std::max(largest, std::abs(expected.back()));
    }
    BOOST_TEST(largest > 0);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      BOOST_TEST_REQUIRE(std::abs(static_cast<double>(gradients[t].values[i * stride]) - expected[i]) <=
                         2e-5 * largest);
    }
  }
}

template <class Net>
std::vector<float> trained(Net net, std::size_t threads) {
  const auto set = samples::noise({Net::input[0], Net::input[1], Net::input[2]}, 6, 131);
  ts::model model{net, ts::init::he_normal, ts::seed{3}};
  ts::trainer teacher{model, ts::cross_entropy, ts::adam{}};
  teacher.fit(set, {.epochs = 2, .batch = 67, .seed = ts::seed{4}, .threads = threads});
  return parameters_of(model);
}

BOOST_AUTO_TEST_SUITE(dropouts)

BOOST_AUTO_TEST_CASE(have_the_derivatives_of_their_masks) {
  check_gradient(features);
  check_gradient(images);
  check_gradient(both);
  check_gradient(tiles_of_both);
}

BOOST_AUTO_TEST_CASE(give_the_same_bytes_on_any_number_of_threads_fused_or_not) {
  const auto check = [](auto net) {
    const std::vector<float> one = trained(net, 1);
    for (const std::size_t threads : {2u, 3u, 7u}) BOOST_TEST((trained(net, threads) == one));
    BOOST_TEST((trained(ts::unfused(net), 2) == one));
  };
  check(features);
  check(images);
  check(tiles);
  check(both);
  check(tiles_of_both);
}

BOOST_AUTO_TEST_CASE(cost_no_pass_over_activations_behind_a_product) {
  constexpr auto with = ts::explain(input<3, 8, 8> | conv2d<4, 3> | relu | dropout<0.5> | max_pool2d<2> |
                                    flatten | linear<9> | relu | dropout<0.5> | linear<6>);
  constexpr auto without = ts::explain(input<3, 8, 8> | conv2d<4, 3> | relu | max_pool2d<2> | flatten |
                                       linear<9> | relu | linear<6>);
  static_assert(with.stage_count == 3 && with.passes == without.passes);
  static_assert(with.forward_writes(0) == 1 && with.forward_writes(1) == 1);
  // Two stages more where nothing is fused, each r w forward and back.
  static_assert(with.unfused_passes == without.unfused_passes + 2 * 4);
  // Behind a pooling it is a stage of its own.
  static_assert(ts::explain(input<3, 8, 8> | conv2d<4, 3> | max_pool2d<2> | dropout<0.5>).stage_count == 2);
  static_assert(ts::explain(tiles).stage_count == 5);  // of five products
  static_assert(ts::explain(both).stage_count == 7);  // of seven
  static_assert(ts::explain(tiles_of_both).stage_count == 3);
  BOOST_TEST(ts::explain(images).text().find("0 conv2d<4,3> + 1 relu + 2 dropout<0.5> + 3 max_pool2d<2>") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(do_nothing_in_inference) {
  constexpr auto without = input<2, 9, 10> | conv2d<4, 3> | relu | max_pool2d<2> | conv2d<5, 2> | silu |
                           flatten | linear<6>;
  ts::model one{images, ts::init::he_normal, ts::seed{3}};
  ts::model other{without};
  auto state = one.state_dict();
  const std::vector<std::string> names{"0.weight", "0.bias", "4.weight", "4.bias", "9.weight", "9.bias"};
  BOOST_REQUIRE(state.size() == names.size());
  const auto plain = other.state_dict();
  for (std::size_t t = 0; t < state.size(); ++t) {
    BOOST_TEST(state[t].name == names[t]);  // as in PyTorch, dropouts are counted
    state[t].name = plain[t].name;
  }
  other.load_state_dict(state);
  ts::workspace room{images, 40};
  ts::workspace other_room{without, 40};
  for (const std::size_t count : {1u, 40u}) {
    std::vector<float> x(count * 180);
    samples::numbers random(3);
    for (float& v : x) v = random.real();
    const auto found = one.forward(x, room), expected = other.forward(x, other_room);
    BOOST_TEST(std::equal(found.begin(), found.end(), expected.begin(), expected.end()));
  }
}

BOOST_AUTO_TEST_CASE(go_on_with_the_same_masks) {
  const tests::temporary_folder folder;
  const auto set = samples::noise({2, 9, 10}, 6, 70);
  const auto options = [](std::size_t epochs) {
    return ts::fit_options{.epochs = epochs, .batch = 32, .seed = ts::seed{4}, .threads = 1};
  };
  const auto run = [&](auto&& train) {
    ts::model model{images, ts::init::he_normal, ts::seed{3}};
    ts::trainer teacher{model, ts::cross_entropy, ts::adam{}};
    train(teacher);
    return parameters_of(model);
  };
  const auto straight = run([&](auto& teacher) { teacher.fit(set, options(3)); });
  run([&](auto& teacher) { teacher.fit(set, options(1), ts::checkpoint{folder / "c"}); });
  const auto resumed = run([&](auto& teacher) {
    ts::io::resume(teacher, folder / "c");
    teacher.fit(set, options(3));
  });
  BOOST_TEST((resumed == straight));
}

BOOST_AUTO_TEST_CASE(scale_what_is_left_as_pytorch_does) {
  const recorded::values torch("dropout");
  const auto check = [&]<ts::real P>(const char* name, ts::layers::dropout<P>) {
    BOOST_TEST_CONTEXT(name) {
      BOOST_TEST(ts::layers::dropout<P>::scale == torch.scalar(std::string(name) + "/value"));
      BOOST_TEST(ts::layers::dropout<P>::scale == torch.scalar(std::string(name) + "/gradient"));
    }
  };
  check("0", dropout<0>);
  check("0.1", dropout<0.1>);
  check("0.25", dropout<0.25>);
  check("0.3", dropout<0.3>);
  check("0.5", dropout<0.5>);
  check("0.9", dropout<0.9>);
  check("1", dropout<1>);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
