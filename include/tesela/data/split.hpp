// SPDX-License-Identifier: MIT
// Random choices about whole sets: the split into two parts and the order of an epoch.
//
// Both depend on the seed (and the epoch) alone, never on what was drawn before: a run that is
// resumed at epoch 7 sees the order that an uninterrupted run sees there.
#pragma once

#include "tesela/core/seed.hpp"
#include "tesela/data/dataset.hpp"
#include "tesela/data/misuse.hpp"

#include <concepts>
#include <cstdint>
#include <span>
#include <vector>

namespace tesela::data {

struct two_parts {
  dataset first, second;

  using no_dataset = void;
  template <std::same_as<dataset> One>
  operator One() const {
    return (void)sizeof(tell<mistake_in<tesela::detail::one_of_two_parts<One>>>()), first;
  }
};

// round(fraction * size) random samples in `first`, the others in `second`, each part in the order
// of `whole`. Samples are drawn without regard to class.
//
//   auto [fit, validation] = split(train, 0.9, seed{7});
two_parts split(const dataset& whole, double fraction, seed from);
template <class... Given>
  requires Wrong<tesela::detail::split_call<Given...>>
auto split(const Given&...) {
  return sizeof(tell<mistake_in<tesela::detail::split_call<Given...>>>());
}

template <class Samples, std::same_as<tesela::detail::any_parts> Parts = tesela::detail::any_parts>
auto split(const Samples&, const Parts&, seed) {
  return sizeof(tell<mistake_in<tesela::detail::split_by_parts<Samples>>>());
}

// Shuffles what stands in `order`, by the random numbers of this epoch.
void shuffle_epoch(std::span<std::uint32_t> order, seed from, std::uint64_t epoch);

// Fills `order` with the storage indices of `samples` in the order of this epoch; what stood there
// before does not matter. It allocates only where the capacity does not suffice: never after the
// first epoch of a run.
void epoch_order(const dataset& samples, seed from, std::uint64_t epoch,
                 std::vector<std::uint32_t>& order);

}  // namespace tesela::data

#ifndef TESELA_COMPILED
#include "tesela/data/split.ipp"
#endif
