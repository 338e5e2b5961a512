// SPDX-License-Identifier: MIT
// One sample through a network, on one thread.
#include "context.hpp"
#include "networks.hpp"
#include "pytorch.hpp"

#include "tesela/network/model.hpp"
#include "tesela/network/workspace.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace {

template <class Net>
void inference_case(context& with, const std::string& name, Net net) {
  const ts::model model{net, ts::init::he_normal, ts::seed{3}};
  ts::workspace one{net, 1}, many{net, 32};
  const std::vector<float> samples = random_floats(32 * Net::input.size, 40);
  const auto first = std::span(samples).first(Net::input.size);

  // Alone or among others, a sample's results are the same but for rounding.
  const std::span<const float> among = model.forward(samples, many);
  const std::span<const float> alone = model.forward(first, one);
  double error = 0, largest = 0;
  for (std::size_t i = 0; i < alone.size(); ++i) {
    require(std::isfinite(alone[i]), name + ": a result is not finite");
    error = std::max(error, std::abs(double{alone[i]} - double{among[i]}));
    largest = std::max(largest, std::abs(double{among[i]}));
  }
  require(error <= 1e-4 * largest, name + ": one sample alone gives other results than in a batch");

  const measure in{.unit = "us", .amount = 0, .time_scale = 1e6,
                   .operations = 2.0 * static_cast<double>(Net::macs)};
  std::vector<contestant> contestants{local("tesela", [&] { keep(model.forward(first, one)[0]); })};
  if (auto peer = with.torch.prepare(name, 1)) contestants.push_back(std::move(*peer));
  result r = make_result(name, 1, in, contestants, race(contestants, with.step_effort(), 1));
  if (!with.torch.absence().empty()) r.missing.push_back(with.torch.absence());
  with.results.add(std::move(r));
}

}  // namespace

void inference_mlp(context& with) { inference_case(with, "inference-mlp", mlp); }
void inference_cnn(context& with) { inference_case(with, "inference-cnn", cnn); }
void inference_vgg11(context& with) { inference_case(with, "inference-vgg11", vgg11); }

}  // namespace bench
