// SPDX-License-Identifier: MIT
// Runs a program of tensors (expr/tensor_plan.hpp): step by step.
//
//   for every step:
//     matrix products, slices and transpositions whose operands are ready
//     the loops of the step (tensor_loops-inl.hpp)
#if defined(TESELA_KERNEL_TENSOR_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_TENSOR_INL_HPP
#undef TESELA_KERNEL_TENSOR_INL_HPP
#else
#define TESELA_KERNEL_TENSOR_INL_HPP
#endif

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "tesela/expr/tensor_plan.hpp"
#include "tesela/kernel/parallel.hpp"
#include "tesela/kernel/simd-inl.hpp"
#include "tesela/kernel/tensor_loops-inl.hpp"
#include "tesela/kernel/tile-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

template <class Plan>
class TensorProgram : TensorLoops<Plan> {
  using base = TensorLoops<Plan>;
  using typename base::program;
  template <std::size_t I>
  using node = typename base::template node<I>;
  static constexpr std::size_t kNodes = Plan::node_count;
  using base::at_;
  using base::Facts;
  using base::Size;

 public:
  // `arrays` tells where an array or variable lies: arrays(node). `results` are in the order of the
  // program's roots, `room` has Plan::plan.floats. Results may not overlap arrays, unless the program is
  // one flat loop.
  template <class Arrays>
  static HWY_ATTR void Run(const Arrays& arrays, const float* numbers, float* room,
                           float* const* results, std::size_t threads) {
    TensorProgram run;
    run.numbers_ = numbers;
    Place<0>(run, arrays, room, results);
    Steps<0>(run, threads);
    for (std::size_t r = 0; r < program::results; ++r) {
      const std::size_t i = program::result_index[r];
      if (run.at_[i] != results[r]) {
        std::memcpy(results[r], run.at_[i], Size(i) * sizeof(float));
      }
    }
  }

 private:
  // Where every stored node lies: the first root of a node is its own place.
  template <std::size_t I, class Arrays>
  static void Place(TensorProgram& run, const Arrays& arrays, float* room, float* const* results) {
    if constexpr (I < kNodes) {
      constexpr expr::node_role role = Facts(I).role;
      if constexpr (role == expr::node_role::array) {
        run.at_[I] = const_cast<float*>(arrays(node<I>{}));  // only read
      } else if constexpr (role == expr::node_role::view || role == expr::node_role::turned) {
        run.at_[I] = run.at_[Facts(I).child[0]];
      } else if constexpr (Facts(I).stored) {
        run.at_[I] = room + Facts(I).offset;
        for (std::size_t r = program::results; r-- > 0;) {
          if (program::result_index[r] == I) run.at_[I] = results[r];
        }
      }
      Place<I + 1>(run, arrays, room, results);
    }
  }

  template <std::size_t Step>
  static HWY_ATTR void Steps(TensorProgram& run, std::size_t threads) {
    if constexpr (Step < Plan::plan.steps) {
      Heavy<Step, 0>(run, threads);
      Loops<Step, 0>(run, threads);
      Steps<Step + 1>(run, threads);
    }
  }
  template <std::size_t Step, std::size_t I>
  static HWY_ATTR void Heavy(TensorProgram& run, std::size_t threads) {
    if constexpr (I < kNodes) {
      if constexpr (Facts(I).stored && Facts(I).step == Step) {
        if constexpr (Facts(I).role == expr::node_role::product) run.template Product<I>(threads);
        if constexpr (Facts(I).role == expr::node_role::copy) run.template Copy<I>(node<I>{});
      }
      Heavy<Step, I + 1>(run, threads);
    }
  }
  template <std::size_t Step, std::size_t L>
  static HWY_ATTR void Loops(TensorProgram& run, std::size_t threads) {
    if constexpr (L < Plan::loop_count) {
      if constexpr (Plan::loops[L].step == Step) run.template Loop<L>(threads);
      Loops<Step, L + 1>(run, threads);
    }
  }

