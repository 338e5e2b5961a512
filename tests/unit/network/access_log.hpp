// SPDX-License-Identifier: MIT
// Test only: an instruction set whose kernels compute nothing but note what they read and write.
//
// A network's passes take the instruction set as a type, so the real program of a step runs over it and
// says whether the memory plan holds: what is read must be the last thing written there, whole.
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/single.hpp"
#include "tesela/kernel/winograd.hpp"
#include "tesela/tensor/block.hpp"
#include "tesela/tensor/samples.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace access_log {

namespace ts = tesela;

struct written {
  std::string what;
  std::uintptr_t begin, end;
};

struct log {
  std::vector<written> writes;
  std::vector<std::string> complaints;
  std::uintptr_t begin = 0, end = 0;  // the memory of the plan
  std::size_t reads = 0;
  bool tiled = false;  // the next bias gradient is summed from tiles

  void complain(const std::string& words) {
    if (complaints.size() < 10) complaints.push_back(words);
  }
  bool inside(const written& one) {
    const bool fine = one.begin >= begin && one.end <= end;
    if (!fine) complain(one.what + " lies outside the plan's memory");
    return fine;
  }
};

inline log& current() {
  static log all;
  return all;
}

inline written range(const char* what, const void* at, std::size_t bytes) {
  const auto first = reinterpret_cast<std::uintptr_t>(at);
  return {what, first, first + bytes};
}

inline void write_bytes(const char* what, const void* at, std::size_t bytes) {
  log& all = current();
  const written now = range(what, at, bytes);
  if (!all.inside(now)) return;
  if ((now.begin - all.begin) % ts::alignment_bytes != 0) all.complain(now.what + " is not aligned");
  all.writes.push_back(now);
}
inline void write(const char* what, const float* at, std::size_t floats) {
  write_bytes(what, at, floats * sizeof(float));
}

// The last write that touches the range is of the same buffer and holds all of it.
inline void read_bytes(const char* what, const void* at, std::size_t bytes, bool part = false) {
  log& all = current();
  const written now = range(what, at, bytes);
  ++all.reads;
  if (!all.inside(now)) return;
  for (std::size_t i = all.writes.size(); i-- > 0;) {
    const written& last = all.writes[i];
    if (last.end <= now.begin || last.begin >= now.end) continue;
    const bool whole = part ? last.begin <= now.begin && last.end >= now.end
                            : last.begin == now.begin && last.end == now.end;
    if (last.what != now.what || !whole) {
      all.complain(now.what + " of " + std::to_string(bytes) + " bytes is read where " + last.what +
                   " of " + std::to_string(last.end - last.begin) + " bytes was written");
    }
    return;
  }
  all.complain(now.what + " is read before it is written");
}
inline void read(const char* what, const float* at, std::size_t floats, bool part = false) {
  read_bytes(what, at, floats * sizeof(float), part);
}

// Which buffer was last written at a place.
inline std::string written_last(const float* at) {
  const log& all = current();
  const auto first = reinterpret_cast<std::uintptr_t>(at);
  for (std::size_t i = all.writes.size(); i-- > 0;) {
    if (all.writes[i].begin <= first && first < all.writes[i].end) return all.writes[i].what;
  }
  return "nothing";
}

// Values flow forward, gradients back; the two are never taken for each other.
inline constexpr const char *value = "a value", *gradient = "a gradient", *winner = "a winner",
                            *transposed = "a transposed input", *tiles = "gradient tiles",
                            *scratch = "scratch", *kept = "a kept product",
                            *bits = "the bits of a dropout", *sums = "sums of a gradient";

template <class Activation>
struct activation_kernels;
template <class Program>
struct around_kernels;

inline constexpr std::size_t lanes = ts::block_lanes;
inline std::size_t of(const ts::image& i) { return i.size() * lanes; }
inline std::size_t tile_floats(const ts::image& of_tiles, std::size_t channels) {
  return ts::winograd_tile_floats(ts::tiles_of(of_tiles).count(), channels);
}
inline std::size_t scratch_floats(const ts::image& to, std::size_t from_channels) {
  return ts::winograd_scratch(ts::tiles_of(to), from_channels, to.channels).floats();
}

