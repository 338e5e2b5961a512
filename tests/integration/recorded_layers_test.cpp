// SPDX-License-Identifier: MIT
// Single layers do what PyTorch does: results and every gradient, for arbitrary gradients behind
// them.
//
// A layer is run as a network that ends with flatten, under a loss whose gradient is the recorded
// one. The library gives no gradient of inputs, but it does of weights: behind input<1,1,1>, a
// convolution of S x S filters with padding S - 1 turns the sample 1 into any S x S images, which
// are its weights upside down. Their gradient is that of the next layer's input.
#include "compare.hpp"
#include "recorded/recorded.hpp"

#include "tesela/tesela.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace ts = tesela;

namespace {

// Recorded values are exact; float32_error is what PyTorch's own float32 run is off by. Ours sums
// in another order: 2.5 times as much is needed.
constexpr double margin = 4;

// sum(output * upstream) of one block, [sample][feature] in PyTorch's order.
struct given_gradient {
  std::span<const float> upstream;

  static constexpr ts::sentence name() { return "given_gradient"; }

  template <class Isa, std::size_t outputs>
  ts::loss_sum block(const ts::block_targets&, const float* results, std::size_t samples, float,
                     float* gradient) const {
    ts::loss_sum sum{.weight = static_cast<double>(samples)};
    std::fill(gradient, gradient + outputs * ts::block_lanes, 0.0f);
    for (std::size_t s = 0; s < samples; ++s) {
      for (std::size_t f = 0; f < outputs; ++f) {
        const std::size_t inside = f * ts::block_lanes + s;
        gradient[inside] = upstream[s * outputs + f];
        sum.loss += static_cast<double>(results[inside]) * static_cast<double>(gradient[inside]);
      }
    }
    return sum;
  }
};

ts::named_tensor named(const std::string& name, const ts::named_tensor& values) {
  return {name, values.shape, values.values};
}

// Gradients of all parameters of `net` for up to a block of samples.
template <class Net>
std::vector<ts::named_tensor> gradients(Net, const std::vector<ts::named_tensor>& parameters,
                                        std::span<const float> samples,
                                        std::span<const float> upstream) {
  ts::model<Net> model{Net{}};
  model.load_state_dict(parameters);
  ts::training_engine engine(model, given_gradient{upstream});
  constexpr ts::image in = ts::detail::image_of(Net::input);
  const std::vector<float> ones(in.channels, 1.0f), zeros(in.channels, 0.0f);
  const std::size_t count = samples.size() / Net::input.size;
  const std::vector<std::int32_t> labels(count, 0);
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0u);
  engine.step({samples.data(), ts::element::f32, in.channels, in.pixels(), ones.data(),
               zeros.data(), labels.data()},
              indices, 1, [](std::size_t, std::size_t) {});
  return ts::state_dict_of<Net>(engine.gradients());
}

template <class Net>
std::vector<float> results(Net net, const std::vector<ts::named_tensor>& parameters,
                           std::span<const float> samples) {
  ts::model<Net> model{Net{}};
  model.load_state_dict(parameters);
  ts::workspace room{net, samples.size() / Net::input.size};
  const auto found = model.forward(samples, room);
  return {found.begin(), found.end()};
}

// Carries a sample of Channels x Size x Size as weights, on which the layer under test acts.
template <std::size_t Channels, std::size_t Size>
constexpr auto carrier = ts::input<1, 1, 1> | ts::conv2d<Channels, Size, ts::padding<Size - 1>>;

std::vector<float> upside_down(std::span<const float> images, std::size_t pixels) {
  std::vector<float> turned(images.begin(), images.end());
  for (auto at = turned.begin(); at != turned.end(); at += static_cast<std::ptrdiff_t>(pixels)) {
    std::reverse(at, at + static_cast<std::ptrdiff_t>(pixels));
  }
  return turned;
}

