// SPDX-License-Identifier: MIT
// What moves memory rather than multiplies: loss, pooling, updates, layout; beside plain loops.
#include "context.hpp"
#include "networks.hpp"
#include "pytorch.hpp"

#include "tesela/expr/expression.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/tensor/arena.hpp"
#include "tesela/tensor/block.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace {

using isa = ts::static_isa;
constexpr std::size_t blocks = 2;  // 64 samples

// The largest difference must be small beside the largest value.
void check_close(const std::string& name, const float* found, const float* expected,
                 std::size_t count, double tolerance) {
  double error = 0, largest = 0;
  for (std::size_t i = 0; i < count; ++i) {
    require(std::isfinite(found[i]), name + ": a result is not finite");
    error = std::max(error, std::abs(double{found[i]} - double{expected[i]}));
    largest = std::max(largest, std::abs(double{expected[i]}));
  }
  require(error <= tolerance * largest, fmt::format("{}: wrong by {} where values reach {}", name,
                                                    error, largest));
}

// GB/s, counting every byte that must be read or written once.
measure traffic(double bytes) { return {.unit = "GB/s", .amount = bytes * 1e-9}; }

void compare(context& with, const std::string& name, const measure& in,
             std::vector<contestant> contestants, std::string missing = {}) {
  result r = make_result(name, 1, in, contestants, race(contestants, with.kernel_effort(), 1));
  if (!missing.empty()) r.missing.push_back(std::move(missing));
  with.results.add(std::move(r));
}

// The formula of softmax and cross-entropy, sample by sample.
void plain_cross_entropy(std::size_t classes, const float* z, const std::int32_t* labels, float scale,
                         float* dz, double& loss) {
  for (std::size_t lane = 0; lane < ts::block_lanes; ++lane) {
    const auto at = [&](std::size_t c) { return c * ts::block_lanes + lane; };
    const auto label = static_cast<std::size_t>(labels[lane]);
    float largest = z[lane], total = 0;
    for (std::size_t c = 1; c < classes; ++c) largest = std::max(largest, z[at(c)]);
    for (std::size_t c = 0; c < classes; ++c) total += std::exp(z[at(c)] - largest);
    loss += static_cast<double>(std::log(total) + largest - z[at(label)]);
    for (std::size_t c = 0; c < classes; ++c) {
      dz[at(c)] = (std::exp(z[at(c)] - largest) / total - (c == label ? 1.0f : 0.0f)) * scale;
    }
  }
}

// The formulas of softmax and of its gradient, sample by sample.
void plain_softmax(std::size_t classes, const float* z, const float* dy, float* y, float* dz) {
  for (std::size_t lane = 0; lane < ts::block_lanes; ++lane) {
    const auto at = [&](std::size_t c) { return c * ts::block_lanes + lane; };
    float largest = z[lane], total = 0, back = 0;
    for (std::size_t c = 1; c < classes; ++c) largest = std::max(largest, z[at(c)]);
    for (std::size_t c = 0; c < classes; ++c) total += y[at(c)] = std::exp(z[at(c)] - largest);
    for (std::size_t c = 0; c < classes; ++c) back += dy[at(c)] * (y[at(c)] /= total);
    for (std::size_t c = 0; c < classes; ++c) dz[at(c)] = y[at(c)] * (dy[at(c)] - back);
  }
}

