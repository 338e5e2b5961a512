// SPDX-License-Identifier: MIT
// Test only: memory with canaries around it, and the library's layouts as plain loops.
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/random.hpp"
#include "tesela/kernel/reference.hpp"
#include "tesela/tensor/arena.hpp"
#include "tesela/tensor/block.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace tesela::test {

// `size` elements, `shift` elements behind a cache line, between canaries: NaNs, so that what reads
// them shows as well, and bytes 0xAB in integers. The elements begin as canaries too.
template <class T>
class guarded {
 public:
  explicit guarded(std::size_t size, std::size_t shift = 0)
      : size_(size), first_(guard + shift), memory_(size + 2 * guard + shift + guard) {
    void* begin = memory_.data();
    std::size_t room = memory_.size() * sizeof(T);
    begin = std::align(alignment_bytes, (size + 2 * guard + shift) * sizeof(T), begin, room);
    all_ = std::span(static_cast<T*>(begin), size + 2 * guard + shift);
    std::fill(all_.begin(), all_.end(), canary());
  }
  explicit guarded(const std::vector<T>& values, std::size_t shift = 0)
      : guarded(values.size(), shift) {
    std::copy(values.begin(), values.end(), data());
  }
  guarded(const guarded&) = delete;

  T* data() { return all_.data() + first_; }
  const T* data() const { return all_.data() + first_; }
  std::span<T> values() { return {data(), size_}; }
  std::span<const T> values() const { return {data(), size_}; }
  T& operator[](std::size_t i) { return data()[i]; }

  bool intact() const {
    return std::all_of(all_.begin(), all_.begin() + static_cast<std::ptrdiff_t>(first_), untouched) &&
           std::all_of(all_.begin() + static_cast<std::ptrdiff_t>(first_ + size_), all_.end(),
                       untouched);
  }
  static bool untouched(const T& value) {
    const T expected = canary();
    return std::memcmp(&value, &expected, sizeof(T)) == 0;
  }

 private:
  // More than the widest vector may wrongly write.
  static constexpr std::size_t guard = 64 / sizeof(T) * 4;

  static T canary() {
    T value;
    if constexpr (std::is_floating_point_v<T>) {
      const std::uint32_t bits = 0x7FC0ABCD;  // a quiet NaN that no computation makes
      std::memcpy(&value, &bits, sizeof value);
    } else {
      std::memset(&value, 0xAB, sizeof value);
    }
    return value;
  }

  std::size_t size_, first_;
  std::vector<T> memory_;
  std::span<T> all_;
};

// Equal values, NaN where NaN is expected; one complaint at the first that differs.
inline void check_equal(std::span<const float> found, std::span<const float> expected,
                        const char* what) {
  BOOST_TEST_REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const bool both_nan = found[i] != found[i] && expected[i] != expected[i];
    if (found[i] == expected[i] || both_nan) continue;
    BOOST_ERROR(what << ": element " << i << " of " << found.size() << " is " << found[i]
                     << " instead of " << expected[i]);
    return;
  }
}

// Each within its own bound.
inline void check_close(std::span<const float> found, std::span<const double> expected,
                        std::span<const double> bounds, const char* what) {
  BOOST_TEST_REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (std::abs(double{found[i]} - expected[i]) <= bounds[i]) continue;
    BOOST_ERROR(what << ": element " << i << " is " << found[i] << " instead of " << expected[i]
                     << ", off by " << std::abs(double{found[i]} - expected[i]) << ", allowed "
                     << bounds[i]);
    return;
  }
}

// Integers from -range to range: sums of their products are exact, whatever the order.
inline std::vector<float> integers(std::size_t count, std::uint32_t stream, std::uint32_t range = 3) {
  const random_stream random{seed{5}, stream};
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) {
    values[i] = static_cast<float>(random.below(i, 2 * range + 1)) - static_cast<float>(range);
  }
  return values;
}
inline std::vector<float> normals(std::size_t count, std::uint32_t stream) {
  const random_stream random{seed{6}, stream};
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = random.normal(i);
  return values;
}

// One element of the layouts: lane, channel, row, column of an image as the kernels hold it.
inline std::size_t in_block(const image& of, std::size_t c, std::size_t y, std::size_t x,
                            std::size_t lane) {
  return ((y * of.width + x) * of.channels + c) * block_lanes + lane;
}

// Images [lane][channel][row][column] to a block, and back.
template <class T>
std::vector<T> to_block(const image& of, const std::vector<T>& images) {
  std::vector<T> block(images.size());
  for (std::size_t lane = 0, i = 0; lane < block_lanes; ++lane) {
    for (std::size_t c = 0; c < of.channels; ++c) {
      for (std::size_t y = 0; y < of.height; ++y) {
        for (std::size_t x = 0; x < of.width; ++x, ++i) block[in_block(of, c, y, x, lane)] = images[i];
      }
    }
  }
  return block;
}

// Weights [out][in][row][column] where the kernels expect them; the gaps between rows are NaN.
inline std::size_t weight_at(const convolution& g, std::size_t o, std::size_t i, std::size_t ky,
                             std::size_t kx) {
  return (ky * g.out.channels + o) * g.weight_row() + kx * g.in.channels + i;
}
inline std::vector<float> to_kernel(const convolution& g, const std::vector<float>& weights) {
  std::vector<float> inside(g.weight_floats(), std::numeric_limits<float>::quiet_NaN());
  std::size_t at = 0;
  for (std::size_t o = 0; o < g.out.channels; ++o) {
    for (std::size_t i = 0; i < g.in.channels; ++i) {
      for (std::size_t ky = 0; ky < g.kernel.rows; ++ky) {
        for (std::size_t kx = 0; kx < g.kernel.columns; ++kx) {
          inside[weight_at(g, o, i, ky, kx)] = weights[at++];
        }
      }
    }
  }
  return inside;
}

// f(y, w, x) for every product of a convolution, y[y] += w[w] * x[x], in PyTorch's layouts. Forward
// and both gradients are one line each; that it enumerates the right ones is tested against reference.
template <class F>
void for_each_product(const convolution& g, const F& f) {
  std::size_t w = 0;
  for (std::size_t o = 0; o < g.out.channels; ++o) {
    for (std::size_t c = 0; c < g.in.channels; ++c) {
      for (std::size_t r = 0; r < g.kernel.rows; ++r) {
        for (std::size_t s = 0; s < g.kernel.columns; ++s, ++w) {
          for (std::size_t i = 0; i < g.out.height; ++i) {
            for (std::size_t j = 0; j < g.out.width; ++j) {
              const auto row =
                  static_cast<std::ptrdiff_t>(i * g.stride.rows + r * g.dilation.rows) -
                  static_cast<std::ptrdiff_t>(g.padding.rows);
              const auto column =
                  static_cast<std::ptrdiff_t>(j * g.stride.columns + s * g.dilation.columns) -
                  static_cast<std::ptrdiff_t>(g.padding.columns);
              if (row < 0 || column < 0 || row >= static_cast<std::ptrdiff_t>(g.in.height) ||
                  column >= static_cast<std::ptrdiff_t>(g.in.width)) {
                continue;
              }
              f((o * g.out.height + i) * g.out.width + j, w,
                (c * g.in.height + static_cast<std::size_t>(row)) * g.in.width +
                    static_cast<std::size_t>(column));
            }
          }
        }
      }
    }
  }
}

}  // namespace tesela::test
