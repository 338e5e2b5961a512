// SPDX-License-Identifier: MIT
// What happens to a sum of products at the end of its tile: bias and activation on the way forward, the
// activation's derivative on the way back. An ending takes one vector after the other, from a register or
// from the tile just stored, which lies in the L1 cache: a pass over memory of its own it never is.
//
// An activation is a type with two expressions:
//   value      of operand<0>, its input x
//   gradient   of operand<0> and operand<1>, the gradient g of its value; operand<0> is the value y
//              where `from_value` is true, otherwise the input x
#if defined(TESELA_KERNEL_ENDING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_ENDING_INL_HPP
#undef TESELA_KERNEL_ENDING_INL_HPP
#else
#define TESELA_KERNEL_ENDING_INL_HPP
#endif

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "tesela/expr/expression.hpp"
#include "tesela/kernel/evaluate-inl.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// The sum itself.
struct KeepSum {
  HWY_INLINE V operator()(D, V sum, std::size_t /*row*/, std::size_t /*column*/) const {
    return sum;
  }
};

// Of programs (layer/around.hpp) with a dropout, and of those with an affine map.
template <class Program>
inline constexpr bool kIsMasked = requires { Program::scale; };
template <class Program>
inline constexpr bool kIsAffine = requires { Program::pitch; };

// A program of x, whose weights, if any, are followed by its biases; `mask` is what a
// dropout multiplies with.
template <class Program>
HWY_INLINE V ProgramOf(D d, V x, [[maybe_unused]] const float* weights, [[maybe_unused]] std::size_t row,
                       [[maybe_unused]] V mask) {
  if constexpr (kIsAffine<Program>) {
    const V in[5] = {x, x, mask, hn::Set(d, weights[row]), hn::Set(d, weights[Program::pitch + row])};
    return Evaluate<typename Program::value>(d, in);
  } else {
    const V in[3] = {x, x, mask};
    return Evaluate<typename Program::value>(d, in);
  }
}

// At a product's end weights and biases lie behind the product's bias.
template <class Activation>
HWY_INLINE V ActivationOf(D d, V x, [[maybe_unused]] const float* bias, std::size_t row, V mask) {
  if constexpr (kIsAffine<Activation>) bias += Activation::pitch;
  return ProgramOf<Activation>(d, x, bias, row, mask);
}

template <class Activation>
struct BiasActivation {
  const float* bias;  // one number a row

  HWY_INLINE V operator()(D d, V sum, std::size_t row, std::size_t /*column*/) const {
    const V x = hn::Add(sum, hn::Set(d, bias[row]));
    return ActivationOf<Activation>(d, x, bias, row, x);
  }
};

// Whether an ending is two instructions, bias and at most relu: then it takes the sums from registers, and
// otherwise from the tile just stored, in a loop, as a long one is compiled once a tile and not once a sum.
template <class Ending>
inline constexpr bool kIsShort = false;
template <class Activation>
inline constexpr bool kIsShort<BiasActivation<Activation>> =
    std::is_same_v<typename Activation::value, expr::operand<0>> ||
    std::is_same_v<typename Activation::value, expr::unary<expr::op::relu, expr::operand<0>>>;

// Stores the activation's input as well, for the way back.
template <class Activation>
struct BiasActivationKeepingInput {
  const float* bias;
  float* kept;  // laid out like the result: [row][lane]

  HWY_INLINE V operator()(D d, V sum, std::size_t row, std::size_t column) const {
    const V x = hn::Add(sum, hn::Set(d, bias[row]));
    hn::StoreU(x, d, kept + row * block_lanes + column);
    return ActivationOf<Activation>(d, x, bias, row, x);
  }
};

template <class Activation>
struct ActivationGradient {
  const float* known;  // the activation's value or input, laid out like the gradient: [row][lane]

  HWY_INLINE V operator()(D d, V gradient, std::size_t row, std::size_t column) const {
    const V in[2] = {hn::LoadU(d, known + row * block_lanes + column), gradient};
    return Evaluate<typename Activation::gradient>(d, in);
  }
};

// What a dropout multiplies with: `scale` in the lanes whose bit is set in the row's word and 0 in the others.
// Without a dropout nothing is read.
template <class Program>
HWY_INLINE V MaskOf(D d, [[maybe_unused]] const std::uint32_t* keep, [[maybe_unused]] std::size_t row,
                    [[maybe_unused]] std::size_t column) {
  if constexpr (kIsMasked<Program>) {
    const hn::RebindToSigned<D> di;
    static constexpr auto lane_bits = [] {
      std::array<std::int32_t, block_lanes> bits{};
      for (std::size_t i = 0; i < block_lanes; ++i) bits[i] = static_cast<std::int32_t>(1u << i);
      return bits;
    }();
    const auto bit = hn::LoadU(di, lane_bits.data() + column);
    const auto kept = hn::TestBit(hn::Set(di, static_cast<std::int32_t>(keep[row])), bit);
    return hn::IfThenElseZero(hn::RebindMask(d, kept), hn::Set(d, Program::scale));
  } else {
    return hn::Zero(d);
  }
}

template <class Program>
struct BiasMaskedActivation {
  const float* bias;
  const std::uint32_t* keep;  // one word a row
  float* kept;                // null where the program's input need not be stored

  HWY_INLINE V operator()(D d, V sum, std::size_t row, std::size_t column) const {
    const V x = hn::Add(sum, hn::Set(d, bias[row]));
    if constexpr (!Program::from_value) hn::StoreU(x, d, kept + row * block_lanes + column);
    return ActivationOf<Program>(d, x, bias, row, MaskOf<Program>(d, keep, row, column));
  }
};

template <class Program>
struct MaskedActivationGradient {
  const float* known;
  const std::uint32_t* keep;

  HWY_INLINE V operator()(D d, V gradient, std::size_t row, std::size_t column) const {
    const V in[3] = {hn::LoadU(d, known + row * block_lanes + column), gradient,
                     MaskOf<Program>(d, keep, row, column)};
    return Evaluate<typename Program::gradient>(d, in);
  }
};

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
