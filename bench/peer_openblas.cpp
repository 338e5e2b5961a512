// SPDX-License-Identifier: MIT
// OpenBLAS: a linear layer as sgemm of row-major matrices, without bias.
#include "peers.hpp"

#ifdef TESELA_BENCH_OPENBLAS

#include <cblas.h>

#include <memory>

namespace bench::openblas {

std::string absence() { return {}; }

std::vector<contestant> linear(const linear_shape& shape, product p) {
  struct matrices {
    std::vector<float> x, w, y;
  };
  const auto m = std::make_shared<matrices>();
  m->x.assign(shape.batch * shape.in, 0.5f);
  m->w.assign(shape.out * shape.in, 0.25f);
  m->y.assign(shape.batch * shape.out, 0.125f);
  openblas_set_num_threads(1);
  const auto batch = static_cast<int>(shape.batch), in = static_cast<int>(shape.in),
             out = static_cast<int>(shape.out);
  return {local("OpenBLAS", [=] {
    switch (p) {
      case product::forward:  // Y = X W^T
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, batch, out, in, 1, m->x.data(), in,
                    m->w.data(), in, 0, m->y.data(), out);
        break;
      case product::data_gradient:  // dX = dY W
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, batch, in, out, 1, m->y.data(), out,
                    m->w.data(), in, 0, m->x.data(), in);
        break;
      case product::weight_gradient:  // dW = dY^T X
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, out, in, batch, 1, m->y.data(), out,
                    m->x.data(), in, 0, m->w.data(), in);
        break;
    }
  })};
}

}  // namespace bench::openblas

#else

namespace bench::openblas {

std::string absence() { return "OpenBLAS: not installed"; }
std::vector<contestant> linear(const linear_shape&, product) { return {}; }

}  // namespace bench::openblas

#endif
