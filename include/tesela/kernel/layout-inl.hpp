// SPDX-License-Identifier: MIT
// Laying out data: samples into blocks, and blocks with the sample outside for the weight gradient.
#if defined(TESELA_KERNEL_LAYOUT_INL_HPP) == defined(HWY_TARGET_TOGGLE)
#ifdef TESELA_KERNEL_LAYOUT_INL_HPP
#undef TESELA_KERNEL_LAYOUT_INL_HPP
#else
#define TESELA_KERNEL_LAYOUT_INL_HPP
#endif

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>

#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/simd-inl.hpp"
#include "tesela/tensor/samples.hpp"

HWY_BEFORE_NAMESPACE();
namespace tesela::HWY_NAMESPACE {

// block[pixel][channel][lane] = scale * stored + shift of sample indices[lane]; lanes from `count` on
// repeat sample 0, so that they hold finite numbers. `count` is 1 to block_lanes.
//
// A gather fetches the same four bytes (four neighbouring pixels) of as many samples as a vector has
// lanes; shifts take the bytes apart. Behind the last sample up to 3 bytes are read: datasets keep 64
// spare bytes there.
inline HWY_ATTR void LoadBlock(const sample_source& source, const std::uint32_t* indices,
                               std::size_t count, float* block) {
  const D d;
  const hn::RebindToSigned<D> di;
  const std::size_t features = source.features(), bytes_each = source.type == element::u8 ? 1 : 4;
  const auto* base = static_cast<const std::uint8_t*>(source.values);

  std::uint64_t first = std::numeric_limits<std::uint64_t>::max(), last = 0;
  std::uint64_t start[block_lanes];
  for (std::size_t lane = 0; lane < block_lanes; ++lane) {
    start[lane] = std::uint64_t{indices[lane < count ? lane : 0]} * features * bytes_each;
    first = start[lane] < first ? start[lane] : first;
    last = start[lane] > last ? start[lane] : last;
  }

  const auto value_of = [&](std::size_t lane, std::size_t feature) {
    const std::uint8_t* at = base + start[lane] + feature * bytes_each;
    if (source.type == element::u8) return static_cast<float>(*at);
    float value;
    std::memcpy(&value, at, sizeof value);
    return value;
  };
  // Gathers take 32-bit offsets: samples of one block that lie 2 GB apart are read one by one.
  if (last - first + features * bytes_each > std::numeric_limits<std::int32_t>::max()) {
    for (std::size_t c = 0; c < source.channels; ++c) {
      for (std::size_t p = 0; p < source.pixels; ++p) {
        for (std::size_t lane = 0; lane < block_lanes; ++lane) {
          block[(p * source.channels + c) * block_lanes + lane] =
              value_of(lane, c * source.pixels + p) * source.scale[c] + source.shift[c];
        }
      }
    }
    return;
  }

  HWY_ALIGN std::int32_t offsets[block_lanes];
  for (std::size_t lane = 0; lane < block_lanes; ++lane) {
    offsets[lane] = static_cast<std::int32_t>(start[lane] - first);
  }
  const std::size_t together = source.type == element::u8 ? 4 : 1;  // pixels of a 4-byte word
  for (std::size_t c = 0; c < source.channels; ++c) {
    const V scale = hn::Set(d, source.scale[c]), shift = hn::Set(d, source.shift[c]);
    for (std::size_t p = 0; p < source.pixels; p += together) {
      const auto* words = reinterpret_cast<const std::int32_t*>(
          base + first + (c * source.pixels + p) * bytes_each);
      float* out = block + (p * source.channels + c) * block_lanes;
      const std::size_t here = source.pixels - p < together ? source.pixels - p : together;
      for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
        auto word = hn::GatherOffset(di, words, hn::Load(di, offsets + lane));
        if (source.type == element::f32) {
          hn::StoreU(hn::MulAdd(hn::BitCast(d, word), scale, shift), d, out + lane);
          continue;
        }
        for (std::size_t j = 0; j < here; ++j) {
          const V value = hn::ConvertTo(d, hn::And(word, hn::Set(di, 0xFF)));
          hn::StoreU(hn::MulAdd(value, scale, shift), d,
                     out + j * source.channels * block_lanes + lane);
          word = hn::ShiftRight<8>(word);
        }
      }
    }
  }
}

// out[column][row] = in[row][column] for `rows` rows of block_lanes columns; rows of `out` lie
// `out_stride` floats apart. Four rows are interleaved at a time, which leaves columns of four
// neighbours that are moved as one.
inline HWY_ATTR void TransposeLanes(const float* in, std::size_t rows, float* out,
                                    std::size_t out_stride) {
  const D d;
  HWY_ALIGN float columns[4 * kLanes];
  std::size_t row = 0;
  for (; row + 4 <= rows; row += 4) {
    const float* from = in + row * block_lanes;
    for (std::size_t lane = 0; lane < block_lanes; lane += kLanes) {
      hn::StoreInterleaved4(hn::LoadU(d, from + lane), hn::LoadU(d, from + block_lanes + lane),
                            hn::LoadU(d, from + 2 * block_lanes + lane),
                            hn::LoadU(d, from + 3 * block_lanes + lane), d, columns);
      for (std::size_t i = 0; i < kLanes; ++i) {
        std::memcpy(out + (lane + i) * out_stride + row, columns + 4 * i, 4 * sizeof(float));
      }
    }
  }
  for (std::size_t rest = rows % 4; rest != 0; --rest, ++row) {
    for (std::size_t lane = 0; lane < block_lanes; ++lane) {
      out[lane * out_stride + row] = in[row * block_lanes + lane];
    }
  }
}

// The input of a convolution with the sample outside: [height][lane][padded column][channel].
inline HWY_ATTR void TransposeRows(const convolution& g, const float* x, float* x_transposed) {
  const std::size_t row = g.in.width * g.in.channels, padding = g.padding * g.in.channels;
  for (std::size_t y = 0; y < g.in.height; ++y) {
    float* line = x_transposed + y * g.transposed_row() * block_lanes;
    TransposeLanes(x + y * row * block_lanes, row, line + padding, g.transposed_row());
    for (std::size_t lane = 0; padding != 0 && lane < block_lanes; ++lane) {
      float* at = line + lane * g.transposed_row();
      std::fill(at, at + padding, 0.0f);
      std::fill(at + padding + row, at + 2 * padding + row, 0.0f);
    }
  }
}

}  // namespace tesela::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // toggled guard