  // C[m][n] = A[m][k] B[k][n], A possibly turned.
  template <std::size_t I>
  HWY_ATTR void Product(std::size_t threads) {
    static_assert(Plan::lanes == 1, "no matrix products of independent samples");
    constexpr std::size_t a = Facts(I).child[0], b = Facts(I).child[1];
    constexpr bool turned = Facts(a).role == expr::node_role::turned;
    constexpr std::size_t m = Facts(I).shape.extents[0], n = Facts(I).shape.extents[1];
    constexpr std::size_t k = Facts(a).shape.extents[1];
    constexpr auto signed_of = [](std::size_t x) { return static_cast<std::ptrdiff_t>(x); };
    contraction sum;
    sum.a_row = signed_of(turned ? 1 : k);
    sum.a_step = signed_of(turned ? m : 1);
    sum.b_step = signed_of(n);
    const float *from_a = at_[a], *from_b = at_[b];
    float* to = at_[I];
    // Rows of C in shares of at least a quarter of a million multiply-adds; the depth in parts that keep
    // the columns of B that a tile reads in the L1 cache.
    constexpr std::size_t share = std::max<std::size_t>(4 * kTileRows, (1 << 18) / (k * n));
    constexpr std::size_t depth = 256;
    parallel_for((m + share - 1) / share, threads, [&](std::size_t s) HWY_ATTR {
      const std::size_t first = s * share, last = std::min(m, first + share);
      for (std::size_t p = 0; p < k; p += depth) {
        contraction part = sum;
        part.depth = std::min(depth, k - p);
        const TileTarget target{.c = to, .c_row = n, .columns = n, .add = p != 0};
        Multiply<StridedRows, ColumnsFirst>(part, from_a + signed_of(p) * sum.a_step, from_b + p * n,
                                            target, first, last, 0, n, KeepSum{});
      }
    });
  }

  template <std::size_t I, class A>
  void Copy(expr::unary<expr::op::transpose, A>) {
    constexpr std::size_t rows = Facts(I).shape.extents[0], columns = Facts(I).shape.extents[1];
    const float* from = at_[Facts(I).child[0]];
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) at_[I][r * columns + c] = from[c * rows + r];
    }
  }
  template <std::size_t I, class Begin, class E, class A>
  void Copy(expr::unary<expr::op::slice<Begin, E>, A>) {
    constexpr expr::shape_facts part = Facts(I).shape, whole = Facts(I).child_shape;
    EachRow<Begin>(part, whole, [&](std::size_t in_part, std::size_t in_whole, std::size_t length) {
      std::memcpy(at_[I] + in_part, at_[Facts(I).child[0]] + in_whole, length * sizeof(float));
    });
  }
  template <std::size_t I, class Begin, class E, class A>
  void Copy(expr::unary<expr::op::pad<Begin, E>, A>) {
    constexpr expr::shape_facts part = Facts(I).child_shape, whole = Facts(I).shape;
    std::memset(at_[I], 0, Size(I) * sizeof(float));
    EachRow<Begin>(part, whole, [&](std::size_t in_part, std::size_t in_whole, std::size_t length) {
      std::memcpy(at_[I] + in_whole, at_[Facts(I).child[0]] + in_part, length * sizeof(float));
    });
  }
  // Every row of a part of a tensor: where it begins in both, in floats.
  template <class Begin, class F>
  static void EachRow(const expr::shape_facts& part, const expr::shape_facts& whole, const F& f) {
    const std::size_t length = part.rank == 0 ? 1 : part.extents[part.rank - 1];
    for (std::size_t row = 0; row < part.size / length; ++row) {
      std::size_t rest = row, in_whole = 0, stride = 1;
      for (std::size_t k = 0; k < part.rank; ++k) {
        const std::size_t axis = part.rank - 1 - k;
        std::size_t at = Begin::values[axis];
        if (k != 0) {
          at += rest % part.extents[axis];
          rest /= part.extents[axis];
        }
        in_whole += at * stride;
        stride *= whole.extents[axis];
      }
      f(row * length * Plan::lanes, in_whole * Plan::lanes, length * Plan::lanes);
    }
  }
};

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
