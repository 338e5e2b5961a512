// SPDX-License-Identifier: MIT
// Convolution, forward and both gradients, on every instruction set against plain loops.
#include "geometries.hpp"
#include "guarded.hpp"
#include "targets.hpp"

#include "tesela/network/gradient_work.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

using namespace tesela;
using namespace tesela::test;

// Channels below, at and above every register tile; images down to a pixel; windows as large as the
// image, wholly in the padding, and with gaps between them; sums that are cut into parts.
const std::vector<convolution>& awkward() {
  static const std::vector<convolution> all{
      convolution_of({1, 1, 1}, 1, 1), convolution_of({3, 1, 1}, 2, 1),
      convolution_of({17, 1, 1}, 29, 1),
      convolution_of({128, 1, 1}, 16, 1),  // a row of weights with a gap behind it
      convolution_of({300, 1, 1}, 17, 1),  // three parts
      convolution_of({7, 2, 2}, 6, 1), convolution_of({2, 2, 2}, 3, 2),  // kernel = image
      convolution_of({1, 5, 3}, 13, 2), convolution_of({6, 5, 3}, 7, 3),
      convolution_of({3, 5, 5}, 28, 5),  // kernel = image
      convolution_of({2, 5, 3}, 3, 3, 1, 1),
      convolution_of({3, 1, 1}, 5, 3, 1, 1),  // one pixel, the rest is padding
      convolution_of({2, 1, 1}, 3, 3, 1, 3),  // most windows see padding only
      convolution_of({2, 2, 2}, 3, 1, 1, 2),  // padding beyond the kernel
      convolution_of({3, 2, 2}, 2, 2, 1, 3), convolution_of({3, 1, 2}, 4, 5, 2, 2),
      convolution_of({13, 7, 6}, 16, 3, 2, 1), convolution_of({16, 5, 7}, 13, 3, 3, 0),
      convolution_of({2, 9, 7}, 3, 2, 3, 0),  // stride > kernel
      convolution_of({3, 9, 8}, 2, 1, 4, 1),
      convolution_of({29, 5, 3}, 28, 3, 1, 1),  // several parts, several row tiles
      convolution_of({28, 4, 4}, 29, 2, 2, 1),
      convolution_of({64, 2, 2}, 15, 2, 1, 0),  // a row of the window of 128 numbers
      convolution_of({140, 3, 3}, 5, 3, 1, 1),  // parts inside a tap
      convolution_of({1, 28, 6}, 2, 5, 1, 2),
      convolution_of({3, 3, 37}, 35, 3, 1, 1),   // a first layer, two shares of it
      convolution_of({1, 9, 5}, 33, 5, 1, 2),
      convolution_of({5, 1, 1}, 700, 1),         // rows of the weight gradient in two goes
      convolution_of({1030, 1, 1}, 8, 1),        // rows of weights longer than a page
      // Windows that are not square, and steps and paddings that are not either.
      convolution_of({3, 4, 6}, 5, {1, 3}), convolution_of({2, 6, 4}, 7, {3, 1}),
      convolution_of({4, 1, 9}, 3, {1, 5}, {1, 2}, {0, 2}),  // a signal of one row
      convolution_of({2, 9, 7}, 5, {2, 5}, {3, 1}, {0, 4}),
      convolution_of({5, 7, 9}, 13, {4, 3}, {1, 3}, {2, 0}),
      convolution_of({2, 3, 2}, 3, {1, 2}, {2, 1}, {2, 3}),  // rows of padding alone
      convolution_of({33, 3, 5}, 14, {2, 3}, {2, 1}, {1, 1}),
      // Gaps between the taps: down, along, both; more than the image is wide; common divisors of
      // stride and dilation, which leave some inputs without any output.
      convolution_of({3, 7, 7}, 5, 3, 1, 0, 2), convolution_of({3, 7, 5}, 5, 3, 1, 0, {3, 1}),
      convolution_of({2, 4, 9}, 7, {2, 3}, 1, 0, {1, 4}), convolution_of({5, 6, 7}, 3, 3, 1, 2, 2),
      convolution_of({2, 3, 3}, 4, 2, 1, 3, 5),  // one tap inside at a time, or none
      convolution_of({2, 9, 9}, 3, 3, 2, 1, 2),
      convolution_of({3, 11, 10}, 2, {3, 2}, {4, 6}, {3, 2}, {2, 4}),
      convolution_of({1, 12, 13}, 3, {4, 3}, {2, 3}, {1, 5}, {3, 2}),
      convolution_of({17, 6, 9}, 14, {1, 3}, 1, {0, 3}, {1, 3}),
      convolution_of({16, 5, 8}, 29, {3, 3}, {1, 2}, 1, 2),
      convolution_of({130, 3, 5}, 3, {1, 2}, 1, 0, {1, 3}),  // parts inside a tap, and a gap
      convolution_of({3, 1, 1}, 5, 3, 1, 6, 4),              // an image that most windows miss
  };
  return all;
}

