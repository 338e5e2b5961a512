// SPDX-License-Identifier: MIT
// The weight gradients of a network, cut into shares: the unit of work of the second half of a step.
//
// Small layers are one share a kernel row; large ones are cut so that threads find enough of them and
// a share's operands stay in the cache.
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/winograd.hpp"
#include "tesela/network/stages.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace tesela {

struct gradient_work {
  std::size_t stage = 0;
  gradient_share share;
};

namespace detail {

// Calls f(gradient_work) for every share of one convolution's weight gradient.
template <class F>
constexpr void cut_gradient(std::size_t stage, const convolution& g, const F& f) {
  // 56 rows are four tiles of AVX-512. A linear layer sums over the batch only, so its output is the
  // large operand: 256 columns of it with 64 samples read 64 KB.
  const bool flat = g.out.pixels() == 1;
  const std::size_t together = sums_along_lanes(g) ? 32 : 56;
  const std::size_t rows = flat ? g.out.channels : std::min(g.out.channels, together);
  const std::size_t columns = flat ? std::min<std::size_t>(g.row_depth(), 256) : g.row_depth();
  // Winograd's algorithm gives all kernel rows at once, and sums along lanes read dy once for all.
  const std::size_t kernel_rows = winograd_pays(g) || sums_along_lanes(g) ? g.kernel.rows : 1;
  for (std::size_t ky = 0; ky < g.kernel.rows; ky += kernel_rows) {
    for (std::size_t r = 0; r < g.out.channels; r += rows) {
      for (std::size_t c = 0; c < g.row_depth(); c += columns) {
        f(gradient_work{stage, gradient_share{ky, r, std::min(r + rows, g.out.channels), c,
                                              std::min(c + columns, g.row_depth()),
                                              kernel_rows}});
      }
    }
  }
}

template <class Stages, class F>
constexpr void for_each_gradient_work(const F& f) {
  meta::for_each_index<Stages::size>([&](auto i) {
    using stage = meta::at<Stages, i()>;
    if constexpr (stage::is_product) cut_gradient(i(), stage::geometry, f);
  });
}

}  // namespace detail

// Output channels whose weights one thread transforms for Winograd's algorithm: 8 rows of 512 channels
// are 1.2 MB of transformed weights.
template <class Stages>
inline constexpr auto transform_work_of = [] {
  constexpr std::size_t together = 8;
  constexpr auto for_each = [](const auto& f) {
    meta::for_each_index<Stages::size>([&](auto i) {
      using stage = meta::at<Stages, i()>;
      if constexpr (stage::is_product) {
        if constexpr (stage::winograd) {
          constexpr std::size_t channels = stage::geometry.out.channels;
          for (std::size_t r = 0; r < channels; r += together) {
            f(gradient_work{i(), {0, r, std::min(r + together, channels), 0, 0}});
          }
        }
      }
    });
  };
  constexpr std::size_t size = [](auto each) {
    std::size_t count = 0;
    each([&](const gradient_work&) { ++count; });
    return count;
  }(for_each);
  std::array<gradient_work, size> all{};
  std::size_t count = 0;
  for_each([&](const gradient_work& one) { all[count++] = one; });
  return all;
}();

// All shares of all stages, a constant.
template <class Stages>
inline constexpr auto gradient_work_of = [] {
  constexpr std::size_t size = [] {
    std::size_t count = 0;
    detail::for_each_gradient_work<Stages>([&](const gradient_work&) { ++count; });
    return count;
  }();
  std::array<gradient_work, size> all{};
  std::size_t count = 0;
  detail::for_each_gradient_work<Stages>([&](const gradient_work& one) { all[count++] = one; });
  return all;
}();

}  // namespace tesela
