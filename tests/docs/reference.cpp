// SPDX-License-Identifier: MIT
// The code blocks of docs/reference.md, and checks that they do what the page says.
#include <tesela/tesela.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ts = tesela;

inline constexpr auto net = ts::input<2> | ts::linear<8> | ts::relu | ts::linear<2>;

// The type of a model, for a member, a parameter or a std::vector.
using points_model = decltype(ts::model{net});

class classifier {
  points_model model_{net};                       // zeros, until they are loaded
  decltype(ts::workspace{net, 1}) room_{net, 1};  // the memory of one call

 public:
  explicit classifier(const std::filesystem::path& weights) {
    ts::io::load_safetensors(model_, weights);
  }

  std::size_t operator()(std::span<const float> point) {
    const std::span<const float> scores = model_.forward(point, room_);
    return static_cast<std::size_t>(std::ranges::max_element(scores) - scores.begin());
  }
};

// Glorot and Bengio 2010: PyTorch's xavier_uniform_.
inline constexpr auto glorot_uniform = [](const ts::random_stream& random, ts::init::fans fan,
                                          std::size_t i) {
  const float limit = std::sqrt(6.0f / static_cast<float>(fan.in + fan.out));
  return random.uniform(i, -limit, limit);
};

// The loss of a quantile: in the end a share `tau` of the targets lies below the outputs.
struct pinball {
  float tau = 0.5f;

  static constexpr ts::sentence name() { return "pinball"; }
  auto formula(auto y, auto t) const {
    const auto d = t - y;
    return mean(max(tau * d, (tau - 1) * d));
  }
  void validate(std::size_t) const {
    if (!(tau > 0 && tau < 1)) throw ts::usage_error("pinball: tau must be above 0 and below 1");
  }
};

// Ends training when the validation set is told apart well enough.
struct good_enough {
  double accuracy = 0.95;

  void epoch(auto& trainer, const ts::epoch_report& report) {
    if (report.validation.accuracy >= accuracy) trainer.stop();
  }
};

bool all_well = true;
void check(bool holds, std::string_view claim) {
  if (!holds) fmt::print(stderr, "not true: {}\n", claim);
  all_well = all_well && holds;
}
bool near(double a, double b) { return std::abs(a - b) <= 1e-5 * (1 + std::abs(b)); }

// Points of a square, told apart by its diagonal.
ts::data::dataset halves(std::size_t count) {
  const ts::random_stream random{ts::seed{5}};
  std::vector<float> values;
  std::vector<std::int32_t> labels;
  for (std::size_t i = 0; i < count; ++i) {
    const float x = random.uniform(2 * i, -1, 1), y = random.uniform(2 * i + 1, -1, 1);
    values.insert(values.end(), {x, y});
    labels.push_back(x + y > 0 ? 1 : 0);
  }
  return ts::data::dataset::from_floats({2, 1, 1}, {"below", "above"}, std::move(values),
                                        std::move(labels));
}

// The mean of f(outputs, label) over a set, divided by the mean of weight(label).
template <class F, class Weight>
double mean_of(const points_model& model, const ts::data::dataset& samples, F f, Weight weight) {
  ts::workspace room{net, 1};
  double sum = 0, all = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    float point[2];
    samples.copy_sample(i, point);
    const auto label = static_cast<std::size_t>(samples.label(i));
    sum += f(model.forward(point, room), label);
    all += weight(label);
  }
  return sum / all;
}

void weights_and_initializers() {
  std::vector<points_model> models;
  models.emplace_back(net, glorot_uniform, ts::seed{1});
  models.emplace_back(net, ts::init::he_normal, ts::seed{2});
  points_model &first = models[0], &second = models[1];

  const std::vector<ts::named_tensor> state = first.state_dict();
  const auto within = [](const ts::named_tensor& tensor, float limit) {
    return std::ranges::all_of(tensor.values, [&](float w) { return std::abs(w) <= limit; });
  };
  const float limit = std::sqrt(6.0f / (2 + 8));
  check(state[0].name == "0.weight" && within(state[0], limit) && !within(state[0], limit / 2),
        "an initialiser draws every weight, and knows the inputs and outputs of its layer");
  check(state[1].name == "0.bias" && within(state[1], 0), "biases begin at 0");

  const std::vector<float> point{0.25f, -0.5f};
  ts::workspace room{net, 1};
  const auto scores = [&](const points_model& model) {
    const std::span<const float> given = model.forward(point, room);
    return std::vector<float>(given.begin(), given.end());
  };
  check(scores(first) != scores(second), "two models have weights of their own");
  second.load_state_dict(first.state_dict());
  check(scores(first) == scores(second), "load_state_dict copies the weights");
  check(scores(points_model{net}) == std::vector<float>(2),
        "a model without initialiser has zeros");

  const std::filesystem::path path = "docs_reference.safetensors";
  ts::io::save_safetensors(first, path);
  const std::vector<float> expected = scores(first);
  check(classifier{path}(point) == (expected[1] > expected[0] ? 1u : 0u),
        "a class has the model as a member");
  std::filesystem::remove(path);
}

