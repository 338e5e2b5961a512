// SPDX-License-Identifier: MIT
// Definitions of shapes.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/core/seed.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/data/dataset.hpp"
#include "tesela/data/normalization.hpp"
#include "tesela/data/shapes.hpp"
#include "tesela/kernel/random.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numbers>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace tesela::data {

TESELA_INLINE std::vector<std::string> shapes_class_names() {
  return {"circle", "square", "triangle", "cross",        "ring",
          "star",   "bars",   "slashes",  "checkerboard", "crescent"};
}

namespace detail {

inline constexpr std::size_t shapes_side = 32;
inline constexpr std::size_t shapes_image = 3 * shapes_side * shapes_side;

struct point {
  double x = 0, y = 0;
};

using colour = std::array<double, 3>;

// Numbers in the order of the questions; one stream an image.
class dice {
 public:
  explicit dice(random_stream stream) : stream_(stream) {}
  // Not inline: asked three dozen times for an image, and Philox is long.
  [[gnu::noinline]] double between(double low, double high) {
    return low + (high - low) * stream_.uniform(next_++);
  }
  int below(int n) { return static_cast<int>(between(0, n)); }
  colour any_colour() {
    const double red = between(0, 255), green = between(0, 255), blue = between(0, 255);
    return {red, green, blue};
  }

 private:
  random_stream stream_;
  std::uint64_t next_ = 0;
};

inline double brightness(const colour& c) { return 0.299 * c[0] + 0.587 * c[1] + 0.114 * c[2]; }

// Signed distances, negative inside, for shapes of radius about 1 around the origin.
inline double to_disc(point p, double radius) { return std::sqrt(p.x * p.x + p.y * p.y) - radius; }

inline double to_box(point p, double half_width, double half_height) {
  return std::max(std::abs(p.x) - half_width, std::abs(p.y) - half_height);
}

inline double to_segment(point p, point a, point b) {
  const point along{b.x - a.x, b.y - a.y}, from{p.x - a.x, p.y - a.y};
  const double t = std::clamp(
      (from.x * along.x + from.y * along.y) / (along.x * along.x + along.y * along.y), 0.0, 1.0);
  return to_disc({from.x - t * along.x, from.y - t * along.y}, 0);
}

// Corners in order; inside by the parity of crossings of the ray to the right.
inline double to_polygon(point p, std::span<const point> corners) {
  double distance = std::numeric_limits<double>::max();
  bool inside = false;
  for (std::size_t i = 0, j = corners.size() - 1; i < corners.size(); j = i++) {
    const point a = corners[i], b = corners[j];
    distance = std::min(distance, to_segment(p, a, b));
    if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y)) {
      inside = !inside;
    }
  }
  return inside ? -distance : distance;
}

// `spikes` corners at radius `outer`, alternating with as many at `inner`.
template <std::size_t Spikes>
std::array<point, 2 * Spikes> star_corners(double outer, double inner) {
  std::array<point, 2 * Spikes> corners;
  for (std::size_t i = 0; i < corners.size(); ++i) {
    const double angle = std::numbers::pi * static_cast<double>(i) / static_cast<double>(Spikes);
    const double radius = i % 2 == 0 ? outer : inner;
    corners[i] = {radius * std::sin(angle), -radius * std::cos(angle)};
  }
  return corners;
}

// Distance to the nearest multiple of `step`.
inline double to_grid(double x, double step) { return std::abs(x - step * std::round(x / step)); }

inline double to_shape(int kind, point p) {
  static const auto triangle = star_corners<3>(1.15, 0.575);
  static const auto star = star_corners<5>(1.15, 0.45);
  switch (kind) {
    case 0:
      return to_disc(p, 0.9);
    case 1:
      return to_box(p, 0.8, 0.8);
    case 2:
      return to_polygon(p, triangle);
    case 3:
      return std::min(to_box(p, 1.0, 0.28), to_box(p, 0.28, 1.0));
    case 4:
      return std::abs(to_disc(p, 0.72)) - 0.2;
    case 5:
      return to_polygon(p, star);
    case 6:
    case 7:
      return std::max(to_disc(p, 1.0), to_grid(p.y, 0.66) - 0.165);
    case 8: {
      const double edge = std::min(to_grid(p.x, 0.5), to_grid(p.y, 0.5));
      const auto cell = static_cast<int>(std::floor(2 * p.x) + std::floor(2 * p.y));
      return std::max(to_box(p, 1.0, 1.0), cell % 2 == 0 ? -edge : edge);
    }
    default:
      return std::max(to_disc(p, 0.95), -to_disc({p.x - 0.5, p.y}, 0.75));
  }
}

// The turn of a shape: any, but bars stay level and slashes oblique, each up to 12 degrees.
inline double turn_of(int kind, dice& draw) {
  constexpr double pi = std::numbers::pi;
  const double tilt = draw.between(-pi / 15, pi / 15);
  const double free = draw.between(0, 2 * pi);
  if (kind == 6) return tilt;
  if (kind == 7) return tilt + (free < pi ? pi / 4 : 3 * pi / 4);
  return free;
}

// How much of the pixel lies inside, for a distance in pixels.
inline double coverage(double distance) { return std::clamp(0.5 - distance, 0.0, 1.0); }

