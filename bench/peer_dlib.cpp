// SPDX-License-Identifier: MIT
// dlib: training steps of the small networks, with the BLAS it was built for.
#include "peers.hpp"

#ifdef TESELA_BENCH_DLIB

#pragma GCC diagnostic ignored "-Wpragmas"
#pragma GCC diagnostic ignored "-Warray-bounds"
#include <dlib/dnn.h>

#include <array>
#include <cstdlib>
#include <memory>

namespace bench::dlib_ {

namespace {

using image = std::array<dlib::matrix<float>, 3>;
using mlp = dlib::loss_multiclass_log<dlib::fc<10, dlib::relu<dlib::fc<84, dlib::relu<dlib::fc<120,
    dlib::input<image>>>>>>>;
template <class Below>
using pool = dlib::max_pool<2, 2, 2, 2, Below>;
using cnn = dlib::loss_multiclass_log<dlib::fc<10, dlib::relu<dlib::fc<80, dlib::relu<dlib::fc<120,
    pool<dlib::relu<dlib::con<16, 5, 5, 1, 1,
    pool<dlib::relu<dlib::con<6, 5, 5, 1, 1,
    dlib::input<image>>>>>>>>>>>>>;

template <class Net, class Solver>
contestant step(const Solver& solver) {
  struct training {
    Net net;
    std::vector<Solver> solvers;
    dlib::resizable_tensor batch;
    std::vector<unsigned long> labels;
  };
  const auto t = std::make_shared<training>();
  t->solvers.assign(Net::num_computational_layers, solver);
  std::vector<image> images(64);
  for (std::size_t i = 0; i < images.size(); ++i) {
    for (dlib::matrix<float>& channel : images[i]) {
      channel.set_size(32, 32);
      for (float& value : channel) value = static_cast<float>(std::rand() % 2001) / 1000 - 1;
    }
    t->labels.push_back(i * 7 % 10);
  }
  t->net.to_tensor(images.begin(), images.end(), t->batch);
  return local("dlib", [t] {
    t->net.compute_parameter_gradients(t->batch, t->labels.begin());
    t->net.update_parameters(dlib::make_sstack(t->solvers), 1e-6);
  });
}

}  // namespace

std::string absence(const std::string&) { return {}; }

std::vector<contestant> training_step(const std::string& name) {
  const dlib::adam adam(0, 0.9f, 0.999f);
  if (name == "mlp-adam") return {step<mlp>(adam)};
  if (name == "mlp-sgd") return {step<mlp>(dlib::sgd(0, 0.9f))};
  if (name == "cnn-adam") return {step<cnn>(adam)};
  return {};
}

}  // namespace bench::dlib_

#else

namespace bench::dlib_ {

std::string absence(const std::string& case_name) {
  const bool small = case_name.starts_with("mlp-") || case_name.starts_with("cnn-");
  return small ? "dlib: not installed" : "";
}
std::vector<contestant> training_step(const std::string&) { return {}; }

}  // namespace bench::dlib_

#endif
