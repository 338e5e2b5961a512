// SPDX-License-Identifier: MIT
// The same with mathematics of its own; without the include libtesela lacks their kernels.
#include <tesela/tesela.hpp>
#ifndef TESELA_MISTAKE
#include <tesela/own.hpp>
#endif

#include <cstddef>
#include <cstdint>
#include <string>

namespace ts = tesela;

inline constexpr auto bent =
    ts::activation<"bent">([](auto x) { return x * ts::tanh(ts::softplus(x)); });
inline constexpr auto net = ts::input<3, 32, 32> | ts::conv2d<6, 5> | bent | ts::max_pool2d<2> |
                            ts::flatten | ts::linear<12> | bent | ts::linear<10>;

struct sign_descent {
  float learning_rate = 1e-3f;
  static constexpr std::size_t slots = 0;
  auto rule(std::uint64_t, auto g, auto w) const { return ts::results(w - learning_rate * sign(g)); }
};

template <class... Terms>
void train(const std::string& path, Terms... terms) {
  const auto images = ts::data::shapes({300, 70});
  ts::model model{net, ts::init::he_normal, ts::seed{42}};
  ts::trainer trainer{model, ts::mse, sign_descent{}, terms...};
  trainer.fit(images.train, {.epochs = 1, .batch = 64}, ts::checkpoint{path});
}

int main(int, char** argv) {
  const std::string folder = argv[1];
  train(folder + "/own.ckpt");
  train(folder + "/terms.ckpt", ts::penalty::l2{.lambda = 1e-3f}, ts::clip_norm{1.0f});
}