struct isa {
  template <class Activation>
  using with = activation_kernels<Activation>;
  template <class Program>
  using around = around_kernels<Program>;

  static void load_block(const ts::sample_source& source, const std::uint32_t*, std::size_t,
                         float* block) {
    write(value, block, source.features() * lanes);
  }
  static void transpose_rows(const ts::convolution& g, const float* x, float* t) {
    read(value, x, of(g.in));
    write(transposed, t, g.in.height * g.transposed_row() * lanes);
  }
  static void convolve_data_gradient(const ts::convolution& g, const float*, const float* dy,
                                     float* dx) {
    write(gradient, dx, of(g.in));
    read(gradient, dy, of(g.out));
  }
  template <bool>
  static void convolve_weight_gradient(const ts::convolution& g, const ts::gradient_share&,
                                       const float* dy, const float* t, std::size_t blocks,
                                       std::size_t block_stride, float*) {
    current().tiled = false;
    for (std::size_t b = 0; b < blocks; ++b) {
      read(gradient, dy + b * block_stride, of(g.out));
      read(transposed, t + b * block_stride, g.in.height * g.transposed_row() * lanes);
    }
  }
  static void bias_gradient(const ts::image& out, const float* dy, std::size_t blocks,
                            std::size_t block_stride, std::size_t, std::size_t, float*) {
    for (std::size_t b = 0; b < blocks; ++b) {
      // Winograd's tiles carry the sums of dy at one of their 36 positions.
      const bool of_tiles = current().tiled;
      read(of_tiles ? tiles : gradient, dy + b * block_stride, of(out), of_tiles);
    }
  }

  static void winograd_data_gradient(const ts::convolution& g, const float*, const float* dy,
                                     float* room, float* dx) {
    write(scratch, room, scratch_floats(g.in, g.out.channels));
    write(gradient, dx, of(g.in));
    read(gradient, dy, of(g.out));
    read(scratch, room, scratch_floats(g.in, g.out.channels));
  }
  static void winograd_gradient_tiles(const ts::convolution& g, const float* dy, float* of_dy) {
    write(tiles, of_dy, tile_floats(g.out, g.out.channels));
    read(gradient, dy, of(g.out));
  }
  static void winograd_weight_gradient(const ts::convolution& g, std::size_t row,
                                       std::size_t row_end, const float* of_dy, const float* t,
                                       std::size_t blocks, std::size_t block_stride, float* room,
                                       float*) {
    current().tiled = true;
    write(scratch, room, ts::winograd_gradient_floats(row_end - row));
    for (std::size_t b = 0; b < blocks; ++b) {
      read(tiles, of_dy + b * block_stride, tile_floats(g.out, g.out.channels));
      read(transposed, t + b * block_stride, tile_floats(g.out, g.in.channels));
    }
  }

  static void sum_blocks(const float* from, std::size_t blocks, std::size_t block_stride,
                         std::size_t count, float*) {
    for (std::size_t b = 0; b < blocks; ++b) read(sums, from + b * block_stride, count, true);
  }

  static void max_pool(const ts::pooling& g, const float* x, float* y, std::uint8_t* best) {
    write(value, y, of(g.out));
    if (best != nullptr) write_bytes(winner, best, of(g.out));
    read(value, x, of(g.in));
  }
  static void softmax(std::size_t pixels, std::size_t channels, bool, const float* x, float* y) {
    write(value, y, pixels * channels * lanes);
    read(value, x, pixels * channels * lanes);
  }
  static void softmax_gradient(std::size_t pixels, std::size_t channels, bool, const float* y,
                               const float* dy, float* dx) {
    write(gradient, dx, pixels * channels * lanes);
    read(gradient, dy, pixels * channels * lanes);
    read(value, y, pixels * channels * lanes);
  }
  static void single_softmax(std::size_t pixels, std::size_t channels, bool, const float* x, float* y) {
    write(value, y, pixels * channels);
    read(value, x, pixels * channels);
  }
  static void max_pool_gradient(const ts::pooling& g, const float* dy, const std::uint8_t* best,
                                float* dx) {
    write(gradient, dx, of(g.in));
    read(gradient, dy, of(g.out));
    read_bytes(winner, best, of(g.out));
  }

