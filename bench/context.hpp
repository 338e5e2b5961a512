// SPDX-License-Identifier: MIT
// What every case gets: what was asked for, where results go, and the list of cases.
#pragma once

#include "report.hpp"

#include <cstddef>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

class pytorch;

// A result that cannot be right; nothing is reported then.
struct wrong_result : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void require(bool fine, const std::string& what) {
  if (!fine) throw wrong_result(what);
}

struct context {
  bool quick = false, tiny = false;
  std::vector<std::size_t> threads;  // for the cases that train
  report& results;
  pytorch& torch;

  effort step_effort() const {
    if (tiny) return {.rounds = 2, .sample_seconds = 1e-3, .total_seconds = 1};
    if (quick) return {.rounds = 40, .sample_seconds = 8e-3, .total_seconds = 2};
    return {.rounds = 300, .sample_seconds = 8e-3, .total_seconds = 25};
  }
  effort kernel_effort() const {
    if (tiny) return {.rounds = 2, .sample_seconds = 1e-4, .total_seconds = 1};
    if (quick) return {.rounds = 10, .sample_seconds = 5e-4, .total_seconds = 0.4};
    return {.rounds = 100, .sample_seconds = 1e-3, .total_seconds = 5};
  }
};

// Throws where a wrong result would not be noticed.
void self_test();

// One case each; the names are those of --case.
void mlp_adam(context&);
void mlp_sgd(context&);
void cnn_adam(context&);
void vgg11_sgd(context&);
void checker_adam(context&);
void inference_mlp(context&);
void inference_cnn(context&);
void inference_vgg11(context&);
void convolutions(context&);
void linear_layers(context&);
void cross_entropy(context&);
void max_pooling(context&);
void updates(context&);
void endings(context&);
void expressions(context&);
void layout(context&);

}  // namespace bench
