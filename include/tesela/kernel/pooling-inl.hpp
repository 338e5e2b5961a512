// SPDX-License-Identifier: MIT
// Max pooling of one block, forward with the winner's position and backward from it.
//
// The position is one byte an element, row-major in the window; ties go to the first, and a NaN wins,
// both as in PyTorch.
#if defined(TESELA_KERNEL_POOLING_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_POOLING_INL_HPP
#undef TESELA_KERNEL_POOLING_INL_HPP
#else
#define TESELA_KERNEL_POOLING_INL_HPP
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "tesela/kernel/ending-inl.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/simd-inl.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

using DI = hn::RebindToSigned<D>;
using DByte = hn::Rebind<std::uint8_t, D>;

// Where `v` takes the place of `best`: NaN wins.
HWY_INLINE auto Better(V v, V best) { return hn::Or(hn::Gt(v, best), hn::IsNaN(v)); }
HWY_INLINE V MaxOrNaN(V best, V v) { return hn::IfThenElse(Better(v, best), v, best); }

// A window of 2 x 2, by far the most common, as constants: its loops become straight code.
struct TwoByTwo {
  static constexpr std::size_t rows = 2, columns = 2;
};
template <class F>
HWY_INLINE void WithWindow(const grid& kernel, const F& f) {
  if (kernel == grid(2)) {
    f(TwoByTwo{});
  } else {
    f(kernel);
  }
}

// One output pixel, all `count` channels x lanes: y = max over the window whose corner is `x` and whose
// rows and columns lie row_stride and column_stride floats apart. `winner` may be null.
template <class Window>
HWY_ATTR void MaxPoolPixel(const float* x, std::size_t row_stride, std::size_t column_stride,
                           const Window& kernel, std::size_t count, float* y, std::uint8_t* winner) {
  const D d;
  const DI di;
  const DByte dbyte;
  for (std::size_t i = 0; i < count; i += kLanes) {
    V best = hn::LoadU(d, x + i);
    auto index = hn::Zero(di);
    for (std::size_t r = 0; r < kernel.rows; ++r) {
      for (std::size_t c = r == 0 ? 1 : 0; c < kernel.columns; ++c) {
        const V v = hn::LoadU(d, x + r * row_stride + c * column_stride + i);
        const auto better = Better(v, best);
        best = hn::IfThenElse(better, v, best);
        index =
            hn::IfThenElse(hn::RebindMask(di, better),
                           hn::Set(di, static_cast<std::int32_t>(r * kernel.columns + c)), index);
      }
    }
    hn::StoreU(best, d, y + i);
    if (winner != nullptr) hn::StoreU(hn::DemoteTo(dbyte, index), dbyte, winner + i);
  }
}

// A whole block, input and output in memory.
inline HWY_ATTR void MaxPool(const pooling& g, const float* x, float* y, std::uint8_t* winner) {
  const std::size_t pixel = g.in.channels * block_lanes;
  WithWindow(g.kernel, [&](const auto& kernel) HWY_ATTR {
    for (std::size_t oy = 0; oy < g.out.height; ++oy) {
      for (std::size_t ox = 0; ox < g.out.width; ++ox) {
        const std::size_t o = (oy * g.out.width + ox) * pixel;
        MaxPoolPixel(x + (oy * g.stride.rows * g.in.width + ox * g.stride.columns) * pixel,
                     g.in.width * pixel, pixel, kernel, pixel, y + o,
                     winner == nullptr ? nullptr : winner + o);
      }
    }
  });
}

// dx from dy: each gradient goes to the winner of its window, through `ending` first, which sees it
// as row 0, column = its offset in dy (the derivative of an activation between the two layers).
template <class Ending>
HWY_ATTR void MaxPoolGradient(const pooling& g, const float* dy, const std::uint8_t* winner,
                              float* dx, const Ending& ending) {
  const D d;
  const DI di;
  const DByte dbyte;
  const std::size_t pixel = g.in.channels * block_lanes;
  const bool overlapping = g.overlaps();
  const bool covering = g.stride == g.kernel && g.out.height * g.kernel.rows == g.in.height &&
                        g.out.width * g.kernel.columns == g.in.width;
  if (!covering) std::fill(dx, dx + g.in.size() * block_lanes, 0.0f);
  WithWindow(g.kernel, [&](const auto& kernel) HWY_ATTR {
    for (std::size_t oy = 0; oy < g.out.height; ++oy) {
      for (std::size_t ox = 0; ox < g.out.width; ++ox) {
        const std::size_t o = (oy * g.out.width + ox) * pixel;
        float* corner = dx + (oy * g.stride.rows * g.in.width + ox * g.stride.columns) * pixel;
        for (std::size_t i = 0; i < pixel; i += kLanes) {
          const V gradient = ending(d, hn::LoadU(d, dy + o + i), 0, o + i);
          const auto index = hn::PromoteTo(di, hn::LoadU(dbyte, winner + o + i));
          for (std::size_t r = 0; r < kernel.rows; ++r) {
            for (std::size_t c = 0; c < kernel.columns; ++c) {
              const auto won = hn::RebindMask(
                  d, hn::Eq(index, hn::Set(di, static_cast<std::int32_t>(r * kernel.columns + c))));
              float* at = corner + (r * g.in.width + c) * pixel + i;
              V value = hn::IfThenElseZero(won, gradient);
              if (overlapping) value = hn::Add(value, hn::LoadU(d, at));
              hn::StoreU(value, d, at);
            }
          }
        }
      }
    }
  });
}