void losses_and_callbacks() {
  const auto [fit, validation] = ts::data::split(halves(400), 0.75, ts::seed{7});
  ts::model model{net, glorot_uniform, ts::seed{42}};
  ts::trainer trainer{
      model, ts::cross_entropy_loss{.label_smoothing = 0.1f, .class_weights = {1.0f, 2.0f}},
      ts::adamw{.learning_rate = 1e-2f}, ts::clip_norm{1.0f}};
  const ts::history past =
      trainer.fit(fit,
                  {.epochs = 100,
                   .batch = 16,
                   .validation = &validation,
                   .seed = ts::seed{3},
                   .schedule = ts::warm_up(2, ts::cosine_annealing_lr{}),
                   .momentum_schedule = ts::per_step(ts::one_cycle_momentum{})},
                  good_enough{.accuracy = 0.9});
  check(past.size() < 100 && past.back().validation.accuracy >= 0.9, "a callback ends the run");
  check(near(past[0].learning_rate, 1e-2 / 3), "warm_up begins at a third of the rate");

  // w_c ((1 - s) [c = label] + s / C), and the mean divides by the weights of the labels.
  const double by_hand = mean_of(
      model, fit,
      [](std::span<const float> y, std::size_t label) {
        const double log_sum = std::log(std::exp(double{y[0]}) + std::exp(double{y[1]}));
        double loss = 0;
        for (std::size_t c = 0; c < 2; ++c) {
          const double share = (c == label ? 0.9 : 0.0) + 0.1 / 2;
          loss -= (c == 0 ? 1 : 2) * share * (double{y[c]} - log_sum);
        }
        return loss;
      },
      [](std::size_t label) { return label == 0 ? 1.0 : 2.0; });
  check(near(trainer.evaluate(fit).loss, by_hand),
        "label smoothing and class weights are PyTorch's");

  ts::trainer quantile{model, pinball{.tau = 0.9f},
                       ts::sgd{.learning_rate = 0.1f, .momentum = 0.9f}};
  const double before = quantile.evaluate(fit).loss;
  const double pinball_by_hand = mean_of(
      model, fit,
      [](std::span<const float> y, std::size_t label) {
        double loss = 0;
        for (std::size_t c = 0; c < 2; ++c) {
          const double d = (c == label ? 1.0 : 0.0) - double{y[c]};
          loss += std::max(double{0.9f} * d, (double{0.9f} - 1) * d) / 2;
        }
        return loss;
      },
      [](std::size_t) { return 1.0; });
  check(near(before, pinball_by_hand), "a loss of one's own is its formula, classes are 1 and 0");
  quantile.fit(fit, {.epochs = 5});
  check(quantile.evaluate(fit).loss < before, "and is trained with");
  try {
    ts::trainer refused{model, pinball{.tau = 2}, ts::sgd{}};
    check(false, "validate refuses a setting");
  } catch (const ts::usage_error&) {
  }
}

void running_and_printing() {
  const ts::model model{net};
  ts::workspace room{net, 2};
  const std::vector<float> points{1, 2, 3, 4};
  const ts::tensor<2, 2> scores = model.forward(points, room);  // two outputs of two samples
  const std::string words = fmt::format("{}: {:.1f}", net, scores);
  check(words == "input<2> | linear<8> | relu | linear<2>: [[0.0, 0.0], [0.0, 0.0]]",
        "networks and tensors are printed");
}

void shapes_as_types() {
  const ts::tensor<3, 4> x{{1, 2, 3, 4}, {5, 6, 7, 8}, {9, 10, 11, 12}};
  const ts::tensor<3> row{1, 2, 3};

  // Two rows and three columns of x, from row 1 and column 0 on.
  const ts::tensor<2, 3> part = ts::slice<ts::extents<1, 0>, ts::extents<2, 3>>(x);
  // The row twice, one below the other.
  const ts::tensor<2, 3> rows = ts::expand<ts::extents<2, 3>>(row);

  check(std::ranges::equal(part, std::vector<float>{5, 6, 7, 9, 10, 11}), "slice: begin, extents");
  check(std::ranges::equal(rows, std::vector<float>{1, 2, 3, 1, 2, 3}), "expand: as NumPy");
}

int main() {
  weights_and_initializers();
  losses_and_callbacks();
  running_and_printing();
  shapes_as_types();
  return all_well ? 0 : 1;
}
