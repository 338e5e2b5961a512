// SPDX-License-Identifier: MIT
// Eigen: a linear layer as a product of row-major matrices of sizes known at run time, without bias.
#include "peers.hpp"

#ifdef TESELA_BENCH_EIGEN

#define EIGEN_DONT_PARALLELIZE
#include <Eigen/Core>

#include <memory>

namespace bench::eigen {

std::string absence() { return {}; }

std::vector<contestant> linear(const linear_shape& shape, product p) {
  using matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  struct matrices {
    matrix x, w, y;
  };
  const auto batch = static_cast<Eigen::Index>(shape.batch),
             in = static_cast<Eigen::Index>(shape.in), out = static_cast<Eigen::Index>(shape.out);
  const auto m = std::make_shared<matrices>();
  m->x = matrix::Constant(batch, in, 0.5f);
  m->w = matrix::Constant(out, in, 0.25f);
  m->y = matrix::Constant(batch, out, 0.125f);
  return {local("Eigen", [=] {
    switch (p) {
      case product::forward: m->y.noalias() = m->x * m->w.transpose(); break;
      case product::data_gradient: m->x.noalias() = m->y * m->w; break;
      case product::weight_gradient: m->w.noalias() = m->y.transpose() * m->x; break;
    }
  })};
}

namespace {
using input = Eigen::Map<const Eigen::ArrayXf>;
using output = Eigen::Map<Eigen::ArrayXf>;
}  // namespace

std::vector<contestant> mish(const float* x, const float* g, float* y, float* dx, std::size_t count) {
  const auto n = static_cast<Eigen::Index>(count);
  return {local("Eigen", [=] {
    const input a(x, n), upstream(g, n);
    output value(y, n), gradient(dx, n);
    // Evaluated once, or Eigen would compute it for every mention.
    const Eigen::ArrayXf t = (a.exp() + 1).log().tanh();
    value = a * t;
    gradient = upstream * (t + a * (1 - t.square()) * a.logistic());
  })};
}

std::vector<contestant> softplus_tanh(const float* x, float* dx, std::size_t count) {
  const auto n = static_cast<Eigen::Index>(count);
  return {local("Eigen", [=] {
    const input a(x, n);
    const Eigen::ArrayXf e = a.exp(), s = (e + 1).log(), t = a.tanh();
    keep((s * t).sum());
    if (dx != nullptr) output(dx, n) = e / (e + 1) * t + s * (1 - t.square());
  })};
}

}  // namespace bench::eigen

#else

namespace bench::eigen {

std::string absence() { return "Eigen: not installed"; }
std::vector<contestant> linear(const linear_shape&, product) { return {}; }
std::vector<contestant> mish(const float*, const float*, float*, float*, std::size_t) { return {}; }
std::vector<contestant> softplus_tanh(const float*, float*, std::size_t) { return {}; }

}  // namespace bench::eigen

#endif