  // One sample. A vector may write beyond the last pixel.
  static void single_interleave(const ts::image& one, const float*, float* pixels) {
    write(value, pixels, one.size());
  }
  static void single_max_pool(const ts::pooling& g, const float* x, float* y) {
    write("what a vector leaves behind the last pixel", y, g.out.size() + ts::alignment_floats - 1);
    write(value, y, g.out.size());
    read(value, x, g.in.size());
  }
};

template <class Activation>
struct activation_kernels {
  // Forward: one value in, one out. Backward: what is known and a gradient in, a gradient out, maybe in
  // place. A product's kept result is known, or a value.
  static void apply(const float* x, float* y, std::size_t count) {
    write(value, y, count);
    read(value, x, count);
  }
  static void apply_gradient(const float* known, const float* dy, float* dx, std::size_t count) {
    read(gradient, dy, count);
    write(gradient, dx, count);
    read(written_last(known) == kept ? kept : value, known, count);
  }
  static void convolve(const ts::convolution& g, const float*, const float*, const float* x, float* y,
                       float* of_y = nullptr) {
    read(value, x, of(g.in));
    write(value, y, of(g.out));
    if (of_y != nullptr) write(kept, of_y, of(g.out));
  }
  static void convolve_and_pool(const ts::convolution& g, const ts::pooling& pool, const float*,
                                const float*, const float* x, float* window, float* y,
                                std::uint8_t* best, float* of_y = nullptr) {
    if (of_y != nullptr) write(kept, of_y, of(g.out));
    write(scratch, window, pool.kernel.size() * g.out.channels * lanes);
    write(value, y, of(pool.out));
    if (best != nullptr) write_bytes(winner, best, of(pool.out));
    read(scratch, window, pool.kernel.size() * g.out.channels * lanes);
    read(value, x, of(g.in));  // to the last pixel of y
  }
  static void convolve_data_gradient(const ts::convolution& g, const float* weights, const float* dy,
                                     const float* known, float* dx) {
    isa::convolve_data_gradient(g, weights, dy, dx);
    read(Activation::from_value ? value : kept, known, of(g.in));
  }
  // `t` and `best` are for training.
  static void winograd_convolve(const ts::convolution& g, const float*, const float*, const float* x,
                                float* t, float* room, float* y, float* of_y = nullptr) {
    write(scratch, room, scratch_floats(g.out, g.in.channels));
    if (t != nullptr) write(transposed, t, tile_floats(g.out, g.in.channels));
    write(value, y, of(g.out));
    if (of_y != nullptr) write(kept, of_y, of(g.out));
    read(value, x, of(g.in));
    read(scratch, room, scratch_floats(g.out, g.in.channels));
  }
  static void winograd_convolve_and_pool(const ts::convolution& g, const ts::pooling& pool,
                                         const float*, const float*, const float* x, float* t,
                                         float* room, float* y, std::uint8_t* best) {
    write(scratch, room, scratch_floats(g.out, g.in.channels));
    if (t != nullptr) write(transposed, t, tile_floats(g.out, g.in.channels));
    write(value, y, of(pool.out));
    if (best != nullptr) write_bytes(winner, best, of(pool.out));
    read(value, x, of(g.in));
    read(scratch, room, scratch_floats(g.out, g.in.channels));
  }
  static void winograd_data_gradient(const ts::convolution& g, const float* w, const float* dy,
                                     const float* known, float* room, float* dx) {
    isa::winograd_data_gradient(g, w, dy, room, dx);
    read(Activation::from_value ? value : kept, known, of(g.in));
  }
  static void max_pool_gradient(const ts::pooling& g, const float* known, const float* dy,
                                const std::uint8_t* best, float* dx) {
    isa::max_pool_gradient(g, dy, best, dx);
    read(Activation::from_value ? value : kept, known, of(Activation::from_value ? g.out : g.in));
  }
  static void single_planes(const ts::convolution& g, const ts::pooling& pool, const float*,
                            const float*, const float*, float* padded, float* planes, float* y) {
    write(scratch, padded, ts::planar_input_floats(g));
    write(scratch, planes, ts::planar_output_floats(g));
    read(scratch, padded, ts::planar_input_floats(g));
    write(value, y, pool.out.size());
    read(scratch, planes, ts::planar_output_floats(g));
  }
  static void single_linear(const ts::convolution& g, const float*, const float*, const float* x,
                            float* y) {
    write(value, y, g.out.size());
    read(value, x, g.in.size());
  }
  static void single_convolve(const ts::convolution& g, const float*, const float*, const float* x,
                              float* padded, float* y) {
    const std::size_t floats = ts::single_padded_floats(g);
    if (floats != 0) write(scratch, padded, floats);
    write(value, y, g.out.size());
    if (floats != 0) read(scratch, padded, floats);
    read(value, x, g.in.size());
  }
};