// The same where a masked activation stands between the two layers: its gradient at the winner, known from
// the value there, which is y, with the mask of the winner's pixel.
template <class Program>
HWY_ATTR void MaskedMaxPoolGradient(const pooling& g, const float* y, const float* dy,
                                    const std::uint8_t* winner, const std::uint32_t* keep, float* dx) {
  const D d;
  const DI di;
  const DByte dbyte;
  const std::size_t channels = g.in.channels, pixel = channels * block_lanes;
  const bool overlapping = g.overlaps();
  std::fill(dx, dx + g.in.size() * block_lanes, 0.0f);
  for (std::size_t oy = 0; oy < g.out.height; ++oy) {
    for (std::size_t ox = 0; ox < g.out.width; ++ox) {
      const std::size_t o = (oy * g.out.width + ox) * pixel;
      const std::size_t corner = oy * g.stride.rows * g.in.width + ox * g.stride.columns;
      for (std::size_t i = 0; i < pixel; i += kLanes) {
        const auto index = hn::PromoteTo(di, hn::LoadU(dbyte, winner + o + i));
        const V value = hn::LoadU(d, y + o + i), gradient = hn::LoadU(d, dy + o + i);
        for (std::size_t r = 0; r < g.kernel.rows; ++r) {
          for (std::size_t c = 0; c < g.kernel.columns; ++c) {
            const std::size_t at = corner + r * g.in.width + c;
            const auto won = hn::RebindMask(
                d, hn::Eq(index, hn::Set(di, static_cast<std::int32_t>(r * g.kernel.columns + c))));
            const std::size_t row = at * channels + i / block_lanes;
            const V in[3] = {value, gradient, MaskOf<Program>(d, keep, row, i % block_lanes)};
            V sum = hn::IfThenElseZero(won, Evaluate<typename Program::gradient>(d, in));
            if (overlapping) sum = hn::Add(sum, hn::LoadU(d, dx + at * pixel + i));
            hn::StoreU(sum, d, dx + at * pixel + i);
          }
        }
      }
    }
  }
}

// The other way round, for what must know its input at every pixel: rows(pixel, gradient) for those that a
// window sees, with gradient(i) of the i-th of the `size` floats of a pixel from `begin` on the sum of what its
// windows give. dx becomes 0 at the others.
template <class Rows>
HWY_ATTR void MaxPoolGather(const pooling& g, const float* dy, const std::uint8_t* winner,
                            std::size_t begin, std::size_t size, float* dx, const Rows& rows) {
  const D d;
  const DI di;
  const DByte dbyte;
  const std::size_t pixel_floats = g.in.channels * block_lanes;
  // The windows that see a row or column: from the first to before the last.
  struct windows {
    std::size_t first, last;
    windows(std::size_t at, std::size_t kernel, std::size_t stride, std::size_t count)
        : first(at < kernel ? 0 : (at - kernel) / stride + 1),
          last(std::min(at / stride + 1, count)) {}
  };
  for (std::size_t pixel = 0; pixel < g.in.pixels(); ++pixel) {
    const std::size_t row = pixel / g.in.width, column = pixel % g.in.width;
    const windows down(row, g.kernel.rows, g.stride.rows, g.out.height);
    const windows across(column, g.kernel.columns, g.stride.columns, g.out.width);
    // What of a window's gradient falls to this pixel.
    const auto share = [&](std::size_t py, std::size_t px, std::size_t i) HWY_ATTR {
      const std::size_t o = (py * g.out.width + px) * pixel_floats + begin + i;
      const std::size_t w =
          (row - py * g.stride.rows) * g.kernel.columns + column - px * g.stride.columns;
      const auto won = hn::Eq(hn::PromoteTo(di, hn::LoadU(dbyte, winner + o)),
                              hn::Set(di, static_cast<std::int32_t>(w)));
      return hn::IfThenElseZero(hn::RebindMask(d, won), hn::LoadU(d, dy + o));
    };
    if (down.first + 1 == down.last && across.first + 1 == across.last) {
      rows(pixel, [&](std::size_t i) HWY_ATTR { return share(down.first, across.first, i); });
    } else if (down.first < down.last && across.first < across.last) {
      rows(pixel, [&](std::size_t i) HWY_ATTR {
        V sum = hn::Zero(d);
        for (std::size_t py = down.first; py < down.last; ++py) {
          for (std::size_t px = across.first; px < across.last; ++px) {
            sum = hn::Add(sum, share(py, px, i));
          }
        }
        return sum;
      });
    } else {
      float* const unseen = dx + pixel * pixel_floats + begin;
      std::fill(unseen, unseen + size, 0.0f);
    }
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
