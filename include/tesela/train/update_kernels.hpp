// SPDX-License-Identifier: MIT
// What an optimiser and the terms behind it do to a range of parameters, whatever the network.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/kernel/compiled.hpp"
#include "tesela/optim/optimizer.hpp"
#include "tesela/optim/update.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>

namespace tesela {

// The numbers in the programs of one step.
using update_numbers = std::array<float, 256>;

template <class Isa, class Rule, class... Terms>
struct update_kernels {
  static_assert(HasKernels<update_kernels>,
                "tesela: libtesela has no kernels of this optimizer and what follows it: write "
                "#include <tesela/own.hpp> in this file, and they are compiled here");

  static constexpr std::size_t slots = detail::slots_of<Rule>();
  static constexpr std::size_t operands =
      2 + slots + (detail::asks_noise<Rule> ? 1 : 0);  // gradient, parameter, slots, noise

  // Without `remembers` the rule works with zeros in its slots (optim/optimizer.hpp).
  static update_numbers numbers_of(parameter_kind kind, bool remembers, const Rule& rule,
                                   std::uint64_t step, float scale,
                                   const std::tuple<Terms...>& terms);
  // Parameters and, where it remembers, slots anew; outputs may be inputs.
  static void run(parameter_kind kind, bool remembers, const update_numbers& numbers,
                  const float* const (&inputs)[operands], float* const (&outputs)[1 + slots],
                  std::size_t count);
};

}  // namespace tesela

#ifdef TESELA_COMPILED
#include "tesela/train/compiled_updates.hpp"
#else
#include "tesela/train/update_kernels.ipp"
#endif
