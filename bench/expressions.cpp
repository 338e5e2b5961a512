// SPDX-License-Identifier: MIT
// Formulas that the library fuses and differentiates, beside the best loop written by hand, the same
// operations one at a time, and Eigen.
//
//   Adam's update                     3 results of 4 arrays
//   mish(x) = x tanh(softplus(x))     the value, and g times its derivative
//   sum(log1p(exp(x)) tanh(x))        the value alone, and with its gradient
#include "context.hpp"
#include "networks.hpp"
#include "peers.hpp"

#include "tesela/autodiff/derivative.hpp"
#include "tesela/expr/tensor_plan.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/tensor/arena.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

// Loops as one would write them with Highway, knowing what is computed: each vector is loaded once, and
// what value and gradient share is computed once. Functions are the library's, so that accuracy is equal.
HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

struct by_hand {
  static HWY_ATTR void adam(const ::tesela::adam& rule, float correction1, float correction2,
                            const float* g, float* w, float* m, float* v, std::size_t count) {
    const D d;
    const V b1 = hn::Set(d, rule.beta1), b2 = hn::Set(d, rule.beta2);
    const V one_b1 = hn::Set(d, 1 - rule.beta1), one_b2 = hn::Set(d, 1 - rule.beta2);
    const V rate = hn::Set(d, rule.learning_rate * correction1), c2 = hn::Set(d, correction2);
    const V epsilon = hn::Set(d, rule.epsilon), decay = hn::Set(d, rule.weight_decay);
    for (std::size_t i = 0; i < count; i += kLanes) {
      const V wi = hn::LoadU(d, w + i), gi = hn::MulAdd(decay, wi, hn::LoadU(d, g + i));
      const V mi = hn::Add(hn::Mul(b1, hn::LoadU(d, m + i)), hn::Mul(one_b1, gi));
      const V vi = hn::Add(hn::Mul(b2, hn::LoadU(d, v + i)), hn::Mul(one_b2, hn::Mul(gi, gi)));
      const V change = hn::Div(hn::Mul(rate, mi), hn::Add(Apply(expr::op::square_root{}, d, hn::Mul(c2, vi)), epsilon));
      hn::StoreU(hn::Sub(wi, change), d, w + i);
      hn::StoreU(mi, d, m + i);
      hn::StoreU(vi, d, v + i);
    }
  }
  static HWY_ATTR void mish(const float* x, const float* g, float* y, float* dx, std::size_t count) {
    const D d;
    const V one = hn::Set(d, 1.0f), two = hn::Set(d, 2.0f), most = hn::Set(d, 43.0f);
    // With e = exp(x) and n = e (e + 2), tanh(log(1 + e)) is n / (n + 2): one exponential, one division.
    for (std::size_t i = 0; i < count; i += kLanes) {
      const V a = hn::LoadU(d, x + i);
      const V e = Apply(expr::op::exp{}, d, hn::Min(a, most));
      const V n = hn::Mul(e, hn::Add(e, two)), r = hn::Div(one, hn::Add(n, two));
      const V t = hn::Mul(n, r), er = hn::Mul(hn::Add(e, e), r);
      const V slope = hn::MulAdd(a, hn::Mul(er, hn::MulAdd(two, r, er)), t);
      hn::StoreU(hn::Mul(a, t), d, y + i);
      hn::StoreU(hn::Mul(hn::LoadU(d, g + i), slope), d, dx + i);
    }
  }
  // dx may be null.
  static HWY_ATTR double softplus_tanh(const float* x, float* dx, std::size_t count) {
    const D d;
    const V one = hn::Set(d, 1.0f);
    double total = 0;
    for (std::size_t begin = 0; begin < count; begin += kStretch) {
      V sum = hn::Zero(d);
      const std::size_t end = std::min(count, begin + kStretch);
      for (std::size_t i = begin; i < end; i += kLanes) {
        const V a = hn::LoadU(d, x + i);
        const V e = Apply(expr::op::exp{}, d, a);
        const V s = Apply(expr::op::log1p{}, d, e), t = Apply(expr::op::tanh{}, d, a);
        sum = hn::Add(sum, hn::Mul(s, t));
        if (dx != nullptr) {
          const V slope = hn::Div(hn::Mul(t, e), hn::Add(one, e));
          hn::StoreU(hn::Add(slope, hn::Mul(s, hn::Sub(one, hn::Mul(t, t)))), d, dx + i);
        }
      }
      total += static_cast<double>(SumOf(sum));
    }
    return total;
  }
};

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

