// SPDX-License-Identifier: MIT
// The convolutions of VGG-11 and linear layers, three products each, beside oneDNN, OpenBLAS and Eigen.
#include "product_kernels.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace bench {

namespace {

constexpr std::size_t batch = 64;

void append(std::vector<contestant>& to, std::vector<contestant> more) {
  std::move(more.begin(), more.end(), std::back_inserter(to));
}

// Of several contestants of one library, the fastest stands for it.
struct choice {
  std::vector<contestant> contestants;
  race_result race;
};
choice with_fastest(const std::vector<contestant>& all, const race_result& race,
                    std::size_t ours, const std::vector<std::vector<std::size_t>>& groups) {
  choice result;
  const auto take = [&](std::size_t i) {
    result.contestants.push_back(all[i]);
    result.race.of.push_back(race.of[i]);
  };
  result.race.peak = race.peak;
  take(ours);
  for (const std::vector<std::size_t>& group : groups) {
    if (group.empty()) continue;
    std::size_t best = group.front();
    for (const std::size_t i : group) {
      if (race.of[i].best < race.of[best].best) best = i;
    }
    take(best);
  }
  return result;
}

struct layer {
  const char* name;
  std::size_t times;  // in the network
  ts::convolution g;
};

ts::convolution vgg_layer(std::size_t in, std::size_t out, std::size_t size) {
  return {.in = {in, size, size}, .out = {out, size, size}, .kernel = 3, .padding = 1};
}

}  // namespace

void convolutions(context& with) {
  const layer layers[] = {
      {"V1", 1, vgg_layer(3, 64, 32)},    {"V2", 1, vgg_layer(64, 128, 16)},
      {"V3", 1, vgg_layer(128, 256, 8)},  {"V4", 1, vgg_layer(256, 256, 8)},
      {"V5", 1, vgg_layer(256, 512, 4)},  {"V6", 1, vgg_layer(512, 512, 4)},
      {"V7, V8", 2, vgg_layer(512, 512, 2)},
  };
  // Sums over the stack, in seconds: [0] best against best, [1] direct against direct.
  double ours[2] = {0, 0}, ours_median[2] = {0, 0}, theirs[2] = {0, 0}, theirs_median[2] = {0, 0};
  double operations = 0, peak = 0;
  bool compared = true;
  for (const layer& one : layers) {
    ts::convolution direct_only = one.g;
    direct_only.direct = true;
    product_kernels chosen(one.g, batch), direct(direct_only, batch);
    for (const product p : products) {
      if (one.g.in.channels == 3 && p == product::data_gradient) continue;  // nobody needs it
      const std::string name = fmt::format("{} {}", one.name, name_of(p));
      chosen.check(p, name);
      direct.check(p, name + ", direct");

      std::vector<contestant> all;
      all.push_back(local("tesela", [&] { chosen.run(p); }, chosen.winograd() ? "Winograd" : "direct"));
      if (chosen.winograd()) all.push_back(local("tesela", [&] { direct.run(p); }, "direct"));
      const std::size_t our_direct = all.size() - 1;
      std::vector<std::size_t> best_of, direct_of;
      for (const bool winograd : {false, true}) {
        append(all, onednn::convolution(one.g, batch, p, winograd));
        if (all.size() - our_direct - 1 > best_of.size()) {
          best_of.push_back(all.size() - 1);
          if (!winograd) direct_of.push_back(all.size() - 1);
        }
      }
      const race_result race = bench::race(all, with.kernel_effort(), 1);
      const measure in{.unit = "us", .amount = 0, .time_scale = 1e6, .operations = chosen.operations()};
      const auto times = static_cast<double>(one.times);
      const auto add = [&](std::size_t kind, std::size_t mine,
                           const std::vector<std::size_t>& others) {
        const choice picked = with_fastest(all, race, mine, {others});
        ours[kind] += times * picked.race.of[0].best;
        ours_median[kind] += times * picked.race.of[0].median;
        if (others.empty()) {
          compared = false;
        } else {
          theirs[kind] += times * picked.race.of[1].best;
          theirs_median[kind] += times * picked.race.of[1].median;
        }
        result r = make_result(name, 1, in, picked.contestants, picked.race);
        if (others.empty()) {
          r.missing.push_back(onednn::absence().empty() ? "oneDNN: offers no such algorithm here"
                                                        : onednn::absence());
        }
        return r;
      };
      result best = add(0, 0, best_of), plain = add(1, our_direct, direct_of);
      with.results.add(std::move(best));
      if (our_direct != 0) with.results.add(std::move(plain));
      operations += times * chosen.operations();
      peak = std::max(peak, race.peak);
    }
  }
  for (const std::size_t kind : {std::size_t{0}, std::size_t{1}}) {
    race_result sum;
    sum.of = {{ours[kind], ours_median[kind], {}}};
    sum.peak = peak;
    std::vector<contestant> who{{"tesela", kind == 0 ? "best of each" : "direct", {}}};
    if (compared) {
      sum.of.push_back({theirs[kind], theirs_median[kind], {}});
      who.push_back({"oneDNN", kind == 0 ? "best of each" : "direct", {}});
    }
    const measure in{.unit = "ms", .amount = 0, .time_scale = 1e3, .operations = operations};
    result r = make_result("VGG-11 convolutions, sum", 1, in, who, sum);
    if (!compared) r.missing.push_back(onednn::absence());
    with.results.add(std::move(r));
  }
}

void linear_layers(context& with) {
  const linear_shape shapes[] = {
      {64, 3072, 120}, {64, 120, 84}, {64, 84, 10}, {64, 512, 512}, {512, 512, 512}};
  for (const linear_shape& shape : shapes) {
    product_kernels kernels({.in = {shape.in, 1, 1}, .out = {shape.out, 1, 1}}, shape.batch);
    for (const product p : products) {
      const std::string name =
          fmt::format("{}x{}->{} {}", shape.batch, shape.in, shape.out, name_of(p));
      kernels.check(p, name);
      std::vector<contestant> all{local("tesela", [&] { kernels.run(p); })};
      std::vector<std::vector<std::size_t>> groups;
      const auto add = [&](std::vector<contestant> more) {
        groups.emplace_back();
        for (contestant& one : more) {
          groups.back().push_back(all.size());
          all.push_back(std::move(one));
        }
      };
      add(onednn::linear(shape, p));
      add(openblas::linear(shape, p));
      add(eigen::linear(shape, p));
      const choice picked =
          with_fastest(all, bench::race(all, with.kernel_effort(), 1), 0, groups);
      const measure in{.unit = "us", .amount = 0, .time_scale = 1e6,
                       .operations = kernels.operations()};
      result r = make_result(name, 1, in, picked.contestants, picked.race);
      for (const std::string& absent :
           {onednn::absence(), openblas::absence(), eigen::absence()}) {
        if (!absent.empty()) r.missing.push_back(absent);
      }
      with.results.add(std::move(r));
    }
  }
}

}  // namespace bench
