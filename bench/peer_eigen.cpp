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

}  // namespace bench::eigen

#else

namespace bench::eigen {

std::string absence() { return "Eigen: not installed"; }
std::vector<contestant> linear(const linear_shape&, product) { return {}; }

}  // namespace bench::eigen

#endif
