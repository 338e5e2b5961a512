// SPDX-License-Identifier: MIT
// The networks of the benchmarks, and random samples for them.
#pragma once

#include "tesela/data/dataset.hpp"
#include "tesela/kernel/random.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/feature_order.hpp"
#include "tesela/network/network.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace ts = tesela;

inline constexpr auto mlp = ts::input<3, 32, 32> | ts::flatten
    | ts::linear<120> | ts::relu
    | ts::linear<84>  | ts::relu
    | ts::linear<10>;

inline constexpr auto cnn = ts::input<3, 32, 32>
    | ts::conv2d<6, 5>  | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<16, 5> | ts::relu | ts::max_pool2d<2>
    | ts::flatten
    | ts::linear<120> | ts::relu
    | ts::linear<80>  | ts::relu
    | ts::linear<10>;

inline constexpr auto vgg11 = ts::input<3, 32, 32>
    | ts::conv2d<64, 3, ts::padding<1>>  | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<128, 3, ts::padding<1>> | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<256, 3, ts::padding<1>> | ts::relu
    | ts::conv2d<256, 3, ts::padding<1>> | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<512, 3, ts::padding<1>> | ts::relu
    | ts::conv2d<512, 3, ts::padding<1>> | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<512, 3, ts::padding<1>> | ts::relu
    | ts::conv2d<512, 3, ts::padding<1>> | ts::relu | ts::max_pool2d<2>
    | ts::flatten
    | ts::linear<512> | ts::relu
    | ts::linear<512> | ts::relu
    | ts::linear<10>;

// Two coordinates, two classes.
inline constexpr auto checker = ts::input<2>
    | ts::linear<256> | ts::relu
    | ts::linear<256> | ts::relu
    | ts::linear<256> | ts::relu
    | ts::linear<256> | ts::relu
    | ts::linear<2>;

inline std::vector<float> random_floats(std::size_t count, std::uint32_t stream, float size = 1) {
  const ts::random_stream random{ts::seed{20}, ts::purpose::user, stream};
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = size * (2 * random.uniform(i) - 1);
  return values;
}

template <class Net>
std::array<std::size_t, 3> extents_of(Net) {
  constexpr ts::image in = ts::detail::image_of(Net::input);
  return {in.channels, in.height, in.width};
}

inline std::vector<std::int32_t> labels_for(std::size_t samples, std::size_t classes) {
  std::vector<std::int32_t> labels(samples);
  for (std::size_t i = 0; i < samples; ++i) labels[i] = static_cast<std::int32_t>(i * 7 % classes);
  return labels;
}

template <class Net>
ts::data::dataset random_samples(Net net, std::size_t samples) {
  return ts::data::dataset::from_floats(
      extents_of(net), std::vector<std::string>(Net::output.size, "class"),
      random_floats(samples * Net::input.size, 1), labels_for(samples, Net::output.size));
}

// Bytes, normalised to [-1, 1] on the way in.
template <class Net>
ts::data::dataset random_images(Net net, std::size_t samples) {
  const std::vector<float> values = random_floats(samples * Net::input.size, 2);
  std::vector<std::uint8_t> bytes(values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    bytes[i] = static_cast<std::uint8_t>(127.5f + 127.5f * values[i]);
  }
  const std::size_t channels = extents_of(net)[0];
  return ts::data::dataset::from_bytes(extents_of(net),
                                       std::vector<std::string>(Net::output.size, "class"),
                                       std::move(bytes), labels_for(samples, Net::output.size))
      .normalized(std::vector<float>(channels, 2.0f / 255), std::vector<float>(channels, -1.0f));
}

}  // namespace bench
