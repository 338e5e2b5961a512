// SPDX-License-Identifier: MIT
// CIFAR-10 in its binary form: 50 000 training and 10 000 test images, 3 x 32 x 32 bytes, ten
// classes.
//
//   auto [train, test] = tesela::data::cifar10("data/cifar-10-batches-bin");
//
// Six files of 10 000 records of 3073 bytes: the label, then the red, green and blue plane. Kinds
// and sizes of all files are checked before memory is taken, every label and every read result
// after it; the reader hands out all or nothing.
#pragma once

#include "tesela/data/dataset.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace tesela::data {

std::vector<std::string> cifar10_class_names();

// `directory` is the folder cifar-10-batches-bin or the one that contains it. Values are normalised to
// [-1, 1]; normalization.hpp has other choices. Costs 185 MB of memory.
train_and_test cifar10(const std::filesystem::path& directory);
template <class... Given>
  requires Wrong<tesela::detail::cifar10_call<Given...>>
auto cifar10(const Given&...) {
  return sizeof(tell<mistake_in<tesela::detail::cifar10_call<Given...>>>());
}

}  // namespace tesela::data

#ifndef TESELA_COMPILED
#include "tesela/data/cifar10.ipp"
#endif
