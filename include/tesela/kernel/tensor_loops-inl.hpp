// SPDX-License-Identifier: MIT
// The loops of a program of tensors (expr/tensor_plan.hpp), each with all its results:
//
//   for every row, for every vector of the row:
//     load what is stored, compute what is needed, store results, add to reductions
//
// A reduction to one number is summed per stretch of kStretch elements in vectors, then over the
// stretches in double and in order, so it does not depend on the number of threads, and its rounding does
// not grow with the number of elements.
#if defined(TESELA_KERNEL_TENSOR_LOOPS_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_TENSOR_LOOPS_INL_HPP
#undef TESELA_KERNEL_TENSOR_LOOPS_INL_HPP
#else
#define TESELA_KERNEL_TENSOR_LOOPS_INL_HPP
#endif

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <vector>

#include "tesela/expr/tensor_plan.hpp"
#include "tesela/kernel/functions-inl.hpp"
#include "tesela/kernel/parallel.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// Elements of a row that are reduced in float before the double sum: 128 additions in each of up to 8 lanes
// lose at most 128 * 2^-24 of the sum.
inline constexpr std::size_t kStretch = 128 * std::min<std::size_t>(kLanes, 8);
// Stretches that one thread takes at a time: 64k elements of sum(log1p(exp x) tanh x) with
// its gradient are 70 us of work (one thread of a Xeon).
inline constexpr std::size_t kStretchesTogether = 64;

// How many floats ahead of their use arrays are asked for: a Xeon does not do so by itself for a loop this slow
// (sum(log1p(exp x) tanh x) of 1e7 elements 3.1 and 0.95 ns an element, with its gradient 2.5 and 1.06; of 1e3
// 0.92 either way).
inline constexpr std::size_t kAhead = 512;

template <class Node>
inline constexpr bool kIsMaximum = false;
template <std::size_t Axes, class A>
inline constexpr bool kIsMaximum<expr::unary<expr::op::largest<Axes>, A>> = true;

template <class Plan>
class TensorLoops {
 protected:
  using program = typename Plan::program_type;
  using nodes = typename Plan::nodes;
  static constexpr std::size_t kNodes = Plan::node_count;
  template <std::size_t I>
  using node = meta::at<nodes, I>;
  static constexpr const expr::node_facts& Facts(std::size_t i) { return Plan::plan.node[i]; }
  static constexpr std::size_t Size(std::size_t i) { return Facts(i).shape.size * Plan::lanes; }

  // A loop. Rows are cut into stretches; stretches are dealt to threads where they do not share results.
  template <std::size_t L>
  HWY_ATTR void Loop(std::size_t threads) {
    constexpr std::size_t inner = Plan::inner(L), outer = Plan::outer(L);
    constexpr std::size_t per_row = (inner + kStretch - 1) / kStretch;
    constexpr std::size_t stretches = outer * per_row;
    constexpr std::size_t reductions = std::max<std::size_t>(Plan::loops[L].reductions, 1);
    Prepare<L, 0>();
    if constexpr (stretches <= kStretchesTogether || Plan::loops[L].scattered) {
      double sums[reductions];
      Begin<L, 0>(sums);
      for (std::size_t s = 0; s < stretches; ++s) Stretch<L>(s / per_row, s % per_row, sums);
      Finish<L, 0>(sums);
    } else {
      constexpr std::size_t shares = (stretches + kStretchesTogether - 1) / kStretchesTogether;
      std::vector<std::array<double, reductions>> partial(shares);
      parallel_for(shares, threads, [&](std::size_t share) HWY_ATTR {
        Begin<L, 0>(partial[share].data());
        const std::size_t first = share * kStretchesTogether, last = std::min(stretches, first + kStretchesTogether);
        for (std::size_t s = first; s < last; ++s) {
          Stretch<L>(s / per_row, s % per_row, partial[share].data());
        }
      });
      for (std::size_t share = 1; share < shares; ++share) {
        Combine<L, 0>(partial[0].data(), partial[share].data());
      }
      Finish<L, 0>(partial[0].data());
    }
  }

 private:
  static constexpr bool Reduces(std::size_t i) { return Facts(i).role == expr::node_role::reduction; }
  // A reduction of everything to one number, summed in double.
  static constexpr bool Total(std::size_t i) {
    return Reduces(i) && Facts(i).shape.size == 1 && Plan::lanes == 1;
  }
  // Its position among those of its loop.
  static constexpr std::size_t TotalIndex(std::size_t l, std::size_t i) {
    std::size_t before = 0;
    for (std::size_t k = 0; k < i; ++k) before += Plan::loops[l].output[k] && Total(k) ? 1u : 0u;
    return before;
  }
  // A reduction that keeps elements apart, but not those of a row.
  static constexpr bool RowTotal(std::size_t l, std::size_t i) {
    return Reduces(i) && !Total(i) && Plan::uniform(l, i);
  }
  template <std::size_t I>
  static constexpr float kNeutral =
      kIsMaximum<node<I>> ? -std::numeric_limits<float>::infinity() : 0.0f;