template <class Rule>
void update_case(context& with, const std::string& name, Rule rule, std::size_t count) {
  constexpr std::size_t slots = Rule::slots;
  const auto random = [&](std::uint32_t stream) {
    const std::vector<float> values = random_floats(count, stream);
    ts::arena arena(count);
    std::copy(values.begin(), values.end(), arena.data());
    return arena;
  };
  const ts::arena gradients = random(30);
  ts::arena weights = random(31), plain_weights = weights.copy();
  std::array<ts::arena, slots> state, plain_state;
  for (ts::arena& one : state) one = ts::arena(count);
  for (ts::arena& one : plain_state) one = ts::arena(count);

  const auto update = [&] {
    [&]<std::size_t... S>(std::index_sequence<S...>) {
      namespace expr = ts::expr;
      isa::evaluate(rule.rule(2, expr::operand<0>{}, expr::operand<1>{}, expr::operand<2 + S>{}...),
                    {gradients.data(), weights.data(), state[S].data()...},
                    {weights.data(), state[S].data()...}, count);
    }(std::make_index_sequence<slots>{});
  };
  const auto plain = [&, g = gradients.data(), w = plain_weights.data(), m = plain_state[0].data(),
                      v = plain_state[slots - 1].data()] {
    if constexpr (slots == 2) {
      const float b1 = rule.beta1, b2 = rule.beta2;
      const float c1 = 1 / (1 - b1 * b1), c2 = 1 / (1 - b2 * b2);
      for (std::size_t i = 0; i < count; ++i) {
        m[i] = b1 * m[i] + (1 - b1) * g[i];
        v[i] = b2 * v[i] + (1 - b2) * g[i] * g[i];
        w[i] -= rule.learning_rate * c1 * m[i] / (std::sqrt(c2 * v[i]) + rule.epsilon);
      }
    } else {
      for (std::size_t i = 0; i < count; ++i) {
        v[i] = rule.momentum * v[i] + g[i];
        w[i] -= rule.learning_rate * v[i];
      }
    }
  };
  update();
  plain();
  check_close(name, weights.data(), plain_weights.data(), count, 1e-6);

  std::vector<contestant> contestants{local("tesela", update)};
  std::string absent;
  const std::string python = fmt::format("update-{}:{}", Rule::name, count);
  if (auto peer = with.torch.prepare(python, 1)) {
    contestants.push_back(std::move(*peer));
  } else {
    absent = with.torch.absence();
  }
  contestants.push_back(local("plain loop", plain));
  // Read gradient, weight and state; write weight and state.
  const auto bytes = static_cast<double>(count * (3 + 2 * slots) * sizeof(float));
  compare(with, name, traffic(bytes), std::move(contestants), absent);
}

}  // namespace

void cross_entropy(context& with) {
  constexpr std::size_t classes = 10, floats = classes * ts::block_lanes;
  const std::vector<float> logits = random_floats(floats, 20, 5);
  const std::vector<std::int32_t> labels = labels_for(ts::block_lanes, classes);
  std::vector<float> found(floats), expected(floats);
  const float scale = 1.0f / 64;
  const auto ours = [&] {
    return isa::softmax_cross_entropy(classes, logits.data(), labels.data(), ts::block_lanes, scale,
                                      found.data());
  };
  double loss = 0;
  plain_cross_entropy(classes, logits.data(), labels.data(), scale, expected.data(), loss);
  require(std::abs(ours().loss - loss) <= 1e-5 * loss, "softmax cross-entropy: the loss is wrong");
  check_close("softmax cross-entropy", found.data(), expected.data(), floats, 1e-5);

  const measure in{.unit = "us", .amount = 0, .time_scale = 1e6};
  compare(with, "softmax cross-entropy 64x10", in,
          {local("tesela", [&] { for (std::size_t b = 0; b < blocks; ++b) keep(ours()); }),
           local("plain loop", [&] {
             for (std::size_t b = 0; b < blocks; ++b) {
               plain_cross_entropy(classes, logits.data(), labels.data(), scale, expected.data(),
                                   loss);
             }
             keep(expected[0]);
           })});

  const std::vector<float> dy = random_floats(floats, 21);
  std::vector<float> y(floats), plain_y(floats);
  const auto softmax = [&] {
    isa::softmax(1, classes, false, logits.data(), y.data());
    isa::softmax_gradient(1, classes, false, y.data(), dy.data(), found.data());
  };
  softmax();
  plain_softmax(classes, logits.data(), dy.data(), plain_y.data(), expected.data());
  check_close("softmax", y.data(), plain_y.data(), floats, 1e-5);
  check_close("softmax and gradient", found.data(), expected.data(), floats, 1e-5);
  compare(with, "softmax and gradient 64x10", in,
          {local("tesela", [&] { for (std::size_t b = 0; b < blocks; ++b) { softmax(); keep(found[0]); } }),
           local("plain loop", [&] {
             for (std::size_t b = 0; b < blocks; ++b) {
               plain_softmax(classes, logits.data(), dy.data(), plain_y.data(), expected.data());
               keep(expected[0]);
             }
           })});
}