class picture {
 public:
  void shade(const colour& from, const colour& to, double direction) {
    const double dx = std::cos(direction) / 45, dy = std::sin(direction) / 45;  // 45: the diagonal
    each_pixel([&](point p) { return 0.5 + (p.x - 16) * dx + (p.y - 16) * dy; }, from, &to);
  }

  template <class Distance>
  void paint(const colour& c, Distance distance) {
    each_pixel([&](point p) { return coverage(distance(p)); }, c, nullptr);
  }

  // Not inline: g++ would compute eight of them at once and make 20 KB of code of the loop below.
  [[gnu::noinline]] static std::array<std::uint32_t, 4> noise_of(random_stream noise, std::size_t i) {
    return noise.block(static_cast<std::uint32_t>(i / 8));
  }

  // Adds noise of a triangular density on [-strength, strength] and rounds to bytes.
  void finish(random_stream noise, double strength, std::uint8_t* into) const {
    for (std::size_t i = 0; i < shapes_image; i += 8) {
      const auto words = noise_of(noise, i);
      for (std::size_t k = 0; k < 8; ++k) {
        const std::uint32_t half = words[k / 2] >> (16 * (k % 2)) & 0xffffU;
        const double sum = static_cast<double>((half & 0xffU) + (half >> 8));
        const double value = values_[i + k] + strength * (sum - 255) / 255;
        into[i + k] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0) + 0.5);
      }
    }
  }

 private:
  // value = weight * to + (1 - weight) * from; without `to`, `from` is blended over what is there.
  template <class Weight>
  void each_pixel(Weight weight, const colour& from, const colour* to) {
    for (std::size_t y = 0; y < shapes_side; ++y) {
      for (std::size_t x = 0; x < shapes_side; ++x) {
        const double w = weight(point{static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5});
        if (to == nullptr && w == 0) continue;
        for (std::size_t c = 0; c < 3; ++c) {
          double& value = values_[(c * shapes_side + y) * shapes_side + x];
          value =
              to != nullptr ? from[c] + w * ((*to)[c] - from[c]) : value + w * (from[c] - value);
        }
      }
    }
  }

  std::array<double, shapes_image> values_{};
};

inline void draw_shape(int kind, dice draw, random_stream noise, std::uint8_t* into) {
  constexpr double pi = std::numbers::pi;
  picture image;

  const colour ground = draw.any_colour();
  colour end = ground;
  for (double& c : end) c = std::clamp(c + draw.between(-60, 60), 0.0, 255.0);
  image.shade(ground, end, draw.between(0, 2 * pi));

  const int distractors = 2 + draw.below(4);
  for (int i = 0; i < distractors; ++i) {
    const colour c = draw.any_colour();
    const point a{draw.between(0, 32), draw.between(0, 32)};
    const double length = draw.between(0.5, 9), direction = draw.between(0, 2 * pi);
    const point b{a.x + length * std::cos(direction), a.y + length * std::sin(direction)};
    const double thickness = draw.between(0.6, 1.4);
    image.paint(c, [&](point p) { return to_segment(p, a, b) - thickness; });
  }

  // The shape stands out in brightness, lighter or darker by chance.
  colour own = draw.any_colour();
  const double least_contrast = 45;
  while (std::abs(brightness(own) - brightness(ground)) < least_contrast ||
         std::abs(brightness(own) - brightness(end)) < least_contrast) {
    own = draw.any_colour();
  }
  const double radius = draw.between(6, 11.5);
  const point centre{draw.between(radius, 32 - radius), draw.between(radius, 32 - radius)};
  const double turn = turn_of(kind, draw), cosine = std::cos(turn), sine = std::sin(turn);
  image.paint(own, [&](point p) {
    const double x = (p.x - centre.x) / radius, y = (p.y - centre.y) / radius;
    return radius * to_shape(kind, {cosine * x + sine * y, cosine * y - sine * x});
  });

  image.finish(noise, draw.between(10, 70), into);
}

inline dataset shapes_set(std::size_t count, tesela::seed from, std::uint32_t set) {
  std::vector<std::uint8_t> values;
  values.reserve(count * shapes_image + dataset::padding_bytes);
  values.resize(count * shapes_image);
  std::vector<std::int32_t> labels(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto index = static_cast<std::uint32_t>(i);
    const auto kind = static_cast<int>(i % 10);
    labels[i] = kind;
    draw_shape(kind, dice{random_stream{from, purpose::synthetic_data, set, index}},
               random_stream{from, purpose::synthetic_data | (1U << 8), set, index},
               values.data() + i * shapes_image);
  }
  return normalize_minus_one_to_one(dataset::from_bytes(
      {3, shapes_side, shapes_side}, shapes_class_names(), std::move(values), std::move(labels)));
}

}  // namespace detail

TESELA_INLINE train_and_test shapes(const shapes_options& options) {
  constexpr std::size_t most = std::numeric_limits<std::uint32_t>::max();
  for (const std::size_t count : {options.train, options.test}) {
    if (count == 0 || count > most) {
      throw usage_error(compose("shapes: a set has 1 to {} images, not {}", most, count));
    }
  }
  return {detail::shapes_set(options.train, options.seed, 0),
          detail::shapes_set(options.test, options.seed, 1)};
}

}  // namespace tesela::data
