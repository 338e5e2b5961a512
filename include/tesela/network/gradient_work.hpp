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
  const bool along_lanes = may_sum_along_lanes(g);
  const std::size_t together =
      along_lanes ? 32 : winograd_pays(g) ? winograd_gradient_panel : 56;
  const std::size_t rows = flat ? g.out.channels : std::min(g.out.channels, together);
  const std::size_t columns = flat ? std::min<std::size_t>(g.row_depth(), 256) : g.row_depth();
  // Winograd's algorithm gives all kernel rows at once. Sums along lanes read dy for each share, so
  // there are no more shares than two threads need.
  const std::size_t halves = along_lanes && g.out.channels <= together ? 2 : 1;
  const std::size_t kernel_rows =
      along_lanes ? std::min((g.kernel.rows + halves - 1) / halves, kernel_rows_along_lanes)
                  : (winograd_pays(g) ? g.kernel.rows : 1);
  for (std::size_t ky = 0; ky < g.kernel.rows; ky += kernel_rows) {
    for (std::size_t r = 0; r < g.out.channels; r += rows) {
      for (std::size_t c = 0; c < g.row_depth(); c += columns) {
        f(gradient_work{stage, gradient_share{ky, r, std::min(r + rows, g.out.channels), c,
                                              std::min(c + columns, g.row_depth()),
                                              std::min(kernel_rows, g.kernel.rows - ky)}});
      }
    }
  }
}

template <class Stages, class F>
constexpr void for_each_gradient_work(const F& f) {
  meta::for_each_index<Stages::size>([&](auto i) {
    using stage = meta::at<Stages, i()>;
    if constexpr (stage::is_product) {
      cut_gradient(i(), stage::geometry, f);
    } else if constexpr (stage::around::maps) {
      f(gradient_work{i(), {0, 0, stage::around::channels, 0, 0}});
    }
  });
}

}  // namespace detail

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
