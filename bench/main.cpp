// SPDX-License-Identifier: MIT
// Runs the benchmarks that were asked for and reports them.
#include "context.hpp"
#include "peers.hpp"
#include "pytorch.hpp"

#include "tesela/kernel/parallel.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

struct named_case {
  const char* name;
  void (*run)(bench::context&);
  const char* words;
};

constexpr named_case cases[] = {
    {"mlp-adam", bench::mlp_adam, "training step of 3072-120-84-10, Adam"},
    {"mlp-sgd", bench::mlp_sgd, "the same, SGD with momentum"},
    {"cnn-adam", bench::cnn_adam, "training step of a small convolutional network, Adam"},
    {"vgg11-sgd", bench::vgg11_sgd, "training step of VGG-11, SGD with momentum"},
    {"checker-adam", bench::checker_adam, "training step of 2-256-256-256-256-2, batch 128, Adam"},
    {"inference-mlp", bench::inference_mlp, "one sample through 3072-120-84-10"},
    {"inference-cnn", bench::inference_cnn, "one sample through the small convolutional network"},
    {"inference-vgg11", bench::inference_vgg11, "one sample through VGG-11"},
    {"convolution", bench::convolutions, "VGG-11's convolutions, three products each, and their sum"},
    {"linear", bench::linear_layers, "linear layers, three products each"},
    {"cross-entropy", bench::cross_entropy, "softmax with loss and gradient, and alone"},
    {"max-pool", bench::max_pooling, "pooling with the winners' places, and back"},
    {"update", bench::updates, "Adam and SGD over 380 thousand and 10 million parameters"},
    {"endings", bench::endings, "training steps with dropout and affine maps, fused, unfused, without"},
    {"expressions", bench::expressions, "fused formulas with their gradients, beside hand-written loops"},
    {"layout", bench::layout, "samples into blocks, from bytes and floats"},
};

}  // namespace

int main(int argc, char** argv) try {
  std::string list;
  for (const named_case& one : cases) list += fmt::format("\n  {:<17} {}", one.name, one.words);

  CLI::App app{"Benchmarks of Tesela beside its peers. Cases:" + list, "bench"};
  bool quick = false, tiny = false, only_list = false, only_self_test = false;
  std::string json;
  std::vector<std::string> wanted;
  std::vector<std::size_t> threads;
  app.add_flag("--quick", quick, "fewer rounds: under two minutes for everything");
  app.add_flag("--tiny", tiny, "a handful of samples: tells whether it works, measures nothing");
  app.add_flag("--list", only_list, "name the cases and end");
  app.add_flag("--self-test", only_self_test, "see whether wrong results are refused, and end");
  app.add_option("--json", json, "also write the results to this file")->type_name("FILE");
  app.add_option("--case", wanted, "only this case; may be repeated")
      ->type_name("NAME")
      ->check([](const std::string& name) {
        const bool known = std::any_of(std::begin(cases), std::end(cases),
                                       [&](const named_case& c) { return name == c.name; });
        return known ? std::string() : "unknown case '" + name + "' (see --help)";
      });
  app.add_option("--threads", threads, "thread counts of the training steps [1 2]")
      ->type_name("N...")
      ->check(CLI::Range(1, 1024));
  CLI11_PARSE(app, argc, argv);

  if (only_list) {
    fmt::print("{}\n", list.substr(1));
    return 0;
  }
  if (only_self_test) {
    bench::self_test();
    return 0;
  }
  if (threads.empty()) {
    threads = {1};
    if (tesela::hardware_threads() > 1) threads.push_back(2);
  }
  bench::use_threads(1);  // what is not a training step is measured on one thread
  bench::report results;
  bench::pytorch torch;
  bench::context with{quick || tiny, tiny, threads, results, torch};
  results.print_header();
  for (const named_case& one : cases) {
    const bool asked = wanted.empty() ||
                       std::find(wanted.begin(), wanted.end(), one.name) != wanted.end();
    if (asked) one.run(with);
  }
  results.print_footer();
  if (!json.empty()) results.write_json(json);
  return 0;
} catch (const std::exception& error) {
  std::fflush(stdout);
  fmt::print(stderr, "bench: {}\n", error.what());
  return 1;
}