namespace bench {

namespace {

using isa = ts::static_isa;
namespace expr = ts::expr;
using by_hand = ts::HWY_NAMESPACE::by_hand;

struct arrays {
  arrays(std::size_t count, std::size_t number) {
    for (std::size_t k = 0; k < number; ++k) {
      const std::vector<float> values = random_floats(count, static_cast<std::uint32_t>(40 + k), 4);
      all.emplace_back(count + 16);
      std::copy(values.begin(), values.end(), all.back().data());
    }
  }
  float* operator[](std::size_t k) { return all[k].data(); }
  std::vector<ts::arena> all;
};

void require_close(const std::string& name, const float* a, const float* b, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    require(std::abs(a[i] - b[i]) <= 1e-5f * (1 + std::abs(b[i])),
            fmt::format("{}: {} instead of {} at {}", name, a[i], b[i], i));
  }
}

// One operation after the other over the whole arrays, as a library without fusion does it.
template <class E, std::size_t Inputs>
void one_operation(const float* const (&in)[Inputs], float* out, std::size_t count) {
  isa::evaluate(expr::fixed_results<E>{}, in, {out}, count);
}

void report_case(context& with, const std::string& name, std::size_t count,
                 std::vector<contestant> contestants) {
  // Nanoseconds an element.
  const measure in{.unit = "ns/element", .amount = 0, .time_scale = 1e9 / static_cast<double>(count)};
  result r = make_result(name, 1, in, contestants, race(contestants, with.kernel_effort(), 1));
  if (!eigen::absence().empty()) r.missing.push_back(eigen::absence());
  with.results.add(std::move(r));
}

void append(std::vector<contestant>& to, std::vector<contestant> more) {
  for (contestant& each : more) to.push_back(std::move(each));
}

void adam_case(context& with, const char* size, std::size_t count) {
  const auto a = std::make_shared<arrays>(count, 6);
  const ts::adam rule;
  const float c1 = 1 / (1 - rule.beta1 * rule.beta1), c2 = 1 / (1 - rule.beta2 * rule.beta2);
  for (std::size_t i = 0; i < count; ++i) (*a)[3][i] = std::abs((*a)[3][i]);
  // The numbers of a step are computed once, by hand and here.
  const auto program = expr::lift(rule.rule(2, expr::operand<0>{}, expr::operand<1>{},
                                            expr::operand<2>{}, expr::operand<3>{}));
  const auto ours = [=] {
    isa::evaluate(program,
                  {(*a)[0], (*a)[1], (*a)[2], (*a)[3]}, {(*a)[1], (*a)[2], (*a)[3]}, count);
  };
  const auto hand = [=] { by_hand::adam(rule, c1, c2, (*a)[0], (*a)[1], (*a)[2], (*a)[3], count); };
  // Every operation of the rule as it is written, in place where that saves memory:
  // t = g + weight_decay w; m = b1 m + (1 - b1) t; v = b2 v + (1 - b2) (t t);
  // w -= rate m / (sqrt(c2 v) + epsilon)
  const auto steps = [=] {
    float *g = (*a)[0], *w = (*a)[1], *m = (*a)[2], *v = (*a)[3], *t = (*a)[4], *u = (*a)[5];
    constexpr expr::operand<0> x{};
    constexpr expr::operand<1> y{};
    const auto scale = [&](const float* from, float factor, float* to) {
      isa::evaluate(expr::results(x * factor), {from}, {to}, count);
    };
    const auto add = [&](float* to, const float* more) {
      one_operation<decltype(x + y)>({to, more}, to, count);
    };
    scale(w, rule.weight_decay, t);
    add(t, g);
    scale(m, rule.beta1, m);
    scale(t, 1 - rule.beta1, u);
    add(m, u);
    scale(v, rule.beta2, v);
    one_operation<decltype(x * y)>({t, t}, u, count);
    scale(u, 1 - rule.beta2, u);
    add(v, u);
    scale(v, c2, u);
    one_operation<decltype(sqrt(x))>({u}, u, count);
    isa::evaluate(expr::results(x + rule.epsilon), {u}, {u}, count);
    scale(m, rule.learning_rate * c1, t);
    one_operation<decltype(x / y)>({t, u}, t, count);
    one_operation<decltype(x - y)>({w, t}, w, count);
  };
  const std::string name = fmt::format("Adam, {} elements", size);
  arrays before(count, 4);
  for (std::size_t i = 0; i < count; ++i) before[3][i] = std::abs(before[3][i]);
  ours();
  std::vector<float> found((*a)[1], (*a)[1] + count);
  for (std::size_t k = 0; k < 4; ++k) std::copy_n(before[k], count, (*a)[k]);
  hand();
  require_close(name, found.data(), (*a)[1], count);
  for (std::size_t k = 0; k < 4; ++k) std::copy_n(before[k], count, (*a)[k]);
  steps();
  require_close(name, found.data(), (*a)[1], count);
  report_case(with, name, count,
              {local("tesela", ours), local("by hand", hand), local("one by one", steps)});
}

void mish_case(context& with, const char* size, std::size_t count) {
  constexpr auto mish = ts::activation<"mish">([](auto x) { return x * ts::tanh(ts::softplus(x)); });
  using mish_program = typename std::remove_const_t<decltype(mish)>::program;
  const auto a = std::make_shared<arrays>(count, 8);
  const auto ours = [=] {
    isa::evaluate(expr::fixed_results<mish_program::value, mish_program::gradient>{}, {(*a)[0], (*a)[1]},
                  {(*a)[2], (*a)[3]}, count);
  };
  const auto hand_into = [=](std::size_t k) {
    by_hand::mish((*a)[0], (*a)[1], (*a)[k], (*a)[k + 1], count);
  };
  const auto steps = [=] {
    float *x = (*a)[0], *g = (*a)[1], *y = (*a)[4], *dx = (*a)[5], *t = (*a)[6], *u = (*a)[7];
    constexpr expr::operand<0> p{};
    constexpr expr::operand<1> q{};
    one_operation<decltype(expr::softplus(p))>({x}, t, count);
    one_operation<decltype(expr::tanh(p))>({t}, t, count);
    one_operation<decltype(p * q)>({x, t}, y, count);
    one_operation<decltype(p * q)>({t, t}, u, count);
    one_operation<decltype(expr::one - p)>({u}, u, count);
    one_operation<decltype(p * q)>({x, u}, u, count);
    one_operation<decltype(expr::sigmoid(p))>({x}, dx, count);
    one_operation<decltype(p * q)>({u, dx}, u, count);
    one_operation<decltype(p + q)>({t, u}, u, count);
    one_operation<decltype(p * q)>({g, u}, dx, count);
  };
  const std::string name = fmt::format("mish and its gradient, {} elements", size);
  ours();
  for (const auto& other :
       {std::function<void()>([=] { hand_into(4); }), std::function<void()>(steps)}) {
    other();
    require_close(name, (*a)[2], (*a)[4], count);
    require_close(name, (*a)[3], (*a)[5], count);
  }
  // Into the same memory: where a large array lies makes a tenth.
  std::vector<contestant> all{local("tesela", ours), local("by hand", [=] { hand_into(2); }),
                              local("one by one", steps)};
  append(all, eigen::mish((*a)[0], (*a)[1], (*a)[6], (*a)[7], count));
  report_case(with, name, count, std::move(all));
}

template <std::size_t Count>
void softplus_tanh_case(context& with, const char* size) {
  using x = expr::array<0, ts::extents<Count>>;
  using loss = decltype(sum(log1p(exp(x{})) * expr::tanh(x{})));
  using gradient = ts::autodiff::gradient_of<loss, x>;
  using value_plan = expr::tensor_plan<1, loss>;
  using both_plan = expr::tensor_plan<1, loss, gradient>;
  const auto a = std::make_shared<arrays>(Count, 3);
  const auto room = std::make_shared<ts::arena>(both_plan::plan.floats + 16);
  const auto from = [a](auto) -> const float* { return (*a)[0]; };
  const auto value = [=] {
    float total = 0;
    float* const into[] = {&total};
    isa::run_tensors<value_plan>(from, nullptr, room->data(), into, 1);
    keep(total);
    return total;
  };
  const auto both = [=] {
    float total = 0;
    float* const into[] = {&total, (*a)[1]};
    isa::run_tensors<both_plan>(from, nullptr, room->data(), into, 1);
    keep(total);
    return total;
  };
  const auto value_by_hand = [=] { keep(by_hand::softplus_tanh((*a)[0], nullptr, Count)); };
  const auto both_by_hand = [=] { keep(by_hand::softplus_tanh((*a)[0], (*a)[2], Count)); };
  const std::string name = fmt::format("sum(log1p(exp(x)) tanh(x)), {} elements", size);
  const double expected = by_hand::softplus_tanh((*a)[0], (*a)[2], Count);
  require(std::abs(static_cast<double>(value()) - expected) <= 1e-5 * std::abs(expected), name);
  require(std::abs(static_cast<double>(both()) - expected) <= 1e-5 * std::abs(expected), name);
  require_close(name, (*a)[1], (*a)[2], Count);
  // One race, so that value and gradient may be compared.
  std::vector<contestant> all{local("tesela", both, "value and gradient"),
                              local("value alone", value),
                              local("by hand", both_by_hand),
                              local("value by hand", value_by_hand)};
  append(all, eigen::softplus_tanh((*a)[0], (*a)[2], Count));
  report_case(with, name, Count, std::move(all));
}

}  // namespace

void expressions(context& with) {
  adam_case(with, "1e3", 1'000);
  adam_case(with, "1e7", 10'000'000);
  mish_case(with, "1e3", 1'000);
  mish_case(with, "1e7", 10'000'000);
  softplus_tanh_case<1'000>(with, "1e3");
  softplus_tanh_case<10'000'000>(with, "1e7");
}

}  // namespace bench
