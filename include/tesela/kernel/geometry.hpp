// SPDX-License-Identifier: MIT
// The sizes kernels take at run time: an image, a convolution, and the loops of a sum of products.
//
// Kernels are instantiated once per tile, not once per layer; a layer's type becomes one of these.
#pragma once

#include <cstddef>

namespace tesela {

struct image {
  std::size_t channels = 1, height = 1, width = 1;
  constexpr std::size_t pixels() const { return height * width; }
  constexpr std::size_t size() const { return channels * pixels(); }
};

// A number for the rows and one for the columns: a window's pixels, its steps, what surrounds an
// image.
struct grid {
  std::size_t rows = 1, columns = 1;

  constexpr grid() = default;
  constexpr grid(std::size_t both) : rows(both), columns(both) {}
  constexpr grid(std::size_t of_rows, std::size_t of_columns)
      : rows(of_rows), columns(of_columns) {}

  constexpr std::size_t size() const { return rows * columns; }
  friend constexpr bool operator==(const grid&, const grid&) = default;
};

// The distance between rows of `floats` numbers that are read side by side. A multiple of 512 bytes
// would send them to the same few sets of the L1 cache, where they evict each other (weight
// gradient of 3072 -> 120, batch 64, one thread of a Zen 3: 718 us without the gap, 548 us with
// it).
constexpr std::size_t spread(std::size_t floats) { return floats % 128 == 0 ? floats + 16 : floats; }

// One direction of a convolution, down the rows or along the columns. Tap t of output o is the
// input at o * stride + t * dilation - padding, or zero where that lies outside.
struct window_axis {
  std::size_t in = 1, out = 1, kernel = 1, stride = 1, padding = 0, dilation = 1;
};

// A window of `kernel` taps, `dilation` pixels from one to the next, that moves by `stride`, with
// `padding` zeros around the input. A linear layer is the convolution of a 1x1 image: channels in,
// channels out, kernel 1.
//
// Weights lie as [kernel row][output channel][kernel column][input channel]: the pixels of one row
// of the window are neighbours in a block, so a row of the window is one contiguous sum of
// kernel.columns x channels products, in weights and activations alike; where taps are `dilation`
// columns apart, a tap is one of channels products.
struct convolution {
  image in, out;
  grid kernel = 1, stride = 1, padding = 0, dilation = 1;
  bool direct = false;  // never by Winograd's algorithm

  constexpr window_axis down() const {
    return {in.height, out.height, kernel.rows, stride.rows, padding.rows, dilation.rows};
  }
  constexpr window_axis along() const {
    return {in.width, out.width, kernel.columns, stride.columns, padding.columns, dilation.columns};
  }
  constexpr bool taps_are_neighbours() const { return dilation.columns == 1; }

  constexpr std::size_t row_depth() const { return kernel.columns * in.channels; }
  constexpr std::size_t weight_count() const { return kernel.rows * out.channels * row_depth(); }

  // From one output channel's weights to the next, and all of them.
  constexpr std::size_t weight_row() const { return spread(row_depth()); }
  constexpr std::size_t weight_floats() const { return kernel.rows * out.channels * weight_row(); }

  // The operand of the weight gradient: the input with its padding left and right of every row,
  // laid out [height][lane][column][channel], or [height][column][channel][lane] if it sums along
  // lanes. A linear layer's is cut into panels, [panel][lane][channel], as wide as a register tile,
  // so that what a tile reads lies in one piece; there is room for panels of any target, whose
  // widest is 32. Up to that the row is hardly more than a panel and lies as any other.
  constexpr bool transposes_in_panels() const {
    return in.pixels() == 1 && kernel == 1 && padding == 0 && in.channels > 32;
  }
  constexpr std::size_t transposed_row() const {
    if (transposes_in_panels()) return (in.channels + 31) / 32 * 32;
    return spread((in.width + 2 * padding.columns) * in.channels);
  }
};

// Where a row of the window is so short that most of a register tile along it would be empty, as in
// the first layer of an image, the weight gradient is made of dot products along the samples. They
// read the input as it lies, with its padding. One thread, g++ 12, batch 64, in us:
//
//   numbers in a row                     with tiles   with dot products
//   9   VGG-11's first convolution       18000        5300    AVX2 (Zen 3)
//   5   1x28x28 -> 8, 5x5                678          279     AVX2 (Zen 3)
//   15  3x32x32 -> 6, 5x5                506          636     AVX2 (Xeon)
//   15  the same                         482          355     AVX-512 (Xeon)
//
// so it depends on the lanes of a vector; shares are cut as if it always held.
constexpr bool may_sum_along_lanes(const convolution& g) {
  return g.row_depth() < 16 && g.out.pixels() > 1;
}
// Kernel rows of a share that may: with up to 15 numbers in each, their sums fit the kernel's scratch.
inline constexpr std::size_t kernel_rows_along_lanes = 64;
constexpr bool sums_along_lanes(const convolution& g, std::size_t lanes) {
  return may_sum_along_lanes(g) && (g.row_depth() < 12 || g.row_depth() < lanes);
}

// A pooling window.
struct pooling {
  image in, out;
  grid kernel = 1, stride = 1;

  constexpr bool overlaps() const {
    return stride.rows < kernel.rows || stride.columns < kernel.columns;
  }
};

// A share of a weight gradient: kernel rows [ky, ky_end()), output channels [row, row_end) and
// columns [column, column_end) of (kernel column, input channel). Shares do not overlap and each is
// computed by one thread in one order, so the gradient does not depend on how many threads there
// are. Where the input lies in panels, columns begin with a multiple of 32.
struct gradient_share {
  std::size_t ky = 0, row = 0, row_end = 0, column = 0, column_end = 0;
  std::size_t kernel_rows = 1;

  constexpr std::size_t ky_end() const { return ky + kernel_rows; }
};

// One loop around a sum: how often it runs, how far the operands move each time.
struct loop_level {
  std::size_t count = 1;
  std::ptrdiff_t a = 0, b = 0;
};

// The sum of products behind every tile of a matrix product or convolution:
//
//   C[row][column] (+)= sum over outer, middle, inner and k < depth of  A(row, k) * B(k, column)
//
// A(row, k) = a[row * a_row + k * a_step], B(k, column) = b[k * b_step + column], and each level
// moves a and b by its strides. Strides are in floats and may be negative. Where B lies in panels
// as wide as a tile, a tile that begins at `column` begins at b[column * b_column].
struct contraction {
  loop_level outer, middle, inner;
  std::size_t depth = 0;
  std::ptrdiff_t a_row = 0, a_step = 0, b_step = 0, b_column = 1;
  // How much further on lies what a later tile reads, where that comes from memory (0: it does not).
  // Every run of the innermost loop asks for lines of it, ahead of time: see RowLayout::Fetch.
  std::ptrdiff_t next_a = 0, next_b = 0;

  constexpr std::size_t steps() const { return outer.count * middle.count * inner.count * depth; }
};

}  // namespace tesela
