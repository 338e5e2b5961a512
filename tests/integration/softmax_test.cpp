// SPDX-License-Identifier: MIT
// Softmax and log_softmax as layers: right values and derivatives, PyTorch's, the same bytes fused or not and on
// any number of threads; with nll what cross_entropy is without.
#include "tesela/kernel/reference.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/affine.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/softmax.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/optim/losses.hpp"
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
using ts::affine, ts::conv2d, ts::flatten, ts::input, ts::linear, ts::log_softmax, ts::relu, ts::softmax;

// Of an image's channels, of features that were an image, first and last.
inline constexpr auto mixed = input<3, 5, 6> | softmax | conv2d<7, 2> | log_softmax | conv2d<4, 3> | relu | flatten |
                              softmax | linear<9> | softmax | linear<6> | softmax;

static_assert(mixed.output == ts::shape<6>);
static_assert(ts::can_follow(input<3>, ts::softmax) && ts::can_follow(input<3, 2, 2>, ts::log_softmax));

template <class Net>
auto noise(std::size_t count) {
  return samples::noise({Net::input[0], Net::input[1], Net::input[2]}, 6, count);
}

BOOST_AUTO_TEST_SUITE(softmax_layers)

BOOST_AUTO_TEST_CASE(have_exact_derivatives) {
  using complex = std::complex<double>;
  using net = std::remove_const_t<decltype(mixed)>;
  const auto batch = noise<net>(35);
  ts::model model{mixed, ts::init::he_normal, ts::seed{3}};
  ts::trainer teacher{model, ts::mse, ts::adam{}};
  teacher.differentiate(batch.source(), batch.indices());
  const auto gradients = teacher.gradients();
  // The mean of (y - t)^2, t 1 at the label.
  const auto loss_of = [&](const ts::reference::parameters<complex>& of) {
    complex loss = 0;
    for (std::size_t s = 0; s < batch.size(); ++s) {
      const float* x = static_cast<const float*>(batch.source().values) + s * net::input.size;
      const auto y = ts::reference::forward<net>(of, std::vector<complex>(x, x + net::input.size));
      for (std::size_t c = 0; c < y.size(); ++c) {
        const complex d = y[c] - (static_cast<std::size_t>(batch.source().labels[s]) == c ? 1.0 : 0.0);
        loss += d * d / static_cast<double>(y.size() * batch.size());
      }
    }
    return loss;
  };
  auto weights = ts::reference::parameters_of<complex>(model.state_dict());
  for (std::size_t t = 0; t < weights.size(); ++t) BOOST_TEST_CONTEXT(gradients[t].name) {
    std::vector<double> expected;
    double largest = 0;
    for (complex& w : weights[t]) {
      w += complex(0, 1e-30);
      expected.push_back(loss_of(weights).imag() / 1e-30);
      w = w.real();
      largest = std::max(largest, std::abs(expected.back()));
    }
    BOOST_TEST(largest > 0);
    for (std::size_t i = 0; i < expected.size(); ++i) {
      BOOST_TEST_REQUIRE(std::abs(static_cast<double>(gradients[t].values[i]) - expected[i]) <= 5e-5 * largest);
    }
  }
}

BOOST_AUTO_TEST_CASE(give_the_same_bytes_on_any_number_of_threads_fused_or_not) {
  const auto trained = [](auto net, std::size_t threads) {
    const auto set = noise<std::remove_const_t<decltype(mixed)>>(131);
    ts::model model{net, ts::init::he_normal, ts::seed{3}};
    ts::trainer teacher{model, ts::mse, ts::adam{}};
    teacher.fit(set, {.epochs = 2, .batch = 67, .seed = ts::seed{4}, .threads = threads});
    return std::vector<float>(model.parameters().begin(), model.parameters().end());
  };
  const auto one = trained(mixed, 1);
  for (const std::size_t threads : {2u, 3u, 7u}) BOOST_TEST((trained(mixed, threads) == one));
  BOOST_TEST((trained(ts::unfused(mixed), 2) == one));
}