// And weights that outgrow the caches, whose tiles ask for what comes next; too many for the tests of every weight.
const std::vector<convolution>& awkward_or_large() {
  static const std::vector<convolution> all = [] {
    std::vector<convolution> more = awkward();
    more.push_back(convolution_of({4112, 1, 1}, 131, 1));
    more.push_back(convolution_of({700, 1, 2}, 260, {1, 3}, 1, {0, 1}));
    return more;
  }();
  return all;
}

// Exact sums as floats, all lanes; only lane-wise different images.
struct example {
  explicit example(const convolution& size, bool integer = true)
      : g(size),
        images(integer ? integers(g.in.size() * block_lanes, 1) : normals(g.in.size() * block_lanes, 1)),
        weights(integer ? integers(g.weight_count(), 2) : normals(g.weight_count(), 2)),
        bias(integer ? integers(g.out.channels, 3, 9) : normals(g.out.channels, 3)),
        upstream(integer ? integers(g.out.size() * block_lanes, 4)
                         : normals(g.out.size() * block_lanes, 4)) {}

  convolution g;
  std::vector<float> images, weights, bias, upstream;  // [lane][channel][row][column]

  float image_value(std::size_t lane, std::size_t i) const { return images[lane * g.in.size() + i]; }
  float upstream_value(std::size_t lane, std::size_t i) const {
    return upstream[lane * g.out.size() + i];
  }

  std::vector<float> forward() const {
    std::vector<float> y;
    for (std::size_t lane = 0; lane < block_lanes; ++lane) {
      const auto one = reference::conv2d<float>(
          g, std::span(images).subspan(lane * g.in.size(), g.in.size()), weights, bias);
      y.insert(y.end(), one.begin(), one.end());
    }
    return y;
  }
  std::vector<float> data_gradient() const {
    std::vector<float> dx(images.size());
    for (std::size_t lane = 0; lane < block_lanes; ++lane) {
      for_each_product(g, [&](std::size_t y, std::size_t w, std::size_t x) {
        dx[lane * g.in.size() + x] += weights[w] * upstream_value(lane, y);
      });
    }
    return dx;
  }
};

float relu(float x) { return x > 0 ? x : 0.0f; }

// Panels of a linear layer's input are as wide as a register tile, two vectors.
std::size_t panel_columns(std::size_t vector_lanes) { return 2 * vector_lanes; }

// The input of the weight gradient: [row][lane][padding, column, padding][channel], or, where it sums
// along lanes, [row][padding, column, padding][channel][lane]; of a linear layer [panel][lane][channel].
std::vector<float> transposed(const example& e, std::size_t vector_lanes, float gap) {
  const convolution& g = e.g;
  const std::vector<float> block = to_block(g.in, e.images);
  std::vector<float> t(g.in.height * g.transposed_row() * block_lanes, gap);
  for (std::size_t y = 0; y < g.in.height; ++y) {
    for (std::size_t lane = 0; lane < block_lanes; ++lane) {
      float* row = t.data() + y * block_lanes * g.transposed_row();
      const auto at = [&](std::size_t i) -> float& {
        if (g.transposes_in_panels()) {
          const std::size_t panel = panel_columns(vector_lanes);
          return row[(i / panel * block_lanes + lane) * panel + i % panel];
        }
        return row[sums_along_lanes(g, vector_lanes) ? i * block_lanes + lane
                                                     : lane * g.transposed_row() + i];
      };
      for (std::size_t i = 0; i < (g.in.width + 2 * g.padding.columns) * g.in.channels; ++i) {
        at(i) = 0;
      }
      for (std::size_t x = 0; x < g.in.width; ++x) {
        for (std::size_t c = 0; c < g.in.channels; ++c) {
          at((x + g.padding.columns) * g.in.channels + c) = block[in_block(g.in, c, y, x, lane)];
        }
      }
    }
  }
  return t;
}

