// SPDX-License-Identifier: MIT
// Four networks in one file, as a comparison of sizes has them: what the second, third and fourth
// add.
#include "train.hpp"

inline constexpr auto m01 = ts::input<3, 32, 32> | ts::flatten | ts::linear<120> | ts::relu |
                            ts::linear<84> | ts::relu | ts::linear<10>;

inline constexpr auto m02 = ts::input<3, 32, 32> | ts::flatten | ts::linear<120> | ts::relu |
                            ts::linear<120> | ts::relu | ts::linear<84> | ts::relu | ts::linear<10>;

inline constexpr auto m03 = ts::input<3, 32, 32> | ts::flatten | ts::linear<240> | ts::relu |
                            ts::linear<84> | ts::relu | ts::linear<10>;

inline constexpr auto m04 = ts::input<3, 32, 32> | ts::flatten | ts::linear<480> | ts::relu |
                            ts::linear<240> | ts::relu | ts::linear<120> | ts::relu |
                            ts::linear<10>;

int main() { return train(m01) + train(m02) + train(m03) + train(m04) > 0 ? 0 : 1; }
