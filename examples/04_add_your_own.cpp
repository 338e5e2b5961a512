// SPDX-License-Identifier: MIT
// Mathematics of your own: an activation, a loss, an optimiser, a penalty and a schedule, each in a few
// lines.
// run:
#include <tesela/tesela.hpp>

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ts = tesela;

// Points of the plane on two rings.
ts::data::dataset rings(std::size_t count) {
  std::vector<float> features;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < count; ++i) {
    const float angle = 0.7f * static_cast<float>(i), radius = i % 2 == 0 ? 1.0f : 2.0f;
    features.push_back(radius * std::cos(angle));
    features.push_back(radius * std::sin(angle));
    labels.push_back(static_cast<std::int32_t>(i % 2));
  }
  return ts::data::dataset::from_floats({2, 1, 1}, {"inner", "outer"}, std::move(features),
                                        std::move(labels));
}

inline constexpr auto mish =
    ts::activation<"mish">([](auto x) { return x * ts::tanh(ts::softplus(x)); });

// Easy samples count little (Lin et al. 2017).
inline constexpr auto focal = ts::loss<"focal">([](auto y, auto t) {
  const auto p = ts::softmax(y);
  return -ts::sum(t * ts::square(1 - p) * ts::log_softmax(y));
});

struct sign_descent {
  float learning_rate = 1e-3f;
  static constexpr std::size_t slots = 0;
  auto rule(std::uint64_t, auto g, auto w) const { return ts::results(w - learning_rate * sign(g)); }
};

// Lion (Chen et al. 2023): the sign of a mean of gradients, and decoupled weight decay.
struct lion {
  float learning_rate = 1e-3f, beta1 = 0.9f, beta2 = 0.99f, weight_decay = 0.01f;
  static constexpr std::size_t slots = 1;
  auto rule(std::uint64_t, auto g, auto w, auto m) const {
    return ts::results(w - learning_rate * (sign(beta1 * m + (1 - beta1) * g) + weight_decay * w),
                       beta2 * m + (1 - beta2) * g);
  }
};

struct log_penalty {
  float lambda = 1e-4f;
  auto value(auto w) const { return lambda * log(1 + square(w)); }
};

inline constexpr auto network = ts::input<2>
    | ts::linear<16> | mish | ts::linear<16> | mish | ts::linear<2>;

template <class Loss, class... Rules>
double accuracy(const ts::fit_options& options, Loss loss, Rules... rules) {
  const ts::data::dataset samples = rings(400);
  ts::model model{network, ts::init::he_normal, ts::seed{4}};
  ts::trainer trainer{model, loss, rules...};
  trainer.fit(samples, options);
  return trainer.evaluate(samples).accuracy;
}

int main() {
  const ts::fit_options plain{.epochs = 40, .batch = 20};
  const double by_signs = accuracy(plain, ts::cross_entropy, sign_descent{});
  const double by_lion = accuracy(plain, focal, lion{}, log_penalty{});

  ts::fit_options falling = plain;
  falling.schedule = [](const auto& at) { return at.rate / (1 + 0.1 * at.epoch); };
  const double with_schedule = accuracy(falling, ts::cross_entropy, ts::adam{.learning_rate = 1e-2f});

  fmt::print("sign descent {:.3f}, lion {:.3f}, adam with a schedule {:.3f}\n", by_signs, by_lion,
             with_schedule);
  return by_signs > 0.95 && by_lion > 0.95 && with_schedule > 0.95 ? 0 : 1;
}