BOOST_AUTO_TEST_CASE(give_probabilities_alone_and_in_batches) {
  using net = std::remove_const_t<decltype(mixed)>;
  ts::model model{mixed, ts::init::he_normal, ts::seed{3}};
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
      double sum = 0;
      for (std::size_t f = 0; f < expected.size(); ++f) {
        const double y = static_cast<double>(found[s * expected.size() + f]);
        BOOST_TEST(std::abs(y - expected[f]) <= 2e-6);
        sum += y;
      }
      BOOST_TEST(std::abs(sum - 1) <= 1e-6);
    }
  }
}

// -log(softmax(z)[label]) in two layers and in one kernel.
BOOST_AUTO_TEST_CASE(train_with_nll_as_cross_entropy_does) {
  constexpr auto logits = input<3, 5, 6> | flatten | linear<9> | relu | linear<6>;
  const auto batch = noise<std::remove_const_t<decltype(logits)>>(67);
  ts::model one{logits, ts::init::he_normal, ts::seed{3}};
  ts::model other{logits | log_softmax, ts::init::he_normal, ts::seed{3}};
  ts::trainer together{one, ts::cross_entropy, ts::adam{}};
  ts::trainer apart{other, ts::nll, ts::adam{}};
  const auto a = together.differentiate(batch.source(), batch.indices());
  const auto b = apart.differentiate(batch.source(), batch.indices());
  BOOST_TEST(std::abs(a.loss - b.loss) <= 1e-5 * a.loss);
  BOOST_TEST(a.correct == b.correct);
  const auto mine = together.gradients(), theirs = apart.gradients();
  for (std::size_t t = 0; t < mine.size(); ++t) {
    for (std::size_t i = 0; i < mine[t].values.size(); ++i) {
      BOOST_TEST_REQUIRE(std::abs(mine[t].values[i] - theirs[t].values[i]) <= 2e-6f);
    }
  }
}

// A bias in front, of weight 1, shows the gradient.
template <class Net>
void check_recorded(Net net, const std::string& input, const std::string& name) {
  BOOST_TEST_CONTEXT(input << " " << name) {
    const recorded::values torch("softmax");
    ts::model model{net, ts::init::he_normal, ts::seed{3}};
    const auto x = torch[input + "/x"], upstream = torch[input + "/upstream"];
    const auto expected = torch[input + "/" + name + "/output"];
    ts::workspace room{net, x.size() / Net::input.size};
    const auto y = model.forward(x, room);
    for (std::size_t i = 0; i < y.size(); ++i) {
      BOOST_TEST_REQUIRE(std::abs(y[i] - expected[i]) <= 1e-6f * (1 + std::abs(expected[i])));
    }
    std::array<std::size_t, 3> extents{Net::input[0], 1, 1};
    if constexpr (Net::input.rank == 3) extents = {Net::input[0], Net::input[1], Net::input[2]};
    constexpr auto dot = ts::loss<"dot">([](auto out, auto t) { return sum(out * t); });
    const std::vector<std::string> names(Net::output.size, "upstream");
    const auto set = ts::data::dataset::from_floats(extents, x, ts::data::targets{names, upstream});
    ts::trainer teacher{model, ts::summed(dot), ts::sgd{}};
    teacher.differentiate(set.source(), set.indices());
    const auto wanted = torch[input + "/" + name + "/bias_gradient"];
    const auto found = teacher.gradients()[1].values;
    BOOST_REQUIRE(found.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      BOOST_TEST(std::abs(found[i] - wanted[i]) <= 1e-5f * (1 + std::abs(wanted[i])));
    }
  }
}

BOOST_AUTO_TEST_CASE(equal_pytorchs) {
  check_recorded(input<3, 4, 2> | affine | softmax | flatten, "image", "softmax");
  check_recorded(input<3, 4, 2> | affine | log_softmax | flatten, "image", "log_softmax");
  check_recorded(input<7> | affine | softmax, "features", "softmax");
  check_recorded(input<7> | affine | log_softmax, "features", "log_softmax");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
