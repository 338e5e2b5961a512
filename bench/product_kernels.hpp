// SPDX-License-Identifier: MIT
// The library's kernels of one convolution or linear layer on a batch, ready to be timed, and the check
// that they compute it.
#pragma once

#include "context.hpp"
#include "networks.hpp"
#include "peers.hpp"

#include "tesela/kernel/isa-inl.hpp"
#include "tesela/network/gradient_work.hpp"
#include "tesela/network/memory_plan.hpp"
#include "tesela/tensor/arena.hpp"
#include "tesela/tensor/block.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bench {

class product_kernels {
 public:
  using isa = ts::static_isa;

  product_kernels(const ts::convolution& g, std::size_t batch)
      : g_(g), blocks_(ts::blocks_for(batch)), winograd_(ts::winograd_pays(g)),
        weights_(g.weight_floats()), dweights_(g.weight_floats()), bias_(g.out.channels) {
    const ts::winograd_tiles there = ts::tiles_of(g.out), back = ts::tiles_of(g.in);
    if (winograd_) {
      scratch_ = ts::arena(std::max({
          ts::winograd_scratch(there, g.in.channels, g.out.channels).floats(),
          ts::winograd_scratch(back, g.out.channels, g.in.channels).floats(),
          ts::winograd_gradient_floats(g.out.channels),
      }));
    }

    // As in a training step, all tensors of a block of samples lie together.
    const auto place = [&](std::size_t floats) {
      const std::size_t at = block_floats_;
      block_floats_ += ts::round_up(floats, ts::alignment_floats);
      return at;
    };
    x_ = place(g.in.size() * ts::block_lanes);
    y_ = place(g.out.size() * ts::block_lanes);
    dx_ = place(g.in.size() * ts::block_lanes);
    dy_ = place(g.out.size() * ts::block_lanes);
    tiles_ = place(winograd_ ? ts::winograd_tile_floats(there.count(), g.out.channels) : 0);
    transposed_ = place(
        (winograd_ ? ts::winograd_tile_floats(there.count(), g.in.channels)
                   : g.in.height * g.transposed_row() * ts::block_lanes) +
        ts::detail::overreach);
    memory_ = ts::arena(blocks_ * block_floats_);
    for (std::size_t b = 0; b < blocks_; ++b) {
      const auto stream = static_cast<std::uint32_t>(b);
      fill(at(b, x_), g.in.size() * ts::block_lanes, 100 + stream);
      fill(at(b, dy_), g.out.size() * ts::block_lanes, 200 + stream);
    }
    fill(weights_.data(), weights_.size(), 3);
    fill(bias_.data(), bias_.size(), 4);
    ts::detail::cut_gradient(0, g, [&](const ts::gradient_work& one) { work_.push_back(one.share); });
    run(product::forward);  // leaves the transposed patches that the weight gradient reads
  }

  bool winograd() const { return winograd_; }
  // Two a multiply-add; taps in the padding count, as in a textbook.
  double operations() const {
    return 2.0 * static_cast<double>(blocks_ * ts::block_lanes * g_.weight_count() *
                                     g_.out.pixels());
  }

  // What a training step does for this product: the weights' transform belongs to the forward product
  // and to the data gradient, laying out the input with the sample outside to the weight gradient.
  void run(product p) {
    if (p == product::forward) forward();
    if (p == product::data_gradient) data_gradient();
    if (p == product::weight_gradient) weight_gradient();
  }

  // Compares some results, times `factor`, with a plain loop in double.
  void check(product p, const std::string& name, double factor = 1) {
    run(p);
    double error = 0, largest = 0;
    for (std::size_t i = 0; i < 24; ++i) {
      const auto [found, expected] = result_and_truth(p, i);
      require(std::isfinite(found), name + ": a result is not finite");
      error = std::max(error, std::abs(factor * found - expected));
      largest = std::max(largest, std::abs(expected));
    }
    require(error <= (winograd_ ? 1e-4 : 1e-5) * largest,
            name + ": wrong by " + std::to_string(error) + " where values reach " +
                std::to_string(largest));
  }

 private:
  using identity = ts::layers::identity;

  static void fill(float* to, std::size_t count, std::uint32_t stream) {
    const std::vector<float> random = random_floats(count, stream);
    std::copy(random.begin(), random.end(), to);
  }
  float* at(std::size_t block, std::size_t tensor) {
    return memory_.data() + block * block_floats_ + tensor;
  }

  void forward() {
    for (std::size_t b = 0; b < blocks_; ++b) {
      if (winograd_) {
        isa::with<identity>::winograd_convolve(g_, weights_.data(), bias_.data(), at(b, x_),
                                               at(b, transposed_), scratch_.data(), at(b, y_));
      } else {
        isa::with<identity>::convolve(g_, weights_.data(), bias_.data(), at(b, x_), at(b, y_));
      }
    }
  }

  void data_gradient() {
    for (std::size_t b = 0; b < blocks_; ++b) {
      if (winograd_) {
        isa::winograd_data_gradient(g_, weights_.data(), at(b, dy_), scratch_.data(), at(b, dx_));
      } else {
        isa::convolve_data_gradient(g_, weights_.data(), at(b, dy_), at(b, dx_));
      }
    }
  }

