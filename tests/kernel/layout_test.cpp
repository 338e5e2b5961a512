// SPDX-License-Identifier: MIT
// Samples laid out as blocks on every instruction set: bytes and floats, few and many, far away.
#include "geometries.hpp"
#include "guarded.hpp"
#include "targets.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#endif

namespace {

using namespace tesela;
using namespace tesela::test;

BOOST_AUTO_TEST_SUITE(layout_kernels)

template <class Stored>
void check_load(element type, const image& of, std::size_t count) {
  constexpr std::size_t stored_samples = 41;
  // Exactly as many bytes as there are samples: canaries stand behind them.
  guarded<Stored> stored(stored_samples * of.size(), 1);
  const random_stream random{seed{3}, 1};
  for (std::size_t i = 0; i < stored.values().size(); ++i) {
    stored[i] = static_cast<Stored>(random.below(i, 256));
  }
  std::vector<float> scale(of.channels), shift(of.channels);
  for (std::size_t c = 0; c < of.channels; ++c) {
    scale[c] = 0.125f * static_cast<float>(c + 1);  // exact, with or without a fused multiply-add
    shift[c] = -3.5f * static_cast<float>(c % 5);
  }
  const sample_source source{stored.data(), type,         of.channels, of.pixels(),
                             scale.data(),  shift.data(), nullptr};
  // No order, the last sample, and one twice.
  std::vector<std::uint32_t> indices(count);
  for (std::size_t i = 0; i < count; ++i) indices[i] = static_cast<std::uint32_t>((40 + 17 * i) % 41);
  if (count > 2) indices[2] = indices[0];
  const guarded<std::uint32_t> chosen(indices);

  std::vector<float> expected(of.size() * block_lanes);
  for (std::size_t lane = 0; lane < block_lanes; ++lane) {
    const std::size_t sample = indices[lane < count ? lane : 0];
    for (std::size_t c = 0; c < of.channels; ++c) {
      for (std::size_t y = 0; y < of.height; ++y) {
        for (std::size_t x = 0; x < of.width; ++x) {
          const Stored value = stored[sample * of.size() + (c * of.height + y) * of.width + x];
          expected[in_block(of, c, y, x, lane)] = static_cast<float>(value) * scale[c] + shift[c];
        }
      }
    }
  }
  for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
    guarded<float> block(expected.size());
    k.load_block(source, chosen.data(), count, block.data());
    check_equal(block.values(), expected, "block");
    BOOST_TEST(block.intact());
  }
}

BOOST_AUTO_TEST_CASE(bytes_and_floats_are_scaled_and_transposed) {
  const image images[] = {{1, 1, 1},  {3, 1, 1},   {2, 2, 2},  {3, 5, 3},   {1, 7, 1},   {2, 3, 11},
                          {3, 8, 8},  {5, 1, 17},  {1, 9, 7},  {67, 1, 1},  {130, 1, 1}, {2, 13, 10}};
  for (const image& of : images) {
    for (const std::size_t count : {1u, 2u, 3u, 5u, 31u, 32u}) {
      BOOST_TEST_CONTEXT(of << ", samples " << count) {
        check_load<std::uint8_t>(element::u8, of, count);
        check_load<float>(element::f32, of, count);
      }
    }
  }
}

#if __has_include(<sys/mman.h>)
BOOST_AUTO_TEST_CASE(samples_beyond_four_gigabytes_are_found) {
  // Address space alone: pages nobody touches cost nothing.
  constexpr std::size_t bytes = std::size_t{5} << 30, features = 48;
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                      -1, 0);
  if (memory == MAP_FAILED) {
    BOOST_TEST_MESSAGE("skipped: no 5 GB of address space");
    return;
  }
  constexpr std::uint32_t last = bytes / features - 1;
  auto* values = static_cast<std::uint8_t*>(memory);
  for (std::size_t i = 0; i < features; ++i) {
    values[i] = 1;
    values[std::size_t{last} * features + i] = static_cast<std::uint8_t>(100 + i);
  }
  const float scale[] = {1, 1, 1}, shift[] = {0, 0, 0};
  const sample_source source{values, element::u8, 3, 16, scale, shift, nullptr};
  const std::uint32_t indices[] = {last, 0, last - 1};
  for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) {
    guarded<float> block(features * block_lanes);
    k.load_block(source, indices, 3, block.data());
    bool right = true;
    for (std::size_t i = 0; i < features; ++i) {
      const std::size_t at = (i % 16 * 3 + i / 16) * block_lanes;
      right = right && block[at] == static_cast<float>(100 + i) && block[at + 1] == 1.0f &&
              block[at + 2] == 0.0f && block[at + 3] == block[at];
    }
    BOOST_TEST(right);
  }
  munmap(memory, bytes);
}
#endif

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
