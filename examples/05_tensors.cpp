// SPDX-License-Identifier: MIT
// Tensors and derivatives outside any network: a line is fitted, a gradient checked, an input moved.
// run:
#include <tesela/tesela.hpp>

#include <fmt/format.h>

#include <cmath>
#include <cstddef>

namespace ts = tesela;

int main() {
  // Two inputs, three samples.
  const ts::tensor<2, 3> x{1, 2, 3, -1, 0, 2};
  const ts::tensor<1, 3> y{0.1f, 0.6f, 0.7f};
  ts::variable<"w", 1, 2> w{0.5f, -0.25f};
  ts::variable<"b", 1> b{0};

  auto loss     = ts::mean(ts::square(ts::tanh(ts::matmul(w, x) + b) - y));  // computes nothing yet
  auto [dw, db] = ts::gradient(loss, w, b);                                  // neither does this

  fmt::print("the gradient is {} (largest error {:.1e})\n",
             ts::check_gradient(loss, w, b).passed() ? "right" : "wrong",
             ts::check_gradient(loss, w, b).worst);

  // The derivative of the derivative, and along a direction.
  auto curvature = ts::gradient(ts::sum(dw * dw), w);
  const ts::tensor<1, 2> direction{1, 0};
  fmt::print("along w[0]: {:.5f}; gradient of |dw|^2: {:.5f}\n",
             ts::evaluate(ts::derivative_along(loss, w, direction)), ts::evaluate(curvature)[0]);

  const float before = ts::evaluate(loss);
  for (int step = 0; step < 20000; ++step) {
    auto [slope_w, slope_b] = ts::evaluate(dw, db);  // one run, what both share once
    w = w - 0.1f * slope_w;
    b = b - 0.1f * slope_b;
  }
  const float after = ts::evaluate(loss);
  fmt::print("loss {:.4f} before, {:.6f} after\n", before, after);

  // By an input: the lectures' demonstration, 200 points of tanh from -2 to 2.
  ts::variable<"points", 200> points;
  for (std::size_t i = 0; i < points.size; ++i) {
    points[i] = -2 + 4 * static_cast<float>(i) / 199;
  }
  const ts::tensor<200> slopes = ts::gradient(ts::sum(ts::tanh(points)), points);
  fmt::print("the slope of tanh at {:.3f} is {:.4f}\n", points[150], slopes[150]);

  const float t = std::tanh(points[150]);
  return after < 0.01f * before + 1e-3f && std::abs(slopes[150] - (1 - t * t)) < 1e-6f ? 0 : 1;
}
