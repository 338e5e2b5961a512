// SPDX-License-Identifier: MIT
// The memory of a network as constants: what it is made of, and that no two living buffers meet.
#include "tesela/network/memory_plan.hpp"

#include "networks.hpp"

#include <array>
#include <cstddef>
#include <cstdint>

using namespace tesela;
using namespace networks;

// The promise of the first page.
static_assert(memory_plan<m07, training, batch<64>>.bytes < 16 * 1024 * 1024);

template <auto Net>
constexpr bool parameters_are_all_there_and_little_else() {
  constexpr std::size_t bytes = memory_plan<Net, inference, batch<1>>.parameters;
  constexpr std::size_t needed = Net.parameter_count * sizeof(float);
  // Tensors begin at cache lines, and rows of a multiple of 512 bytes are 64 bytes longer.
  return bytes >= needed && bytes < needed + needed / 20 + 1024;
}
static_assert(parameters_are_all_there_and_little_else<m01>());
static_assert(parameters_are_all_there_and_little_else<m07>());
static_assert(parameters_are_all_there_and_little_else<m08>());

template <auto Net, auto Mode, auto Batch>
constexpr bool adds_up() {
  constexpr memory_report m = memory_plan<Net, Mode, Batch>;
  return m.bytes == m.parameters + m.gradients + m.optimizer + m.workspace + m.single +
                        m.results;
}
static_assert(adds_up<m07, training, batch<64>>() && adds_up<m07, inference, batch<1>>());
static_assert(adds_up<m08, training, batch<64>>());

// Training keeps gradients, the optimiser's state and the activations; inference none of them.
constexpr memory_report trained = memory_plan<m07, training, batch<64>>;
constexpr memory_report used = memory_plan<m07, inference, batch<64>>;
static_assert(trained.parameters == used.parameters);
static_assert(trained.gradients == trained.parameters && used.gradients == 0);
static_assert(trained.optimizer == 2 * trained.parameters && used.optimizer == 0);
static_assert(trained.workspace > 2 * used.workspace);
static_assert(memory_plan<m07, training_mode{1}, batch<64>>.optimizer == trained.parameters);
static_assert(memory_plan<m07, training_mode{0}, batch<64>>.optimizer == 0);

// Inference: two neighbouring activations and a pooling's window live at a time, not all of them.
// The largest pair of m07 is 3x32x32 and 6x14x14; of 32 samples, with 4 pixels of window.
static_assert(used.workspace / 2 >= (3 * 32 * 32 + 6 * 14 * 14) * 32 * sizeof(float));
static_assert(used.workspace / 2 <= (3 * 32 * 32 + 6 * 14 * 14 + 4 * 6 + 2) * 32 * sizeof(float));

// Whoever asks for one sample pays for one; training returns nothing and takes no sample alone.
constexpr memory_report alone = memory_plan<m07, inference, batch<1>>;
static_assert(alone.workspace == 0 && alone.single == used.single && alone.single > 0);
static_assert(alone.results == 10 * sizeof(float) && used.results == 64 * alone.results);
static_assert(trained.single == 0 && trained.results == 0);

// Memory grows by blocks of 32 samples.
static_assert(memory_plan<m07, training, batch<1>>.bytes ==
              memory_plan<m07, training, batch<32>>.bytes);
static_assert(memory_plan<m07, training, batch<33>>.workspace ==
              2 * memory_plan<m07, training, batch<32>>.workspace);
static_assert(memory_plan<m07, training, batch<33>>.parameters == trained.parameters);

// Winograd's scratch is part of the workspace where the algorithm is used, and `direct` avoids it.
inline constexpr auto fast = input<32, 8, 8> | conv2d<32, 3, padding<1>> | flatten | linear<10>;
inline constexpr auto plain =
    input<32, 8, 8> | conv2d<32, 3, padding<1>, direct> | flatten | linear<10>;
static_assert(memory_plan<fast, training, batch<32>>.workspace >
              memory_plan<plain, training, batch<32>>.workspace);
static_assert(memory_plan<fast, inference, batch<32>>.workspace >
              memory_plan<plain, inference, batch<32>>.workspace);
static_assert(memory_plan<fast, inference, batch<1>>.bytes ==
              memory_plan<plain, inference, batch<1>>.bytes);

// place(): every arrangement of a few buffers with small sizes and lives, in order of birth. Living
// buffers never overlap, nothing reaches beyond `used`, and what can share a place does.
constexpr bool living_buffers_never_overlap(std::uint32_t random) {
  constexpr std::size_t n = 4, line = alignment_floats;
  const auto next = [&](std::size_t below) {
    random = random * 1664525u + 1013904223u;
    return (random >> 16) % below;
  };
  for (int round = 0; round < 400; ++round) {
    std::array<detail::buffer, n> buffers{};
    std::array<detail::buffer*, n> order{};
    std::size_t birth = 0, total = 0;
    for (std::size_t i = 0; i < n; ++i) {
      birth += next(2);
      buffers[i] = {1 + next(3 * line), birth, birth + next(3)};
      total += round_up(buffers[i].floats, line);
      order[i] = &buffers[i];
    }
    const std::size_t room = detail::place(order, n);
    if (room > total) return false;
    for (std::size_t i = 0; i < n; ++i) {
      const detail::buffer& a = buffers[i];
      if (a.offset % line != 0 || a.floats % line != 0 || a.offset + a.floats > room) return false;
      for (std::size_t k = 0; k < i; ++k) {
        const detail::buffer& b = buffers[k];
        const bool meet = a.birth <= b.death && b.birth <= a.death;
        const bool overlap = a.offset < b.offset + b.floats && b.offset < a.offset + a.floats;
        if (meet && overlap) return false;
      }
    }
  }
  return true;
}
// In parts, each within what Clang computes for one constant.
static_assert(living_buffers_never_overlap(1) && living_buffers_never_overlap(2));
static_assert(living_buffers_never_overlap(3) && living_buffers_never_overlap(4));
static_assert(living_buffers_never_overlap(5));

constexpr bool a_place_is_used_again() {
  std::array<detail::buffer, 3> buffers{{{32, 0, 1}, {32, 1, 2}, {32, 2, 3}}};
  std::array<detail::buffer*, 3> order{&buffers[0], &buffers[1], &buffers[2]};
  return detail::place(order, 3) == 64 && buffers[0].offset == 0 && buffers[1].offset == 32 &&
         buffers[2].offset == 0;
}
static_assert(a_place_is_used_again());
