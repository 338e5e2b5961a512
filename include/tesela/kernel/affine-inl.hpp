// SPDX-License-Identifier: MIT
// The kernels of isa-inl.hpp that an affine map (layer/affine.hpp) is part of.
#if defined(TESELA_KERNEL_AFFINE_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_AFFINE_INL_HPP
#undef TESELA_KERNEL_AFFINE_INL_HPP
#else
#define TESELA_KERNEL_AFFINE_INL_HPP
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tesela/expr/program.hpp"
#include "tesela/kernel/convolution-inl.hpp"
#include "tesela/kernel/ending-inl.hpp"
#include "tesela/kernel/evaluate-inl.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/pooling-inl.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

template <class Program>
HWY_ATTR void affine_kernels<Program>::apply(const float* x, const float* weights, float* y,
                                             std::size_t pixels) {
  const D d;
  for (std::size_t row = 0; row < pixels * Program::channels; ++row) {
    const std::size_t channel = row % Program::channels;
    const V weight = hn::Set(d, weights[channel]);
    const V bias = hn::Set(d, weights[Program::pitch + channel]);
    for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
      const V v = hn::LoadU(d, x + row * block_lanes + lane);
      const V in[5] = {v, v, v, weight, bias};
      hn::StoreU(Evaluate<typename Program::value>(d, in), d, y + row * block_lanes + lane);
    }
  }
}

// Gradients of a group of channels, whose rows of a pixel are one piece of memory: those of weights and
// biases are summed while pixels are passed by, a vector of sums each.
template <class Program>
class AffineGradient {
  using results = meta::list<typename Program::gradient, typename Program::weight_gradient,
                             typename Program::bias_gradient>;

 public:
  static constexpr std::size_t kGroup = 32;

  HWY_INLINE AffineGradient(D d, const float* weights, std::size_t first)
      : weights_(weights + first), count_(std::min(kGroup, Program::channels - first)) {
    for (std::size_t c = 0; c < kGroup; ++c) weight_sum_[c] = bias_sum_[c] = hn::Zero(d);
  }
  std::size_t Count() const { return count_; }

  // The group's rows of one pixel: from x, and the gradient of the program's value at a place, to the
  // gradient of x. dx may be null.
  template <class Gradient>
  HWY_INLINE void Rows(D d, const float* HWY_RESTRICT x, const Gradient& gradient, float* HWY_RESTRICT dx) {
    for (std::size_t c = 0; c < count_; ++c) {
      const V weight = hn::Set(d, weights_[c]), bias = hn::Set(d, weights_[Program::pitch + c]);
      V weight_sum = weight_sum_[c], bias_sum = bias_sum_[c];
      for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
        const std::size_t i = c * block_lanes + lane;
        const V v = hn::LoadU(d, x + i);
        const V in[5] = {v, gradient(i), v, weight, bias};
        V out[3];
        EvaluateResults(results{}, d, in, in, out);
        if (dx != nullptr) hn::StoreU(out[0], d, dx + i);
        weight_sum = hn::Add(weight_sum, out[1]);
        bias_sum = hn::Add(bias_sum, out[2]);
      }
      weight_sum_[c] = weight_sum;
      bias_sum_[c] = bias_sum;
    }
  }

  HWY_INLINE void Store(float* sums) const {
    for (std::size_t c = 0; c < count_; ++c) {
      sums[c] = SumOf(weight_sum_[c]);
      sums[Program::pitch + c] = SumOf(bias_sum_[c]);
    }
  }

 private:
  const float* weights_;
  std::size_t count_;
  V weight_sum_[kGroup], bias_sum_[kGroup];
};

template <class Program>
HWY_ATTR void affine_kernels<Program>::gradient(const float* x, const float* weights, const float* dy,
                                                float* dx, float* sums, std::size_t pixels) {
  const D d;
  using Group = AffineGradient<Program>;
  for (std::size_t first = 0; first < Program::channels; first += Group::kGroup) {
    Group group(d, weights, first);
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
      const std::size_t at = (pixel * Program::channels + first) * block_lanes;
      const auto gradient = [&](std::size_t i) HWY_ATTR { return hn::LoadU(d, dy + at + i); };
      group.Rows(d, x + at, gradient, dx == nullptr ? nullptr : dx + at);
    }
    group.Store(sums + first);
  }
}