BOOST_AUTO_TEST_SUITE(convolution_kernels)

BOOST_AUTO_TEST_CASE(the_products_enumerated_here_are_the_references) {
  for (const convolution& g : awkward()) BOOST_TEST_CONTEXT(g) {
    const example e(g);
    std::vector<float> y(g.out.size());
    for (std::size_t i = 0; i < y.size(); ++i) y[i] = e.bias[i / g.out.pixels()];
    for_each_product(g, [&](std::size_t out, std::size_t w, std::size_t x) {
      y[out] += e.weights[w] * e.image_value(0, x);
    });
    const std::vector<float> expected = e.forward();
    check_equal(y, std::span(expected).first(y.size()), "y");
  }
}

BOOST_AUTO_TEST_CASE(forward_is_the_reference_exactly) {
  for (const convolution& g : awkward_or_large()) BOOST_TEST_CONTEXT(g) {
    const example e(g);
    std::vector<float> expected[2];
    expected[with_identity] = to_block(g.out, e.forward());
    expected[with_relu] = expected[with_identity];
    for (float& v : expected[with_relu]) v = relu(v);
    const guarded<float> x(to_block(g.in, e.images)), weights(to_kernel(g, e.weights)), bias(e.bias);
    for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
      for (const std::size_t activation : {with_identity, with_relu}) {
        guarded<float> y(expected[activation].size());
        k.convolve[activation](g, weights.data(), bias.data(), x.data(), y.data());
        check_equal(y.values(), expected[activation], "y");
        BOOST_TEST(y.intact());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(pooling_fused_with_it_gives_what_the_reference_gives_in_two_steps) {
  struct both {
    convolution g;
    grid kernel, stride;
  };
  const both cases[] = {
      {convolution_of({3, 1, 1}, 2, 1), 1, 1},
      {convolution_of({2, 5, 3}, 3, 2), 2, 2},
      {convolution_of({3, 7, 6}, 7, 3, 1, 1), 2, 2},
      {convolution_of({2, 8, 7}, 6, 2), 3, 2},
      {convolution_of({6, 5, 6}, 13, 2), 2, 1},
      {convolution_of({1, 9, 9}, 17, 3), 2, 3},
      {convolution_of({17, 5, 4}, 3, 2, 1, 1), 3, 3},
      {convolution_of({3, 6, 7}, 5, {2, 3}), {2, 3}, {2, 1}},
      {convolution_of({2, 7, 8}, 6, 2, 1, 1, {2, 3}), {3, 1}, {1, 2}},
  };
  for (const both& one : cases) {
    const pooling pool = pooling_of(one.g.out, one.kernel, one.stride);
    BOOST_TEST_CONTEXT(one.g << ", " << pool) {
      const example e(one.g);
      const convolution& g = one.g;
      const guarded<float> x(to_block(g.in, e.images)), weights(to_kernel(g, e.weights)),
          bias(e.bias);
      for (const std::size_t activation : {with_identity, with_relu}) {
        std::vector<float> all = e.forward(), pooled;
        std::vector<std::uint8_t> winners;
        for (float& v : all) v = activation == with_relu ? relu(v) : v;
        for (std::size_t lane = 0; lane < block_lanes; ++lane) {
          const auto y = reference::max_pool2d<float>(
              pool, std::span(all).subspan(lane * g.out.size(), g.out.size()), &winners);
          pooled.insert(pooled.end(), y.begin(), y.end());
        }
        pooled = to_block(pool.out, pooled);
        winners = to_block(pool.out, winners);
        for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
          for (const bool wants_winner : {true, false}) {
            guarded<float> y(pooled.size());
            guarded<float> window(pool.kernel.size() * g.out.channels * block_lanes);
            guarded<std::uint8_t> winner(winners.size());
            k.convolve_and_pool[activation](g, pool, weights.data(), bias.data(), x.data(),
                                            window.data(), y.data(),
                                            wants_winner ? winner.data() : nullptr, nullptr);
            check_equal(y.values(), pooled, "y");
            BOOST_TEST((y.intact() && window.intact() && winner.intact()));
            if (wants_winner) {
              BOOST_TEST(std::equal(winners.begin(), winners.end(), winner.data()), "winners");
            }
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(data_gradient_is_the_transposed_forward_pass_exactly) {
  for (const convolution& g : awkward_or_large()) BOOST_TEST_CONTEXT(g) {
    const example e(g);
    const std::vector<float> dx = to_block(g.in, e.data_gradient());
    const std::vector<float> block = to_block(g.in, e.images);
    std::vector<float> behind_relu(dx);
    for (std::size_t i = 0; i < dx.size(); ++i) {
      if (!(block[i] > 0)) behind_relu[i] = 0;
    }
    const guarded<float> x(block), weights(to_kernel(g, e.weights)), dy(to_block(g.out, e.upstream));
    for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
      guarded<float> plain(dx.size()), identity(dx.size()), relu(dx.size());
      k.data_gradient(g, weights.data(), dy.data(), plain.data());
      k.data_gradient_behind[with_identity](g, weights.data(), dy.data(), x.data(), identity.data());
      k.data_gradient_behind[with_relu](g, weights.data(), dy.data(), x.data(), relu.data());
      check_equal(plain.values(), dx, "dx");
      check_equal(identity.values(), dx, "dx behind identity");
      check_equal(relu.values(), behind_relu, "dx behind relu");
      BOOST_TEST((plain.intact() && identity.intact() && relu.intact()));
    }
  }
}

BOOST_AUTO_TEST_CASE(the_input_is_laid_out_for_the_weight_gradient) {
  for (const convolution& g : awkward()) BOOST_TEST_CONTEXT(g) {
    const example e(g);
    const guarded<float> x(to_block(g.in, e.images));
    for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
      const std::vector<float> expected = transposed(e, k.lanes, 0.0f);
      guarded<float> t(expected.size());
      k.transpose_rows(g, x.data(), t.data());
      BOOST_TEST(t.intact());
      // What lies between rows is nobody's.
      const std::size_t row = (g.in.width + 2 * g.padding.columns) * g.in.channels;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        const std::size_t panel = panel_columns(k.lanes);
        const bool gap = g.transposes_in_panels()
                             ? i / (panel * block_lanes) * panel + i % panel >= g.in.channels
                         : sums_along_lanes(g, k.lanes)
                             ? i % (g.transposed_row() * block_lanes) >= row * block_lanes
                             : i % g.transposed_row() >= row;
        if (gap) t[i] = 0.0f;
      }
      check_equal(t.values(), expected, "transposed rows");
    }
  }
}

BOOST_AUTO_TEST_CASE(lanes_and_rows_are_exchanged) {
  for (const std::size_t rows : {1u, 2u, 3u, 4u, 5u, 7u, 8u, 13u, 31u, 32u, 33u}) {
    for (const std::size_t gap : {0u, 1u, 16u}) BOOST_TEST_CONTEXT(rows << " rows, gap " << gap) {
      const guarded<float> in(normals(rows * block_lanes, 7), gap % 2);
      const std::size_t stride = rows + gap;
      for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
        guarded<float> out((block_lanes - 1) * stride + rows, 1);
        k.transpose_lanes(in.data(), rows, out.data(), stride);
        BOOST_TEST(out.intact());
        bool right = true;
        for (std::size_t i = 0; i < out.values().size(); ++i) {
          const std::size_t lane = i / stride, row = i % stride;
          right = right && (row < rows ? out[i] == in.data()[row * block_lanes + lane]
                                       : guarded<float>::untouched(out[i]));
        }
        BOOST_TEST(right);
      }
    }
  }
}

// The rows of every share once, in all orders: whatever is left out or done twice shows.
BOOST_AUTO_TEST_CASE(shares_cover_every_weight_once) {
  for (const convolution& size : awkward()) BOOST_TEST_CONTEXT(size) {
    std::vector<int> covered(size.weight_floats());
    tesela::detail::cut_gradient(3, size, [&](const gradient_work& work) {
      BOOST_TEST(work.stage == 3u);
      const gradient_share& s = work.share;
      for (std::size_t row = s.row; row < s.row_end; ++row) {
        for (std::size_t column = s.column; column < s.column_end; ++column) {
          for (std::size_t ky = s.ky; ky < s.ky_end(); ++ky) {
            ++covered.at((ky * size.out.channels + row) * size.weight_row() + column);
          }
        }
      }
    });
    bool once = true;
    for (std::size_t i = 0; i < covered.size(); ++i) {
      once = once && covered[i] == (i % size.weight_row() < size.row_depth() ? 1 : 0);
    }
    BOOST_TEST(once);
  }
}

// The kernel keeps a vector of sums for every weight of a share that sums along lanes.
BOOST_AUTO_TEST_CASE(shares_of_a_tall_window_fit_their_sums) {
  for (const std::size_t channels : {8u, 40u}) {
    const convolution tall{.in = {1, 400, 20}, .out = {channels, 101, 16}, .kernel = {300, 5}};
    std::size_t rows = 0;
    tesela::detail::cut_gradient(0, tall, [&](const gradient_work& work) {
      BOOST_TEST(work.share.kernel_rows <= kernel_rows_along_lanes);
      rows += work.share.kernel_rows * (work.share.row_end - work.share.row);
    });
    BOOST_TEST(rows == 300 * channels);
  }
}

BOOST_AUTO_TEST_CASE(weight_gradient_sums_all_blocks_exactly_share_by_share) {
  for (const convolution& g : awkward()) {
    for (const std::size_t blocks : {1u, 3u}) BOOST_TEST_CONTEXT(g << ", blocks " << blocks) {
      const example e(g);
      // Every block holds the same images with gradients of its own; the factors are exact.
      std::vector<float> dw(g.weight_floats()), dbias(g.out.channels);
      float factors = 0;
      for (std::size_t b = 0; b < blocks; ++b) factors += static_cast<float>(b + 1);
      for (std::size_t lane = 0; lane < block_lanes; ++lane) {
        for_each_product(g, [&](std::size_t y, std::size_t w, std::size_t x) {
          const std::size_t kk = g.kernel.size();
          dw[weight_at(g, w / kk / g.in.channels, w / kk % g.in.channels, w % kk / g.kernel.columns,
                       w % g.kernel.columns)] +=
              factors * e.image_value(lane, x) * e.upstream_value(lane, y);
        });
        for (std::size_t y = 0; y < g.out.size(); ++y) {
          dbias[y / g.out.pixels()] += factors * e.upstream_value(lane, y);
        }
      }
      // The library's shares, and shares that begin and end where no tile does, but for panels.
      const std::size_t together = g.transposes_in_panels() ? 32 : 7;
      std::vector<gradient_share> planned, odd;
      tesela::detail::cut_gradient(0, g, [&](const gradient_work& w) { planned.push_back(w.share); });
      for (std::size_t ky = g.kernel.rows; ky-- > 0;) {
        for (std::size_t r = 0; r < g.out.channels; r += 5) {
          for (std::size_t c = 0; c < g.row_depth(); c += together) {
            odd.push_back({ky, r, std::min(r + 5, g.out.channels), c,
                           std::min(c + together, g.row_depth())});
          }
        }
      }
      const std::vector<float> dy = to_block(g.out, e.upstream);
      for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
        const auto x = transposed(e, k.lanes, std::numeric_limits<float>::quiet_NaN());
        const std::size_t block_stride = x.size() + dy.size();
        guarded<float> memory(blocks * block_stride);
        for (std::size_t b = 0; b < blocks; ++b) {
          float* at = memory.data() + b * block_stride;
          at = std::copy(x.begin(), x.end(), at);
          for (const float v : dy) *at++ = static_cast<float>(b + 1) * v;
        }
        for (const std::vector<gradient_share>& shares : {planned, odd}) {
          guarded<float> found(g.weight_floats());
          for (const gradient_share& s : shares) {
            k.weight_gradient(g, s, memory.data() + x.size(), memory.data(), blocks, block_stride,
                              found.data());
          }
          BOOST_TEST(found.intact());
          bool gaps = true;
          for (std::size_t i = 0; i < dw.size(); ++i) {
            if (i % g.weight_row() < g.row_depth()) continue;
            gaps = gaps && guarded<float>::untouched(found[i]);
            found[i] = 0;
          }
          BOOST_TEST(gaps, "the gaps between rows are nobody's");
          check_equal(found.values(), dw, "dw");
        }
        // Another thread may be writing next to a share: not even the same value may be stored there.
        bool alone = true;
        for (const gradient_share& s : odd) {
          guarded<float> found(g.weight_floats());
          k.weight_gradient(g, s, memory.data() + x.size(), memory.data(), 1, block_stride, found.data());
          for (std::size_t i = 0; i < g.weight_floats(); ++i) {
            const std::size_t row = i / g.weight_row() % g.out.channels, column = i % g.weight_row();
            const bool mine = i / g.weight_row() / g.out.channels == s.ky && row >= s.row &&
                              row < s.row_end && column >= s.column && column < s.column_end;
            alone = alone && mine != guarded<float>::untouched(found[i]);
          }
        }
        BOOST_TEST(alone, "a share writes its own weights, all of them and no others");
        guarded<float> bias(g.out.channels);
        const std::size_t middle = g.out.channels / 2;
        k.bias_gradient(g.out, memory.data() + x.size(), blocks, block_stride, middle, g.out.channels,
                        bias.data());
        BOOST_TEST((middle == 0 || guarded<float>::untouched(bias[middle - 1])));
        k.bias_gradient(g.out, memory.data() + x.size(), blocks, block_stride, 0, middle, bias.data());
        check_equal(bias.values(), dbias, "dbias");
        BOOST_TEST(bias.intact());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(random_numbers_stay_within_the_rounding_of_their_sums) {
  // Of n products in any order: |error| <= (n + 1) 2^-24 sum of |products|, to first order.
  for (const convolution& g : {convolution_of({29, 5, 3}, 28, 3, 1, 1),
                               convolution_of({300, 1, 1}, 17, 1), convolution_of({3, 9, 8}, 6, 5),
                               convolution_of({20, 6, 9}, 11, {2, 3}, {1, 2}, {1, 3}, {1, 2})}) {
    BOOST_TEST_CONTEXT(g) {
      const example e(g, false);
      const auto bound = [](std::size_t terms, double sum_of_sizes) {
        return static_cast<double>(terms + 2) * 0x1p-24 * sum_of_sizes;
      };
      std::vector<double> y(g.out.size()), y_size(y.size()), dx(g.in.size()), dx_size(dx.size());
      std::vector<double> dw(g.weight_floats()), dw_size(dw.size());
      const std::size_t lane = 11;
      for (std::size_t i = 0; i < y.size(); ++i) {
        y[i] = e.bias[i / g.out.pixels()];
        y_size[i] = std::abs(y[i]);
      }
      for_each_product(g, [&](std::size_t o, std::size_t w, std::size_t i) {
        const double forward = double{e.weights[w]} * double{e.image_value(lane, i)};
        const double back = double{e.weights[w]} * double{e.upstream_value(lane, o)};
        y[o] += forward;
        y_size[o] += std::abs(forward);
        dx[i] += back;
        dx_size[i] += std::abs(back);
      });
      for (std::size_t l = 0; l < block_lanes; ++l) {
        for_each_product(g, [&](std::size_t o, std::size_t w, std::size_t i) {
          const std::size_t kk = g.kernel.size();
          const std::size_t at = weight_at(g, w / kk / g.in.channels, w / kk % g.in.channels,
                                           w % kk / g.kernel.columns, w % g.kernel.columns);
          const double product = double{e.image_value(l, i)} * double{e.upstream_value(l, o)};
          dw[at] += product;
          dw_size[at] += std::abs(product);
        });
      }
      const std::size_t window = g.kernel.size();
      for (double& s : y_size) s = bound(window * g.in.channels, s);
      for (double& s : dx_size) s = bound(window * g.out.channels, s);
      for (double& s : dw_size) s = bound(block_lanes * g.out.pixels(), s);

      const guarded<float> x(to_block(g.in, e.images)), weights(to_kernel(g, e.weights)),
          bias(e.bias), dy(to_block(g.out, e.upstream));
      const auto one_lane = [&](const guarded<float>& block, const image& of) {
        std::vector<float> values;
        for (std::size_t c = 0; c < of.channels; ++c) {
          for (std::size_t p = 0; p < of.pixels(); ++p) {
            values.push_back(block.data()[(p * of.channels + c) * block_lanes + lane]);
          }
        }
        return values;
      };
      for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
        const guarded<float> x_transposed(transposed(e, k.lanes, 0.0f));
        guarded<float> y_found(g.out.size() * block_lanes), dx_found(g.in.size() * block_lanes);
        guarded<float> dw_found(std::vector<float>(g.weight_floats()));
        k.convolve[with_identity](g, weights.data(), bias.data(), x.data(), y_found.data());
        k.data_gradient(g, weights.data(), dy.data(), dx_found.data());
        for (std::size_t ky = 0; ky < g.kernel.rows; ++ky) {
          k.weight_gradient(g, {ky, 0, g.out.channels, 0, g.row_depth()}, dy.data(),
                            x_transposed.data(), 1, 0, dw_found.data());
        }
        check_close(one_lane(y_found, g.out), y, y_size, "y");
        check_close(one_lane(dx_found, g.in), dx, dx_size, "dx");
        check_close(dw_found.values(), dw, dw_size, "dw");
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
