// SPDX-License-Identifier: MIT
// Data of your own: images as bytes, measurements as floats, their normalisation, and targets.
// run:
#include <tesela/tesela.hpp>

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ts = tesela;

// Grey images of 8 x 8 pixels: a bright left half is class 0, a bright right half class 1.
ts::data::dataset halves(std::size_t count) {
  std::vector<std::uint8_t> pixels;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t p = 0; p < 64; ++p) {
      const bool right = p % 8 >= 4;
      pixels.push_back(static_cast<std::uint8_t>((right == (i % 2 == 1) ? 160 : 60) + (p * i) % 50));
    }
    labels.push_back(static_cast<std::int32_t>(i % 2));
  }
  return ts::data::dataset::from_bytes({1, 8, 8}, {"left", "right"}, std::move(pixels),
                                       std::move(labels));
}

// Points of the plane on two rings; two features of very different size.
ts::data::dataset rings(std::size_t count) {
  std::vector<float> features;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < count; ++i) {
    const float angle = 0.7f * static_cast<float>(i), radius = i % 2 == 0 ? 1.0f : 2.0f;
    features.push_back(radius * std::cos(angle));
    features.push_back(1000 * radius * std::sin(angle) + 5000);
    labels.push_back(static_cast<std::int32_t>(i % 2));
  }
  return ts::data::dataset::from_floats({2, 1, 1}, {"inner", "outer"}, std::move(features),
                                        std::move(labels));
}

// Points of the plane; targets: how far each is from the origin, and whether it is to the right of it.
ts::data::dataset points(std::size_t count) {
  std::vector<float> features, wanted;
  for (std::size_t i = 0; i < count; ++i) {
    const float angle = 0.7f * static_cast<float>(i), radius = 0.01f * static_cast<float>(i % 200);
    const float x = radius * std::cos(angle), y = radius * std::sin(angle);
    features.insert(features.end(), {x, y});
    wanted.insert(wanted.end(), {radius, x > 0 ? 1.0f : 0.0f});
  }
  return ts::data::dataset::from_floats({2, 1, 1}, std::move(features),
                                        {{"distance", "right"}, std::move(wanted)});
}

inline constexpr auto image_network = ts::input<1, 8, 8>
    | ts::conv2d<4, 3> | ts::relu | ts::max_pool2d<2> | ts::flatten | ts::linear<2>;

inline constexpr auto feature_network = ts::input<2>
    | ts::linear<16> | ts::relu | ts::linear<16> | ts::relu | ts::linear<2>;

inline constexpr auto target_network = ts::input<2> | ts::linear<32> | ts::gelu | ts::linear<2>;

int main() {
  const auto images = ts::data::normalize_minus_one_to_one(halves(400));
  const auto [train, test] = ts::data::split(images, 0.8, ts::seed{1});
  ts::model model{image_network, ts::init::he_normal, ts::seed{2}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{.learning_rate = 1e-2f}};
  trainer.fit(train, {.epochs = 5, .batch = 32});
  fmt::print("images: {:.0f} % right\n", 100 * trainer.evaluate(test).accuracy);

  auto [known, unknown] = ts::data::split(rings(1000), 0.8, ts::seed{3});
  const auto normalize = ts::data::z_score::fit(known);  // of the training set alone
  known = normalize(known);
  unknown = normalize(unknown);
  ts::model plane{feature_network, ts::init::he_normal, ts::seed{4}};
  ts::trainer teacher{plane, ts::cross_entropy, ts::adam{.learning_rate = 1e-2f}};
  teacher.fit(known, {.epochs = 40, .batch = 32});
  fmt::print("rings: {:.0f} % right\n", 100 * teacher.evaluate(unknown).accuracy);

  const auto [some, others] = ts::data::split(points(1000), 0.8, ts::seed{5});
  ts::model compass{target_network, ts::init::he_normal, ts::seed{6}};
  ts::trainer fitter{compass, ts::mse, ts::adam{.learning_rate = 1e-2f}};
  fitter.fit(some, {.epochs = 60, .batch = 32});
  fmt::print("points: mean squared error {:.4f}\n", fitter.evaluate(others).loss);

  const bool learned = trainer.evaluate(test).accuracy > 0.95 &&
                       teacher.evaluate(unknown).accuracy > 0.95 &&
                       fitter.evaluate(others).loss < 0.05;
  return learned ? 0 : 1;
}
