// SPDX-License-Identifier: MIT
// What a program of the build budget does with a network: everything a trainer has.
#pragma once

#include <tesela/tesela.hpp>

namespace ts = tesela;

template <class Net>
double train(Net net) {
  const auto images = ts::data::shapes({300, 50});
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::cross_entropy, ts::adam{.learning_rate = 1e-3f}};
  trainer.fit(images.train, {.epochs = 1, .batch = 64}, ts::progress_bar{});
  return trainer.evaluate(images.test).accuracy;
}