  template <std::size_t L, std::size_t I>
  void Prepare() {
    if constexpr (I < kNodes) {
      if constexpr (Plan::loops[L].output[I] && Reduces(I) && !Total(I)) {
        std::fill(at_[I], at_[I] + Size(I), kNeutral<I>);
      }
      Prepare<L, I + 1>();
    }
  }
  template <std::size_t L, std::size_t I>
  static void Begin(double* sums) {
    if constexpr (I < kNodes) {
      if constexpr (Plan::loops[L].output[I] && Total(I)) {
        sums[TotalIndex(L, I)] = static_cast<double>(kNeutral<I>);
      }
      Begin<L, I + 1>(sums);
    }
  }
  template <std::size_t I>
  static double Together(double a, double b) {
    if constexpr (kIsMaximum<node<I>>) {
      return a != a ? a : b != b ? b : std::max(a, b);
    } else {
      return a + b;
    }
  }
  template <std::size_t L, std::size_t I>
  static void Combine(double* sums, const double* more) {
    if constexpr (I < kNodes) {
      if constexpr (Plan::loops[L].output[I] && Total(I)) {
        constexpr std::size_t t = TotalIndex(L, I);
        sums[t] = Together<I>(sums[t], more[t]);
      }
      Combine<L, I + 1>(sums, more);
    }
  }
  template <std::size_t L, std::size_t I>
  void Finish(const double* sums) {
    if constexpr (I < kNodes) {
      if constexpr (Plan::loops[L].output[I] && Total(I)) {
        *at_[I] = static_cast<float>(sums[TotalIndex(L, I)]);
      }
      Finish<L, I + 1>(sums);
    }
  }

  // Registers of one stretch.
  struct Registers {
    V value[kNodes];
    M mask[kNodes];
    V sum[kNodes];
    const float* from[kNodes];
    float* to[kNodes];
  };

  template <std::size_t L>
  HWY_ATTR HWY_NOINLINE void Stretch(std::size_t row, std::size_t part, double* sums) const {
    const D d;
    constexpr std::size_t inner = Plan::inner(L);
    const std::size_t begin = part * kStretch, end = std::min(inner, begin + kStretch);
    Registers r;
    Pointers<L, 0>(d, r, row);
    Nodes<L, true, 0>(d, r, 0, 0);
    std::size_t i = begin;
    for (; i + kLanes <= end; i += kLanes) {
      Nodes<L, false, 0>(d, r, i, kLanes);
      Outputs<L, 0>(d, r, i, kLanes);
    }
    if (i < end) {
      Nodes<L, false, 0>(d, r, i, end - i);
      Outputs<L, 0>(d, r, i, end - i);
    }
    Totals<L, 0>(d, r, sums);
  }

  template <std::size_t L, std::size_t I>
  HWY_INLINE void Pointers(D d, Registers& r, std::size_t row) const {
    if constexpr (I < kNodes) {
      if constexpr (Plan::loops[L].loaded[I]) r.from[I] = at_[I] + Plan::row_offset(L, I, row);
      if constexpr (Plan::loops[L].output[I] && !Total(I)) {
        r.to[I] = at_[I] + Plan::row_offset(L, I, row);
      }
      if constexpr (Plan::loops[L].output[I] && (Total(I) || RowTotal(L, I))) {
        r.sum[I] = hn::Set(d, kNeutral<I>);
      }
      Pointers<L, I + 1>(d, r, row);
    }
  }

  // Whether a node has the same value in all elements of a row.
  static constexpr auto kUniform = [] {
    std::array<std::array<bool, kNodes>, Plan::loop_count == 0 ? 1 : Plan::loop_count> all{};
    for (std::size_t l = 0; l < Plan::loop_count; ++l) {
      for (std::size_t i = 0; i < kNodes; ++i) {
        if (Plan::loops[l].loaded[i]) {
          all[l][i] = Plan::uniform(l, i);
        } else if (Plan::loops[l].computed[i]) {
          bool uniform = true;
          for (std::size_t k = 0; k < Facts(i).children; ++k) {
            uniform = uniform && all[l][Facts(i).child[k]];
          }
          all[l][i] = uniform;
        }
      }
    }
    return all;
  }();