template <class Program>
HWY_ATTR void affine_kernels<Program>::convolve_and_pool(const convolution& g, const pooling& pool,
                                                         const float* weights, const float* bias,
                                                         const float* x, float* window, float* y,
                                                         std::uint8_t* winner, float* kept) {
  const std::size_t pixel = g.out.channels * block_lanes;
  for (std::size_t py = 0; py < pool.out.height; ++py) {
    for (std::size_t px = 0; px < pool.out.width; ++px, y += pixel, winner += pixel) {
      for (std::size_t r = 0; r < pool.kernel.rows; ++r) {
        for (std::size_t c = 0; c < pool.kernel.columns; ++c) {
          const std::size_t oy = py * pool.stride.rows + r, ox = px * pool.stride.columns + c;
          ConvolvePixel(g, weights, x, oy, ox, window + (r * pool.kernel.columns + c) * pixel,
                        BiasActivationKeepingInput<Program>{bias, kept + (oy * g.out.width + ox) * pixel});
        }
      }
      MaxPoolPixel(window, pool.kernel.columns * pixel, pixel, pool.kernel, pixel, y, winner);
    }
  }
}

// Pixel by pixel, in the order of `gradient`, so that the sums are the same as where nothing is fused: a
// pixel's gradient is that of the windows that it has won.
template <class Program>
HWY_ATTR void affine_kernels<Program>::max_pool_gradient(const pooling& g, const float* x,
                                                         const float* weights, const float* dy,
                                                         const std::uint8_t* winner, float* dx,
                                                         float* sums) {
  const D d;
  const DI di;
  const DByte dbyte;
  using Group = AffineGradient<Program>;
  const std::size_t size = Program::channels * block_lanes;
  // The windows that see a row or column: from the first to before the last.
  struct windows {
    std::size_t first, last;
    windows(std::size_t at, std::size_t kernel, std::size_t stride, std::size_t count)
        : first(at < kernel ? 0 : (at - kernel) / stride + 1),
          last(std::min(at / stride + 1, count)) {}
  };
  for (std::size_t begin = 0; begin < Program::channels; begin += Group::kGroup) {
    Group group(d, weights, begin);
    for (std::size_t pixel = 0; pixel < g.in.pixels(); ++pixel) {
      const std::size_t row = pixel / g.in.width, column = pixel % g.in.width;
      const windows rows(row, g.kernel.rows, g.stride.rows, g.out.height);
      const windows columns(column, g.kernel.columns, g.stride.columns, g.out.width);
      const std::size_t at = pixel * size + begin * block_lanes;
      // What of a window's gradient falls to this pixel.
      const auto share = [&](std::size_t py, std::size_t px, std::size_t i) HWY_ATTR {
        const std::size_t o = (py * g.out.width + px) * size + begin * block_lanes + i;
        const std::size_t w =
            (row - py * g.stride.rows) * g.kernel.columns + column - px * g.stride.columns;
        const auto won = hn::Eq(hn::PromoteTo(di, hn::LoadU(dbyte, winner + o)),
                                hn::Set(di, static_cast<std::int32_t>(w)));
        return hn::IfThenElseZero(hn::RebindMask(d, won), hn::LoadU(d, dy + o));
      };
      if (rows.first + 1 == rows.last && columns.first + 1 == columns.last) {
        const auto gradient = [&](std::size_t i) HWY_ATTR { return share(rows.first, columns.first, i); };
        group.Rows(d, x + at, gradient, dx + at);
      } else if (rows.first < rows.last && columns.first < columns.last) {
        const auto gradient = [&](std::size_t i) HWY_ATTR {
          V sum = hn::Zero(d);
          for (std::size_t py = rows.first; py < rows.last; ++py) {
            for (std::size_t px = columns.first; px < columns.last; ++px) {
              sum = hn::Add(sum, share(py, px, i));
            }
          }
          return sum;
        };
        group.Rows(d, x + at, gradient, dx + at);
      } else {  // where no window looks, x was never computed
        std::fill(dx + at, dx + at + group.Count() * block_lanes, 0.0f);
      }
    }
    group.Store(sums + begin);
  }
}

template <class Program>
void affine_kernels<Program>::apply_single(const float* x, const float* weights, float* y,
                                           std::size_t pixels) {
  using value = expr::replace<expr::replace<typename Program::value, expr::operand<3>, expr::operand<1>>,
                              expr::operand<4>, expr::operand<2>>;
  for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
    const std::size_t at = pixel * Program::channels;
    EvaluateLoop(expr::fixed_results<value>{}, {x + at, weights, weights + Program::pitch}, {y + at},
                 Program::channels);
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
