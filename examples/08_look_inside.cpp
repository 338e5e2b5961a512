// SPDX-License-Identifier: MIT
// What a network costs and how it runs, known before anything is trained (docs/look_inside.md).
// run:
#include <tesela/tesela.hpp>

#include <fmt/format.h>

namespace ts = tesela;

inline constexpr auto cnn = ts::input<3, 32, 32>
    | ts::conv2d<6, 5>  | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<16, 5> | ts::relu | ts::max_pool2d<2>
    | ts::flatten
    | ts::linear<120>   | ts::relu
    | ts::linear<80>    | ts::relu
    | ts::linear<10>;

// All of it is constant: what must not change is asserted, and a change that breaks it does not compile.
static_assert(cnn.parameter_count == 61'482 && cnn.macs == 651'200);
static_assert(ts::memory_plan<cnn, ts::training, ts::batch<64>>.bytes < 16 * 1024 * 1024);
static_assert(ts::explain(cnn).forward_writes(0) == 1);

int main() {
  fmt::print("{}\n", ts::summary(cnn));
  fmt::print("{}\n", ts::explain(cnn));
  fmt::print("training in batches of 64 takes {} KB, one image {} KB\n",
             ts::memory_plan<cnn, ts::training, ts::batch<64>>.bytes / 1024,
             ts::memory_plan<cnn, ts::inference, ts::batch<1>>.bytes / 1024);
}