  // Computes the nodes that are uniform, once a stretch, or those that are not, once a vector.
  template <std::size_t L, bool Uniform, std::size_t I>
  HWY_INLINE void Nodes(D d, Registers& r, std::size_t i, std::size_t count) const {
    if constexpr (I < kNodes) {
      if constexpr (kUniform[L][I] == Uniform) {
        if constexpr (Plan::loops[L].loaded[I]) {
          if constexpr (Uniform) {
            r.value[I] = hn::Set(d, *r.from[I]);
          } else {
            hwy::Prefetch(r.from[I] + i + kAhead);
            r.value[I] = count == kLanes ? hn::LoadU(d, r.from[I] + i)
                                         : LoadFirst(d, count, r.from[I] + i);
          }
        } else if constexpr (Plan::loops[L].computed[I]) {
          if constexpr (expr::is_condition<node<I>>) {
            r.mask[I] = Compute(d, r, node<I>{});
          } else {
            r.value[I] = Compute(d, r, node<I>{});
          }
        }
      }
      Nodes<L, Uniform, I + 1>(d, r, i, count);
    }
  }
  template <class Node>
  static HWY_INLINE const auto& Value(const Registers& r) {
    constexpr std::size_t i = program::template index<Node>;
    if constexpr (expr::is_condition<Node>) {
      return r.mask[i];
    } else {
      return r.value[i];
    }
  }
  template <std::size_t K>
  HWY_INLINE V Compute(D d, const Registers&, expr::parameter<K>) const {
    return hn::Set(d, numbers_[K]);
  }
  template <std::uint32_t Bits>
  HWY_INLINE V Compute(D d, const Registers&, expr::literal<Bits>) const {
    return hn::Set(d, expr::literal<Bits>::value);
  }
  template <class E, class A>
  HWY_INLINE V Compute(D, const Registers& r, expr::unary<expr::op::expand<E>, A>) const {
    return Value<A>(r);
  }
  template <class A>
  HWY_INLINE V Compute(D, const Registers& r, expr::unary<expr::op::constant, A>) const {
    return Value<A>(r);
  }
  template <class Op, class A>
  HWY_INLINE auto Compute(D d, const Registers& r, expr::unary<Op, A>) const {
    return Apply(Op{}, d, Value<A>(r));
  }
  template <class Op, class A, class B>
  HWY_INLINE auto Compute(D d, const Registers& r, expr::binary<Op, A, B>) const {
    return Apply(Op{}, d, Value<A>(r), Value<B>(r));
  }
  template <class Op, class A, class B, class C>
  HWY_INLINE auto Compute(D d, const Registers& r, expr::ternary<Op, A, B, C>) const {
    return Apply(Op{}, d, Value<A>(r), Value<B>(r), Value<C>(r));
  }

  template <std::size_t I>
  static HWY_INLINE V Join(D d, V a, V b) {
    if constexpr (kIsMaximum<node<I>>) {
      return Apply(expr::op::maximum{}, d, a, b);
    } else {
      return hn::Add(a, b);
    }
  }

  template <std::size_t L, std::size_t I>
  HWY_INLINE void Outputs(D d, Registers& r, std::size_t i, std::size_t count) const {
    if constexpr (I < kNodes) {
      if constexpr (Plan::loops[L].output[I]) {
        if constexpr (!Reduces(I)) {
          if (count == kLanes) {
            hn::StoreU(r.value[I], d, r.to[I] + i);
          } else {
            StoreFirst(r.value[I], d, count, r.to[I] + i);
          }
        } else {
          const V value = r.value[Facts(I).child[0]];
          if constexpr (Total(I) || RowTotal(L, I)) {
            const V counted = count == kLanes
                                  ? value
                                  : hn::IfThenElse(hn::FirstN(d, count), value,
                                                   hn::Set(d, kNeutral<I>));
            r.sum[I] = Join<I>(d, r.sum[I], counted);
          } else {
            float* to = r.to[I] + i;
            if (count == kLanes) {
              hn::StoreU(Join<I>(d, hn::LoadU(d, to), value), d, to);
            } else {
              StoreFirst(Join<I>(d, LoadFirst(d, count, to), value), d, count, to);
            }
          }
        }
      }
      Outputs<L, I + 1>(d, r, i, count);
    }
  }

  template <std::size_t L, std::size_t I>
  HWY_INLINE void Totals(D d, const Registers& r, double* sums) const {
    if constexpr (I < kNodes) {
      if constexpr (Plan::loops[L].output[I] && (Total(I) || RowTotal(L, I))) {
        HWY_ALIGN float lanes[kLanes];
        hn::Store(r.sum[I], d, lanes);
        double total = static_cast<double>(kNeutral<I>);
        for (std::size_t k = 0; k < kLanes; ++k) {
          total = Together<I>(total, static_cast<double>(lanes[k]));
        }
        if constexpr (Total(I)) {
          double& sum = sums[TotalIndex(L, I)];
          sum = Together<I>(sum, total);
        } else {
          *r.to[I] = static_cast<float>(Together<I>(static_cast<double>(*r.to[I]), total));
        }
      }
      Totals<L, I + 1>(d, r, sums);
    }
  }

 protected:
  float* at_[kNodes] = {};  // where every stored node lies
  const float* numbers_ = nullptr;
};

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
