// SPDX-License-Identifier: MIT
// 64 layers with weights: what one layer more costs.
#include "train.hpp"

#define THREE | ts::linear<64> | ts::relu | ts::linear<64> | ts::relu | ts::linear<64> | ts::relu
#define TWENTY_ONE THREE THREE THREE THREE THREE THREE THREE

inline constexpr auto deep =
    ts::input<3, 32, 32> | ts::flatten TWENTY_ONE TWENTY_ONE TWENTY_ONE | ts::linear<10>;

int main() { return train(deep) > 0 ? 0 : 1; }