// The gradient of the input, sample by sample. `stack` makes the network behind a carrier; the
// layer's own parameters, if any, are named as in that network.
template <std::size_t Channels, std::size_t Size, class Stack>
void check_input_gradient(const recorded::values& expected, const Stack& stack,
                          const std::vector<ts::named_tensor>& parameters, double tolerance) {
  const auto net = stack(carrier<Channels, Size>);
  constexpr std::size_t features = Channels * Size * Size;
  const std::span<const float> inputs = expected["input"], upstream = expected["upstream"];
  const std::span<const float> input_gradients = expected["gradient/input"];
  const std::size_t outputs = decltype(net.output)::size, count = inputs.size() / features;
  for (std::size_t s = 0; s < count; ++s) {
    std::vector<ts::named_tensor> all{
        {"0.weight",
         {Channels, 1, Size, Size},
         upside_down(inputs.subspan(s * features, features), Size * Size)},
        {"0.bias", {Channels}, std::vector<float>(Channels, 0.0f)}};
    all.insert(all.end(), parameters.begin(), parameters.end());
    const float one = 1.0f;
    const auto found = gradients(net, all, {&one, 1}, upstream.subspan(s * outputs, outputs));
    check_close("gradient/input of sample " + std::to_string(s),
                upside_down(found[0].values, Size * Size),
                input_gradients.subspan(s * features, features), tolerance);
  }
}

// Layer `layer` with weights, on inputs of C x H x W.
template <std::size_t C, std::size_t H, std::size_t W, class Convolution>
void check_convolution(const std::string& name, Convolution layer) {
  BOOST_TEST_CONTEXT(name) {
    const recorded::values expected(name);
    const double of_output = margin * double{expected.float32_error("output")};
    const double of_gradient = margin * double{expected.float32_error("gradient")};
    constexpr auto net = ts::input<C, H, W> | layer | ts::flatten;
    const auto parameters = [&](const std::string& number) {
      return std::vector{named(number + ".weight", expected.tensor("weight")),
                         named(number + ".bias", expected.tensor("bias"))};
    };
    check_close("output", results(net, parameters("0"), expected["input"]), expected["output"],
                of_output);
    const auto found = gradients(net, parameters("0"), expected["input"], expected["upstream"]);
    check_close("gradient/weight", found[0].values, expected["gradient/weight"], of_gradient);
    check_close("gradient/bias", found[1].values, expected["gradient/bias"], of_gradient);
    if constexpr (H == W) {
      check_input_gradient<C, H>(
          expected, [](auto before) { return before | Convolution{} | ts::flatten; },
          parameters("1"), of_gradient);
    }
  }
}

// Behind a pooling, here one that changes nothing, the gradient takes another way.
template <std::size_t C, std::size_t Size, class Convolution>
void check_convolution_behind_pooling(const std::string& name, Convolution) {
  BOOST_TEST_CONTEXT(name) {
    const recorded::values expected(name);
    check_input_gradient<C, Size>(
        expected,
        [](auto before) { return before | ts::max_pool2d<1> | Convolution{} | ts::flatten; },
        {named("2.weight", expected.tensor("weight")), named("2.bias", expected.tensor("bias"))},
        margin * double{expected.float32_error("gradient")});
  }
}

template <std::size_t C, std::size_t H, std::size_t W, class Pool>
void check_pooling(const std::string& name, Pool pool) {
  BOOST_TEST_CONTEXT(name) {
    const recorded::values expected(name);
    const auto found = results(ts::input<C, H, W> | pool | ts::flatten, {}, expected["input"]);
    BOOST_TEST(found == expected["output"], boost::test_tools::per_element());
    if constexpr (H == W) {
      // At the end of the convolution in front of it, and on its own.
      check_input_gradient<C, H>(
          expected, [](auto before) { return before | Pool{} | ts::flatten; }, {}, 2e-7);
      check_input_gradient<C, H>(
          expected, [](auto before) { return before | ts::max_pool2d<1> | Pool{} | ts::flatten; },
          {}, 2e-7);
    }
  }
}

