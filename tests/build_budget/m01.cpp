// SPDX-License-Identifier: MIT
// A small network of linear layers.
#include "train.hpp"

inline constexpr auto m01 = ts::input<3, 32, 32> | ts::flatten | ts::linear<120> | ts::relu |
                            ts::linear<84> | ts::relu | ts::linear<10>;

int main() { return train(m01) > 0 ? 0 : 1; }
