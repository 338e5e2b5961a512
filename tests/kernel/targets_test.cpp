// SPDX-License-Identifier: MIT
// Compiles the kernels for every instruction set, and tests that the sets are all there.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "targets_test.cpp"
#include "tesela/kernel/highway.hpp"

#include <hwy/foreach_target.h>
// The headers of the library that are compiled once per instruction set, then the ordinary ones.
#include "tesela/kernel/isa-inl.hpp"

#include "tesela/network/model.hpp"
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include "elementwise.hpp"
#include "targets.hpp"
#include "whole_network.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {
namespace {

template <std::size_t Index, std::size_t... I, std::size_t... O>
void EvaluateNumber(const float* const* in, float* const* out, std::size_t count,
                    std::index_sequence<I...>, std::index_sequence<O...>) {
  const float* const inputs[] = {in[I]...};
  float* const outputs[] = {out[O]...};
  isa::evaluate(test::expression_number<Index>().results, inputs, outputs, count);
}

template <std::size_t Index>
void EvaluateNumber(const float* const* in, float* const* out, std::size_t count) {
  using expression = decltype(test::expression_number<Index>());
  EvaluateNumber<Index>(in, out, count, std::make_index_sequence<expression::inputs>{},
                        std::make_index_sequence<expression::outputs>{});
}

// What stands above the kernels takes the instruction set as a type, so all of them fit one program.
test::network_result RunNetwork(const std::vector<named_tensor>& state,
                                const std::vector<float>& samples) {
  using network_type = std::remove_cvref_t<decltype(test::whole_network)>;
  constexpr image in = detail::image_of(network_type::input);
  model<network_type, isa> net{test::whole_network};
  net.load_state_dict(state);
  const std::size_t count = samples.size() / in.size();
  workspace<network_type> room{count};
  test::network_result result;
  const auto logits = net.forward(samples, room);
  result.logits.assign(logits.begin(), logits.end());
  const auto alone = net.forward(std::span(samples).first(in.size()), room);
  result.alone.assign(alone.begin(), alone.end());

  std::vector<float> scale(in.channels, 1.0f), shift(in.channels, 0.0f);
  std::vector<std::int32_t> labels(count);
  std::vector<std::uint32_t> indices(count);
  std::iota(indices.begin(), indices.end(), 0u);
  for (std::size_t i = 0; i < count; ++i) {
    labels[i] = static_cast<std::int32_t>(i % network_type::output.size);
  }
  trainer<model<network_type, isa>, cross_entropy_loss, sgd> teacher{net, cross_entropy, sgd{}};
  result.loss = teacher
                    .differentiate({samples.data(), element::f32, in.channels, in.pixels(),
                                    scale.data(), shift.data(), labels.data()},
                                   indices)
                    .loss;
  result.gradients = teacher.gradients();
  return result;
}

template <class Activation>
void Convolve(const convolution& g, const float* weights, const float* bias, const float* x,
              float* y) {
  isa::with<Activation>::convolve(g, weights, bias, x, y);
}
void WinogradConvolve(const convolution& g, const float* weights, const float* bias, const float* x,
                      float* transposed, float* scratch, float* y) {
  isa::with<layers::identity>::winograd_convolve(g, weights, bias, x, transposed, scratch, y);
}

test::kernels Kernels() {
  test::kernels k{};
  k.name = isa::name;
  k.lanes = isa::lanes;
  k.load_block = &isa::load_block;
  k.transpose_rows = &isa::transpose_rows;
  k.transpose_lanes = &isa::transpose_lanes;
  k.convolve[test::with_identity] = &Convolve<layers::identity>;
  k.convolve[test::with_relu] = &Convolve<layers::relu>;
  k.convolve_and_pool[test::with_identity] = &isa::with<layers::identity>::convolve_and_pool;
  k.convolve_and_pool[test::with_relu] = &isa::with<layers::relu>::convolve_and_pool;
  k.data_gradient = &isa::convolve_data_gradient;
  k.data_gradient_behind[test::with_identity] = &isa::with<layers::identity>::convolve_data_gradient;
  k.data_gradient_behind[test::with_relu] = &isa::with<layers::relu>::convolve_data_gradient;
  k.weight_gradient = &isa::convolve_weight_gradient<>;
  k.bias_gradient = &isa::bias_gradient;
  k.winograd_convolve = &WinogradConvolve;
  k.winograd_data_gradient = &isa::winograd_data_gradient;
  k.winograd_gradient_tiles = &isa::winograd_gradient_tiles;
  k.winograd_weight_gradient = &isa::winograd_weight_gradient;
  k.max_pool = &isa::max_pool;
  k.max_pool_gradient = &isa::max_pool_gradient;
  k.max_pool_gradient_relu = &isa::with<layers::relu>::max_pool_gradient;
  k.softmax_cross_entropy = &isa::softmax_cross_entropy;
  k.soft_cross_entropy = &isa::soft_cross_entropy;
  k.single_interleave = &isa::single_interleave;
  k.single_planes = &isa::with<layers::relu>::single_planes;
  k.single_linear = &isa::with<layers::relu>::single_linear;
  k.single_convolve = &isa::with<layers::relu>::single_convolve;
  k.single_max_pool = &isa::single_max_pool;
  static_assert(test::expression_count == 4);
  k.evaluate[0] = &EvaluateNumber<0>;
  k.evaluate[1] = &EvaluateNumber<1>;
  k.evaluate[2] = &EvaluateNumber<2>;
  k.evaluate[3] = &EvaluateNumber<3>;
  k.run_network = &RunNetwork;
  return k;
}

}  // namespace
}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace tesela {
namespace {
HWY_EXPORT(Kernels);
}  // namespace

const std::vector<test::kernels>& test::every_target() {
  static const std::vector<kernels> all = [] {
    std::vector<kernels> result;
    const auto offered = hwy::SupportedTargets() & HWY_TARGETS;
    for (auto left = offered; left != 0; left &= left - 1) {
      hwy::SetSupportedTargetsForTest(left & -left);
      hwy::GetChosenTarget().Update(hwy::SupportedTargets());
      result.push_back(HWY_DYNAMIC_DISPATCH(Kernels)());
    }
    hwy::SetSupportedTargetsForTest(0);
    hwy::GetChosenTarget().DeInit();
    return result;
  }();
  return all;
}

namespace {

BOOST_AUTO_TEST_SUITE(targets)

BOOST_AUTO_TEST_CASE(one_binary_holds_every_instruction_set_of_this_cpu) {
  BOOST_TEST_REQUIRE(!test::every_target().empty());
  for (const test::kernels& k : test::every_target()) {
    BOOST_TEST_MESSAGE("target " << k.name << ", " << k.lanes << " lanes");
    for (const test::kernels& other : test::every_target()) {
      BOOST_TEST((&k == &other || k.name != other.name), k.name << " is there twice");
      BOOST_TEST((&k == &other || k.max_pool != other.max_pool), "two targets share a kernel");
    }
  }
#if !defined(__AVX__)
  // Nothing in the compiler's flags rules the narrow ones out.
  BOOST_TEST(test::every_target().back().lanes <= 4u);
#endif
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tesela
#endif