template <std::size_t Inputs, std::size_t Outputs>
void check_linear(const std::string& name) {
  BOOST_TEST_CONTEXT(name) {
    const recorded::values expected(name);
    const double of_output = margin * double{expected.float32_error("output")};
    const double of_gradient = margin * double{expected.float32_error("gradient")};
    constexpr auto net = ts::input<Inputs> | ts::linear<Outputs>;
    const std::vector parameters{named("0.weight", expected.tensor("weight")),
                                 named("0.bias", expected.tensor("bias"))};
    check_close("output", results(net, parameters, expected["input"]), expected["output"],
                of_output);
    const auto found = gradients(net, parameters, expected["input"], expected["upstream"]);
    check_close("gradient/weight", found[0].values, expected["gradient/weight"], of_gradient);
    check_close("gradient/bias", found[1].values, expected["gradient/bias"], of_gradient);

    // As above: the sample is the weights of a layer whose input is 1.
    constexpr auto carried = ts::input<1> | ts::linear<Inputs> | ts::linear<Outputs>;
    const std::span<const float> inputs = expected["input"], upstream = expected["upstream"];
    const std::span<const float> input_gradients = expected["gradient/input"];
    for (std::size_t s = 0; s < inputs.size() / Inputs; ++s) {
      const auto sample = inputs.subspan(s * Inputs, Inputs);
      const float one = 1.0f;
      const auto gradient = gradients(carried,
                                      {{"0.weight", {Inputs, 1}, {sample.begin(), sample.end()}},
                                       {"0.bias", {Inputs}, std::vector<float>(Inputs, 0.0f)},
                                       named("1.weight", expected.tensor("weight")),
                                       named("1.bias", expected.tensor("bias"))},
                                      {&one, 1}, upstream.subspan(s * Outputs, Outputs));
      check_close("gradient/input of sample " + std::to_string(s), gradient[0].values,
                  input_gradients.subspan(s * Inputs, Inputs), of_gradient);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(recorded_layers)

BOOST_AUTO_TEST_CASE(linear_layers_agree) {
  check_linear<3, 5>("linear_3_5");
  check_linear<17, 10>("linear_17_10");
  check_linear<1, 1>("linear_1_1");
}

BOOST_AUTO_TEST_CASE(convolutions_agree) {
  check_convolution<3, 8, 8>("conv2d_3_6_k5", ts::conv2d<6, 5>);
  check_convolution<2, 7, 7>("conv2d_2_4_k3_p1", ts::conv2d<4, 3, ts::padding<1>>);
  check_convolution<1, 4, 4>("conv2d_1_2_k1", ts::conv2d<2, 1>);
  check_convolution<2, 6, 6>("conv2d_2_3_k5_p2", ts::conv2d<3, 5, ts::padding<2>>);
  check_convolution<3, 9, 6>("conv2d_3_4_k3_9x6", ts::conv2d<4, 3>);
}

BOOST_AUTO_TEST_CASE(strided_convolutions_agree) {
  check_convolution<3, 9, 9>("conv2d_3_5_k3_s2", ts::conv2d<5, 3, ts::stride<2>>);
  check_convolution<3, 8, 8>("conv2d_3_5_k3_s2_floor", ts::conv2d<5, 3, ts::stride<2>>);
  check_convolution<3, 8, 8>("conv2d_3_4_k3_s2_p1",
                             ts::conv2d<4, 3, ts::stride<2>, ts::padding<1>>);
  check_convolution<4, 6, 6>("conv2d_4_7_k2_s2", ts::conv2d<7, 2, ts::stride<2>>);
  check_convolution<2, 9, 6>("conv2d_2_3_k3_s2_p1_9x6",
                             ts::conv2d<3, 3, ts::stride<2>, ts::padding<1>>);
}

BOOST_AUTO_TEST_CASE(a_convolution_whose_windows_lie_in_the_padding_agrees) {
  check_convolution<1, 1, 1>("conv2d_1_1_k3_p3", ts::conv2d<1, 3, ts::padding<3>>);
}

BOOST_AUTO_TEST_CASE(convolutions_with_windows_that_are_not_square_agree) {
  check_convolution<3, 8, 8>("conv2d_3_4_k3x5", ts::conv2d<4, ts::kernel<3, 5>>);
  check_convolution<2, 7, 7>("conv2d_2_5_k5x2_s2x1_p1x0",
                             ts::conv2d<5, ts::kernel<5, 2>, ts::stride<2, 1>, ts::padding<1, 0>>);
  check_convolution<3, 1, 19>("conv2d_3_4_k1x5_1x19",
                              ts::conv2d<4, ts::kernel<1, 5>, ts::stride<1, 2>, ts::padding<0, 2>>);
}

BOOST_AUTO_TEST_CASE(dilated_convolutions_agree) {
  check_convolution<3, 8, 8>("conv2d_3_4_k3_d2", ts::conv2d<4, 3, ts::dilation<2>>);
  check_convolution<2, 9, 9>("conv2d_2_3_k3_s2_p2_d3",
                             ts::conv2d<3, 3, ts::stride<2>, ts::padding<2>, ts::dilation<3>>);
  check_convolution<2, 6, 6>(
      "conv2d_2_3_k2x3_s2x3_p3x1_d1x2",
      ts::conv2d<3, ts::kernel<2, 3>, ts::stride<2, 3>, ts::padding<3, 1>, ts::dilation<1, 2>>);
  check_convolution<4, 3, 5>("conv2d_4_3_k3_p4_d4_3x5",
                             ts::conv2d<3, 3, ts::padding<4>, ts::dilation<4>>);
  check_convolution<1, 2, 2>("conv2d_1_2_k2_p3_d5",
                             ts::conv2d<2, 2, ts::padding<3>, ts::dilation<5>>);
}

BOOST_AUTO_TEST_CASE(convolutions_behind_a_pooling_agree) {
  check_convolution_behind_pooling<2, 7>("conv2d_2_4_k3_p1", ts::conv2d<4, 3, ts::padding<1>>);
  check_convolution_behind_pooling<3, 8>("conv2d_3_4_k3_s2_p1",
                                         ts::conv2d<4, 3, ts::stride<2>, ts::padding<1>>);
  check_convolution_behind_pooling<3, 8>("conv2d_3_4_k3_d2", ts::conv2d<4, 3, ts::dilation<2>>);
}

// The lectures' example, by hand, the same image shifted, and the perturbed one.
BOOST_AUTO_TEST_CASE(the_worked_example_of_a_convolution_agrees) {
  check_convolution<1, 3, 3>("conv2d_worked_example", ts::conv2d<1, 2>);

  const recorded::values example("conv2d_worked_example");
  const std::vector parameters{named("0.weight", example.tensor("weight")),
                               named("0.bias", example.tensor("bias"))};
  const auto found = results(ts::input<1, 3, 3> | ts::conv2d<1, 2>, parameters, example["input"]);
  const std::vector<float> by_hand{0.4f,  1.1f,  1.4f,  3.0f,  //
                                   3.0f,  1.4f,  1.1f,  0.4f,  //
                                   0.44f, 1.09f, 1.42f, 3.07f};
  check_close("by hand", found, by_hand, 3e-7);

  // Pooling does not see the shift.
  const auto pooled = results(ts::input<1, 3, 3> | ts::conv2d<1, 2> | ts::max_pool2d<2>, parameters,
                              example["input"]);
  check_close("pooled", pooled, std::vector<float>{3.0f, 3.0f, 3.07f}, 3e-7);
}

BOOST_AUTO_TEST_CASE(poolings_agree) {
  check_pooling<4, 8, 6>("max_pool2d_k2", ts::max_pool2d<2>);
  check_pooling<2, 9, 9>("max_pool2d_k3", ts::max_pool2d<3>);
  check_pooling<2, 9, 7>("max_pool2d_k3_s2", ts::max_pool2d<3, ts::stride<2>>);
  check_pooling<2, 5, 6>("max_pool2d_k2_s1", ts::max_pool2d<2, ts::stride<1>>);
  check_pooling<1, 7, 7>("max_pool2d_k2_floor", ts::max_pool2d<2>);
  check_pooling<2, 6, 6>("max_pool2d_k2x3", ts::max_pool2d<ts::kernel<2, 3>>);
  check_pooling<2, 7, 7>("max_pool2d_k2x3_s2x1",
                         ts::max_pool2d<ts::kernel<2, 3>, ts::stride<2, 1>>);
}

BOOST_AUTO_TEST_CASE(the_first_of_equal_pixels_wins_a_pooling) {
  check_pooling<2, 6, 6>("max_pool2d_k2_ties", ts::max_pool2d<2>);
  check_pooling<1, 6, 6>("max_pool2d_k3_s1_ties", ts::max_pool2d<3, ts::stride<1>>);
  check_pooling<2, 6, 6>("max_pool2d_k3x1_s1x2_ties",
                         ts::max_pool2d<ts::kernel<3, 1>, ts::stride<1, 2>>);
}

// Exactly, at 0, -0, the smallest and the largest numbers; at the end of a product and on its own.
BOOST_AUTO_TEST_CASE(relu_agrees) {
  const recorded::values expected("relu");
  const auto found = results(ts::input<23> | ts::relu, {}, expected["input"]);
  BOOST_TEST(found == expected["output"], boost::test_tools::per_element());

  const std::vector<ts::named_tensor> carrier_weights{
      {"0.weight", {23, 1}, expected["input"]}, {"0.bias", {23}, std::vector<float>(23, 0.0f)}};
  const float one = 1.0f;
  const auto fused = gradients(ts::input<1> | ts::linear<23> | ts::relu, carrier_weights, {&one, 1},
                               expected["upstream"]);
  BOOST_TEST(fused[0].values == expected["gradient/input"], boost::test_tools::per_element());
  const auto alone = gradients(ts::input<1> | ts::linear<23> | ts::identity | ts::relu,
                               carrier_weights, {&one, 1}, expected["upstream"]);
  BOOST_TEST(alone[0].values == expected["gradient/input"], boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
