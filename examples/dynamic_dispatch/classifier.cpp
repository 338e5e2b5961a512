// SPDX-License-Identifier: MIT
// Compiled once for each instruction set; the machine that runs the program chooses (Highway's dynamic
// dispatch). Build it without -march, so that every instruction set takes part.
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "classifier.cpp"  // this file
#include <tesela/kernel/highway.hpp>

#include <hwy/foreach_target.h>  // includes this file again for each instruction set but the last
// First the header that is compiled each time, then those that are compiled once.
#include <tesela/kernel/isa-inl.hpp>

#include <tesela/layer/activation.hpp>
#include <tesela/layer/conv2d.hpp>
#include <tesela/layer/flatten.hpp>
#include <tesela/layer/linear.hpp>
#include <tesela/layer/max_pool2d.hpp>
#include <tesela/network/model.hpp>
#include <tesela/optim/adam.hpp>
#include <tesela/optim/cross_entropy.hpp>
#include <tesela/train/trainer.hpp>

#include "classifier.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

namespace HWY_NAMESPACE {  // N_AVX2, N_AVX3, ...: one namespace for each pass over this file
namespace {

namespace ts = tesela;

constexpr auto cnn = ts::input<3, 32, 32>
    | ts::conv2d<6, 5>  | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<16, 5> | ts::relu | ts::max_pool2d<2>
    | ts::flatten
    | ts::linear<120>   | ts::relu
    | ts::linear<80>    | ts::relu
    | ts::linear<10>;

using network = std::remove_cv_t<decltype(cnn)>;
using model = ts::model<network, ts::HWY_NAMESPACE::isa>;  // all that names the instruction set

class here final : public classifier {
 public:
  here() { trainer_.use_threads(1); }

  double train(std::span<const float> images, std::span<const std::int32_t> labels) override {
    static constexpr std::array<float, 3> ones{1, 1, 1}, zeros{};
    indices_.resize(labels.size());
    std::iota(indices_.begin(), indices_.end(), 0u);
    const ts::loss_sum sum =
        trainer_.step({images.data(), ts::element::f32, 3, 32 * 32, ones.data(), zeros.data(),
                       labels.data()},
                      indices_);
    return sum.loss / sum.weight;
  }
  std::span<const float> scores(std::span<const float> images) override {
    return model_.forward(images, room_);
  }
  std::string instruction_set() const override { return std::string(model::isa::name); }

 private:
  model model_{cnn, ts::init::he_normal, ts::seed{42}};
  ts::trainer<model, ts::cross_entropy_loss, ts::adam> trainer_{model_, ts::cross_entropy, ts::adam{}};
  ts::workspace<network> room_{cnn, 64};
  std::vector<std::uint32_t> indices_;
};

classifier* Make() { return new here; }

}  // namespace
}  // namespace HWY_NAMESPACE

#if HWY_ONCE  // what follows is compiled once
namespace {

HWY_EXPORT(Make);  // a table of the functions of all passes

// Calls f while the `less` best instruction sets of this machine do not count.
template <class F>
auto without(std::size_t less, const F& f) {
  auto left = hwy::SupportedTargets() & HWY_TARGETS;
  for (; less != 0 && (left & (left - 1)) != 0; --less) left &= left - 1;  // the best is the lowest bit
  hwy::SetSupportedTargetsForTest(left);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  auto result = f();
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().DeInit();
  return result;
}

}  // namespace

std::vector<std::string> instruction_sets() {
  std::vector<std::string> names;
  for (auto left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1) {
    names.emplace_back(hwy::TargetName(left & -left));
  }
  return names;
}

std::unique_ptr<classifier> make_classifier(std::size_t less) {
  if (less == 0) return std::unique_ptr<classifier>(HWY_DYNAMIC_DISPATCH(Make)());
  return without(less, [] { return std::unique_ptr<classifier>(HWY_DYNAMIC_DISPATCH(Make)()); });
}
#endif