void max_pooling(context& with) {
  const ts::pooling g{.in = {64, 32, 32}, .out = {64, 16, 16}, .kernel = 2, .stride = 2};
  const std::size_t in = g.in.size() * ts::block_lanes, out = g.out.size() * ts::block_lanes;
  const std::vector<float> x = random_floats(in, 21), dy = random_floats(out, 22);
  std::vector<float> y(blocks * out), dx(blocks * in), expected_y(out), expected_dx(in);
  std::vector<std::uint8_t> winner(blocks * out);
  const auto forward = [&] {
    for (std::size_t b = 0; b < blocks; ++b) {
      isa::max_pool(g, x.data(), y.data() + b * out, winner.data() + b * out);
    }
  };
  const auto backward = [&] {
    for (std::size_t b = 0; b < blocks; ++b) {
      isa::max_pool_gradient(g, dy.data(), winner.data() + b * out, dx.data() + b * in);
    }
  };
  forward();
  backward();

  const std::size_t pixel = g.in.channels * ts::block_lanes;
  for (std::size_t o = 0; o < out; ++o) {
    const std::size_t oy = o / pixel / g.out.width, ox = o / pixel % g.out.width, i = o % pixel;
    std::size_t best = (2 * oy * g.in.width + 2 * ox) * pixel + i;
    for (const std::size_t step : {pixel, g.in.width * pixel, (g.in.width + 1) * pixel}) {
      const std::size_t at = (2 * oy * g.in.width + 2 * ox) * pixel + i + step;
      if (x[at] > x[best]) best = at;
    }
    expected_y[o] = x[best];
    expected_dx[best] = dy[o];
  }
  for (std::size_t b = 0; b < blocks; ++b) {
    check_close("max pool forward", y.data() + b * out, expected_y.data(), out, 0);
    check_close("max pool backward", dx.data() + b * in, expected_dx.data(), in, 0);
  }
  // Floats in and out, and a byte a window.
  const auto bytes = static_cast<double>(blocks * (4 * in + 5 * out));
  compare(with, "max pool 64ch 32x32 forward", traffic(bytes), {local("tesela", forward)});
  compare(with, "max pool 64ch 32x32 backward", traffic(bytes), {local("tesela", backward)});
}

void updates(context& with) {
  for (const std::size_t count : {std::size_t{380'000}, std::size_t{10'000'000}}) {
    const char* size = count > 1'000'000 ? "10M" : "380k";
    update_case(with, fmt::format("Adam update {}", size), ts::adam{}, count);
    update_case(with, fmt::format("SGD update {}", size), ts::sgd{.momentum = 0.9f}, count);
  }
}

void layout(context& with) {
  constexpr std::size_t samples = 8192;
  std::array<std::uint32_t, ts::block_lanes> indices{};
  for (std::size_t i = 0; i < ts::block_lanes; ++i) {
    indices[i] = static_cast<std::uint32_t>(i * 2477 % samples);
  }
  const auto measure_one = [&](const std::string& name, const ts::data::dataset& set) {
    const ts::sample_source source = set.source();
    const std::size_t floats = source.features() * ts::block_lanes;
    ts::arena block(floats);
    std::vector<float> expected(floats), sample(source.features());
    isa::load_block(source, indices.data(), ts::block_lanes, block.data());
    for (std::size_t lane = 0; lane < ts::block_lanes; ++lane) {
      set.copy_sample(indices[lane], sample);
      for (std::size_t f = 0; f < sample.size(); ++f) {
        const std::size_t channel = f / source.pixels, at = f % source.pixels;
        expected[(at * source.channels + channel) * ts::block_lanes + lane] = sample[f];
      }
    }
    check_close(name, block.data(), expected.data(), floats, 1e-6);

    std::uint32_t shift = 0;
    const double stored = set.element_type() == ts::element::u8 ? 1 : 4;
    compare(with, name, traffic(static_cast<double>(floats) * (stored + 4)),
            {local("tesela", [&] {
              for (std::uint32_t& index : indices) index = (index + shift) % samples;
              shift = (shift + 97) % samples;  // other samples every time: they are not in a cache
              isa::load_block(source, indices.data(), ts::block_lanes, block.data());
            })});
  };
  measure_one("layout of 32 images, bytes", random_images(mlp, samples));
  measure_one("layout of 32 images, floats", random_samples(mlp, samples));
}

}  // namespace bench