// What a dropout keeps is drawn before the first stage.
template <class Program>
struct around_kernels {
  using plain = activation_kernels<Program>;

  static void read_bits(const std::uint32_t* keep, std::size_t features) {
    if constexpr (ts::layers::is_masked<Program>) read_bytes(bits, keep, features * sizeof(std::uint32_t));
  }
  static void write_sums(float* of_parameters) {
    if constexpr (ts::layers::is_affine<Program>) write(sums, of_parameters, 2 * Program::pitch);
  }
  static void apply(const float* x, const float*, const std::uint32_t* keep, float* y, std::size_t pixels,
                    std::size_t channels) {
    plain::apply(x, y, pixels * channels * lanes);
    read_bits(keep, pixels * channels);
  }
  static void apply_single(const float* x, const float*, float* y, std::size_t pixels) {
    plain::apply(x, y, pixels * Program::channels);
  }
  static void gradient(const float* known, const float*, const std::uint32_t* keep, const float* dy,
                       float* dx, float* of_parameters, std::size_t pixels, std::size_t channels) {
    const std::size_t count = pixels * channels * lanes;
    read(access_log::gradient, dy, count);
    if (dx != nullptr) write(access_log::gradient, dx, count);
    write_sums(of_parameters);
    read(written_last(known) == kept ? kept : value, known, count);
    read_bits(keep, pixels * channels);
  }
  static void convolve(const ts::convolution& g, const float* weights, const float* bias, const float* x,
                       const std::uint32_t* keep, float* y, float* of_y) {
    plain::convolve(g, weights, bias, x, y, of_y);
    read_bits(keep, g.out.size());
  }
  static void convolve_and_pool(const ts::convolution& g, const ts::pooling& pool, const float* weights,
                                const float* bias, const float* x, const std::uint32_t* keep,
                                float* window, float* y, std::uint8_t* best, float* of_y) {
    plain::convolve_and_pool(g, pool, weights, bias, x, window, y, best, of_y);
    read_bits(keep, g.out.size());
  }
  static void convolve_data_gradient(const ts::convolution& g, const float* weights, const float* dy,
                                     const float* known, const std::uint32_t* keep, float* dx) {
    plain::convolve_data_gradient(g, weights, dy, known, dx);
    read_bits(keep, g.in.size());
  }
  static void winograd_convolve(const ts::convolution& g, const float* weights, const float* bias,
                                const float* x, const std::uint32_t* keep, float* t, float* room,
                                float* y, float* of_y) {
    plain::winograd_convolve(g, weights, bias, x, t, room, y, of_y);
    read_bits(keep, g.out.size());
  }
  static void winograd_data_gradient(const ts::convolution& g, const float* weights, const float* dy,
                                     const float* known, const std::uint32_t* keep, float* room,
                                     float* dx) {
    plain::winograd_data_gradient(g, weights, dy, known, room, dx);
    read_bits(keep, g.in.size());
  }
  static void max_pool_gradient(const ts::pooling& g, const float* known, const float*,
                                const std::uint32_t* keep, const float* dy, const std::uint8_t* best,
                                float* dx, float* of_parameters) {
    plain::max_pool_gradient(g, known, dy, best, dx);
    write_sums(of_parameters);
    read_bits(keep, g.in.size());
  }
};

}  // namespace access_log
