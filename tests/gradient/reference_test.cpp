// SPDX-License-Identifier: MIT
// The oracle itself: the reference against what PyTorch computed, dual numbers against complex steps.
#include "oracle.hpp"
#include "kernel/geometries.hpp"
#include "recorded/recorded.hpp"

#include <array>
#include <complex>

namespace {

namespace ts = tesela;
namespace reference = ts::reference;
using gradient::dual;

void compare(const std::vector<double>& found, const std::vector<float>& recorded,
             const std::string& name) {
  BOOST_TEST_REQUIRE(found.size() == recorded.size());
  // The record was computed in double and rounded once: half a unit in the last place of each value,
  // and where a sum cancels, of double's rounding of its terms.
  double largest = 0;
  for (const float value : recorded) largest = std::max(largest, std::abs(double{value}));
  for (std::size_t i = 0; i < found.size(); ++i) {
    const double error = std::abs(found[i] - double{recorded[i]});
    const double allowed = 0x1p-24 * std::abs(double{recorded[i]}) + 1e-14 * largest;
    if (!(error <= allowed)) {
      BOOST_ERROR(name << ": element " << i << " is " << found[i] << " instead of " << recorded[i]);
      return;
    }
  }
}

// Runs sum(output * upstream) of one recorded layer and compares output and gradients by every input.
// `layer(sample, weight, bias)` is one sample; the recorded ones follow each other.
void check_layer(const recorded::values& values, const auto& layer) {
  std::vector<std::string> names{"input"};
  const bool has_weights = values.text("layer") == "conv2d" || values.text("layer") == "linear";
  if (has_weights) names.insert(names.end(), {"weight", "bias"});
  std::vector<std::vector<dual>> in(3);
  for (std::size_t t = 0; t < names.size(); ++t) {
    for (const float value : values[names[t]]) in[t].emplace_back(value);
  }
  const std::size_t batch = values.tensor("input").shape[0];
  const std::size_t features = in[0].size() / batch;
  const std::vector<float>& upstream = values["upstream"];

  std::vector<double> output;
  const auto run = [&] {
    dual sum(0);
    output.clear();
    for (std::size_t i = 0; i < batch; ++i) {
      const auto sample = std::span<const dual>(in[0]).subspan(i * features, features);
      for (const dual& y : layer(sample, std::span<const dual>(in[1]), std::span<const dual>(in[2]))) {
        sum = sum + y * dual(upstream[output.size()]);
        output.push_back(y.real());
      }
    }
    return sum;
  };
  run();
  compare(output, values["output"], "output");
  for (std::size_t t = 0; t < names.size(); ++t) {
    std::vector<double> derivative;
    for (std::size_t first = 0; first < in[t].size(); first += dual::directions) {
      const std::size_t count = std::min(dual::directions, in[t].size() - first);
      for (std::size_t k = 0; k < count; ++k) {
        in[t][first + k] = dual::variable(in[t][first + k].real(), k);
      }
      const dual sum = run();
      for (std::size_t k = 0; k < count; ++k) {
        derivative.push_back(sum.derivative(k));
        in[t][first + k] = dual(in[t][first + k].real());
      }
    }
    compare(derivative, values["gradient/" + names[t]], "gradient/" + names[t]);
  }
}

ts::image image_of(const recorded::values& values) {
  return {values.number("channels"), values.number("height"), values.number("width")};
}

BOOST_AUTO_TEST_SUITE(the_reference)

BOOST_AUTO_TEST_CASE(gives_pytorchs_linear_layers) {
  for (const char* name : {"linear_1_1", "linear_3_5", "linear_17_10"}) BOOST_TEST_CONTEXT(name) {
    check_layer(recorded::values(name), [](auto x, auto w, auto b) {
      return reference::linear<dual>(x, w, b);
    });
  }
}

BOOST_AUTO_TEST_CASE(gives_pytorchs_convolutions) {
  for (const char* name :
       {"conv2d_worked_example", "conv2d_1_1_k3_p3", "conv2d_1_2_k1", "conv2d_2_3_k3_s2_p1_9x6",
        "conv2d_2_3_k5_p2", "conv2d_2_4_k3_p1", "conv2d_3_4_k3_9x6", "conv2d_3_4_k3_s2_p1",
        "conv2d_3_5_k3_s2", "conv2d_3_5_k3_s2_floor", "conv2d_3_6_k5", "conv2d_4_7_k2_s2"}) {
    BOOST_TEST_CONTEXT(name) {
      const recorded::values values(name);
      const ts::convolution g =
          ts::test::convolution_of(image_of(values), values.number("filters"),
                                   values.number("kernel"), values.number("stride"),
                                   values.number("padding"));
      check_layer(values, [&](auto x, auto w, auto b) {
        return reference::conv2d<dual>(g, x, w, b);
      });
    }
  }
}

BOOST_AUTO_TEST_CASE(gives_pytorchs_poolings_ties_included) {
  for (const char* name : {"max_pool2d_k2", "max_pool2d_k2_floor", "max_pool2d_k2_s1",
                           "max_pool2d_k2_ties", "max_pool2d_k3", "max_pool2d_k3_s1_ties",
                           "max_pool2d_k3_s2"}) {
    BOOST_TEST_CONTEXT(name) {
      const recorded::values values(name);
      const ts::pooling g = ts::test::pooling_of(image_of(values), values.number("kernel"),
                                                 values.number("stride"));
      check_layer(values, [&](auto x, auto, auto) { return reference::max_pool2d<dual>(g, x); });
    }
  }
}

BOOST_AUTO_TEST_CASE(gives_pytorchs_relu_and_its_derivative_at_zero) {
  check_layer(recorded::values("relu"), [](auto x, auto, auto) {
    std::vector<dual> y;
    for (const dual& v : x) {
      y.push_back(reference::evaluate(ts::layers::relu::value{},
                                      std::array{v}));
    }
    return y;
  });
}

BOOST_AUTO_TEST_CASE(gives_pytorchs_cross_entropy_however_large_the_logits) {
  for (const char* name : {"cross_entropy", "cross_entropy_wide", "cross_entropy_huge"}) {
    BOOST_TEST_CONTEXT(name) {
      const recorded::values values(name);
      const auto labels = values.labels("labels");
      std::vector<double> losses, derivative;
      double mean = 0;
      for (std::size_t i = 0; i < labels.size(); ++i) {
        for (std::size_t first = 0; first < 10; first += dual::directions) {
          std::vector<dual> z;
          for (std::size_t c = 0; c < 10; ++c) {
            const double value = values["logits"][i * 10 + c];
            const bool mine = c >= first && c < first + dual::directions;
            z.push_back(mine ? dual::variable(value, c - first) : dual(value));
          }
          const dual loss = reference::cross_entropy<dual>(z, labels[i]);
          for (std::size_t k = 0; first + k < 10 && k < dual::directions; ++k) {
            derivative.push_back(loss.derivative(k) / static_cast<double>(labels.size()));
          }
          if (first == 0) losses.push_back(loss.real());
        }
        mean += losses.back() / static_cast<double>(labels.size());
      }
      compare(losses, values["loss_each"], "loss_each");
      compare({mean}, values["loss"], "loss");
      compare(derivative, values["gradient/logits"], "gradient/logits");
    }
  }
}

template <class Net>
void check_network(Net net, const char* name) {
  BOOST_TEST_CONTEXT(name << ": " << ts::text_of(net)) {
    const recorded::values values(name);
    const auto state = values.state("initial");
    const auto weights = reference::parameters_of<double>(state);
    const auto labels = values.labels<std::int32_t>("labels.0");
    const std::vector<float>& input = values["input.0"];
    std::vector<double> logits, gradient(Net::parameter_count);
    double mean = 0;
    const auto batch = static_cast<double>(labels.size());
    for (std::size_t i = 0; i < labels.size(); ++i) {
      const auto sample = std::span(input).subspan(i * Net::input.size, Net::input.size);
      const auto z = reference::forward<Net>(weights, std::vector<double>(sample.begin(), sample.end()));
      logits.insert(logits.end(), z.begin(), z.end());
      const auto one = gradient::exact_gradient<Net>(state, sample, labels[i]);
      mean += one.loss / batch;
      for (std::size_t k = 0; k < gradient.size(); ++k) gradient[k] += one.derivative[k] / batch;
    }
    compare(logits, values["logits.0"], "logits");
    compare({mean}, values["loss.0"], "loss");
    std::size_t first = 0;
    for (const ts::named_tensor& tensor : values.state("gradient")) {
      const auto begin = gradient.begin() + static_cast<std::ptrdiff_t>(first);
      first += tensor.values.size();
      compare({begin, begin + static_cast<std::ptrdiff_t>(tensor.values.size())}, tensor.values,
              tensor.name);
    }
  }
}

BOOST_AUTO_TEST_CASE(gives_pytorchs_gradients_of_whole_networks) {
  using ts::conv2d, ts::flatten, ts::input, ts::linear, ts::max_pool2d, ts::padding, ts::relu,
      ts::stride;
  check_network(input<3, 4, 4> | flatten | linear<12> | relu | linear<10>, "small_mlp");
  check_network(input<3, 12, 12> | conv2d<4, 3> | relu | max_pool2d<2> | conv2d<6, 3> | relu |
                    max_pool2d<2> | flatten | linear<16> | relu | linear<10>,
                "small_cnn");
  check_network(input<3, 11, 9> | conv2d<5, 3, stride<2>, padding<1>> | relu |
                    conv2d<7, 3, stride<2>, padding<1>> | relu | max_pool2d<2, stride<1>> |
                    flatten | linear<10>,
                "strided_cnn");
}

BOOST_AUTO_TEST_CASE(has_the_same_derivative_by_a_complex_step_as_by_dual_numbers) {
  constexpr auto net = ts::input<2, 6, 5> | ts::conv2d<3, 3, ts::padding<1>> | ts::relu |
                       ts::max_pool2d<2> | ts::flatten | ts::linear<4>;
  using net_type = std::remove_const_t<decltype(net)>;
  using complex = std::complex<double>;
  const auto state = gradient::random_state<net_type>(ts::seed{9});
  const auto problem = gradient::random_problem<net_type>(1, ts::seed{9});
  const auto exact = gradient::exact_gradient<net_type>(state, problem.sample(0), problem.labels[0]);
  auto weights = reference::parameters_of<complex>(state);
  const std::vector<complex> sample(problem.samples.begin(), problem.samples.end());
  constexpr double step = 1e-50;  // nothing is subtracted, so no step is too small
  std::size_t k = 0, moved = 0;
  for (auto& tensor : weights) {
    for (complex& weight : tensor) {
      weight += complex(0, step);
      const auto logits = reference::forward<net_type>(weights, sample);
      const complex loss = reference::cross_entropy<complex>(
          logits, static_cast<std::size_t>(problem.labels[0]));
      weight = weight.real();
      const double derivative = loss.imag() / step;
      moved += derivative != 0 ? 1u : 0u;
      BOOST_TEST(std::abs(derivative - exact.derivative[k]) <= 1e-14,
                 "parameter " << k << ": " << derivative << " and " << exact.derivative[k]);
      ++k;
    }
  }
  BOOST_TEST(k == net.parameter_count);
  BOOST_TEST(2 * moved > k);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