  void weight_gradient() {
    for (std::size_t b = 0; b < blocks_; ++b) {
      if (winograd_) {
        isa::winograd_gradient_tiles(g_, at(b, dy_), at(b, tiles_));
      } else {
        isa::transpose_rows(g_, at(b, x_), at(b, transposed_));
      }
    }
    for (const ts::gradient_share& share : work_) {
      if (winograd_) {
        isa::winograd_weight_gradient(g_, share.row, share.row_end, at(0, tiles_),
                                      at(0, transposed_), blocks_, block_floats_,
                                      scratch_.data(), dweights_.data());
      } else {
        isa::convolve_weight_gradient(g_, share, at(0, dy_), at(0, transposed_), blocks_,
                                      block_floats_, dweights_.data());
      }
    }
  }

  static std::size_t element(const ts::image& of, std::size_t y, std::size_t x, std::size_t channel,
                             std::size_t lane) {
    return ((y * of.width + x) * of.channels + channel) * ts::block_lanes + lane;
  }
  std::size_t weight(std::size_t ky, std::size_t kx, std::size_t co, std::size_t ci) const {
    return (ky * g_.out.channels + co) * g_.weight_row() + kx * g_.in.channels + ci;
  }

  // f(oy, ox, iy, ix) for every place where window element (ky, kx) lies inside the input.
  template <class F>
  void for_each_place(std::size_t ky, std::size_t kx, const F& f) const {
    for (std::size_t oy = 0; oy < g_.out.height; ++oy) {
      for (std::size_t ox = 0; ox < g_.out.width; ++ox) {
        const std::size_t iy =
            oy * g_.stride.rows + ky * g_.dilation.rows - g_.padding.rows;  // below 0 is huge
        const std::size_t ix =
            ox * g_.stride.columns + kx * g_.dilation.columns - g_.padding.columns;
        if (iy < g_.in.height && ix < g_.in.width) f(oy, ox, iy, ix);
      }
    }
  }

  std::pair<double, double> result_and_truth(product p, std::size_t number) {
    const ts::random_stream random{ts::seed{1}, ts::purpose::user, static_cast<std::uint32_t>(p)};
    std::size_t draws = 8 * number;
    const auto pick = [&](std::size_t below) {
      return std::size_t{random.below(draws++, static_cast<std::uint32_t>(below))};
    };
    const std::size_t b = pick(blocks_), lane = pick(ts::block_lanes), co = pick(g_.out.channels),
                      ci = pick(g_.in.channels);
    const auto times = [](float u, float v) { return double{u} * double{v}; };
    double sum = 0;
    if (p == product::weight_gradient) {
      const std::size_t ky = pick(g_.kernel.rows), kx = pick(g_.kernel.columns);
      for_each_place(ky, kx, [&](std::size_t oy, std::size_t ox, std::size_t iy, std::size_t ix) {
        for (std::size_t block = 0; block < blocks_; ++block) {
          for (std::size_t l = 0; l < ts::block_lanes; ++l) {
            sum += times(at(block, dy_)[element(g_.out, oy, ox, co, l)],
                         at(block, x_)[element(g_.in, iy, ix, ci, l)]);
          }
        }
      });
      return {dweights_.data()[weight(ky, kx, co, ci)], sum};
    }
    const bool forwards = p == product::forward;
    const ts::image& of = forwards ? g_.out : g_.in;
    const std::size_t y = pick(of.height), x = pick(of.width);
    for (std::size_t ky = 0; ky < g_.kernel.rows; ++ky) {
      for (std::size_t kx = 0; kx < g_.kernel.columns; ++kx) {
        for_each_place(ky, kx, [&](std::size_t oy, std::size_t ox, std::size_t iy, std::size_t ix) {
          if (forwards && oy == y && ox == x) {
            for (std::size_t c = 0; c < g_.in.channels; ++c) {
              sum += times(weights_.data()[weight(ky, kx, co, c)],
                           at(b, x_)[element(g_.in, iy, ix, c, lane)]);
            }
          } else if (!forwards && iy == y && ix == x) {
            for (std::size_t c = 0; c < g_.out.channels; ++c) {
              sum += times(weights_.data()[weight(ky, kx, c, ci)],
                           at(b, dy_)[element(g_.out, oy, ox, c, lane)]);
            }
          }
        });
      }
    }
    if (forwards) return {at(b, y_)[element(g_.out, y, x, co, lane)], sum + bias_.data()[co]};
    return {at(b, dx_)[element(g_.in, y, x, ci, lane)], sum};
  }

  ts::convolution g_;
  std::size_t blocks_ = 0;
  bool winograd_ = false;
  ts::arena weights_, dweights_, bias_, scratch_, memory_;
  // Where the tensors of a block lie.
  std::size_t block_floats_ = 0;
  std::size_t x_ = 0, y_ = 0, dx_ = 0, dy_ = 0, tiles_ = 0, transposed_ = 0;
  std::vector<ts::gradient_share> work_;
};

}  // namespace bench
