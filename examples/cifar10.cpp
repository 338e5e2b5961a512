// SPDX-License-Identifier: MIT
// The demo: trains a network of your choice on colour images and shows everything on the way.
// run: --quick --epochs 2 --curve cifar10-example.png
#include <tesela/tesela.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <limits>
#include <new>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ts = tesela;

inline constexpr auto cnn = ts::input<3, 32, 32>
    | ts::conv2d<6, 5>  | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<16, 5> | ts::relu | ts::max_pool2d<2>
    | ts::flatten
    | ts::linear<120>   | ts::relu
    | ts::linear<80>    | ts::relu
    | ts::linear<10>;

inline constexpr auto mlp = ts::input<3, 32, 32>
    | ts::flatten
    | ts::linear<120> | ts::relu
    | ts::linear<84>  | ts::relu
    | ts::linear<10>;

const std::string version = fmt::format("{}.{}.{}", TESELA_VERSION_MAJOR, TESELA_VERSION_MINOR,
                                        TESELA_VERSION_PATCH);

// ---- What the user may ask for -----------------------------------------------------------------

struct flags {
  std::string data, network = "cnn", optimizer = "adam", normalization = "minus-one-one";
  std::size_t epochs = 10, batch = 64, threads = 0, patience = 0;
  std::uint64_t seed = 42;
  std::optional<double> learning_rate;
  std::optional<double> validation;
  std::string json, save, checkpoint, resume, curve = "learning-curve.png";
  bool quick = false;
};

// A check of a flag's value: what it must be, where it is not.
template <class Number, class Test>
CLI::Validator must(std::string be, Test test) {
  return CLI::Validator(
      [be, test](std::string& words) {
        Number value{};
        const bool fine = CLI::detail::lexical_cast(words, value) && test(value);
        return fine ? std::string() : fmt::format("must be {}, not '{}'", be, words);
      },
      "");
}

constexpr std::size_t most_seed = std::numeric_limits<std::int64_t>::max();

CLI::Validator whole(std::size_t least, std::size_t most) {
  return must<std::int64_t>(
      fmt::format("a whole number from {} to {}", least, most), [=](std::int64_t value) {
        return value >= static_cast<std::int64_t>(least) && value <= static_cast<std::int64_t>(most);
      });
}

CLI::Validator one_of(std::vector<std::string> names) {
  const std::string list = fmt::format("{}", fmt::join(names, ", "));
  return must<std::string>("one of " + list, [names](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  });
}

void describe(CLI::App& app, flags& f) {
  const auto option = [&](const char* name, auto& value, const char* kind, const char* words) {
    return app.add_option(name, value, words)->type_name(kind);
  };
  option("--data", f.data, "DIR", "the folder cifar-10-batches-bin (default: generated images)")
      ->check(must<std::string>("a folder", [](const std::string& s) { return !s.empty(); }));
  option("--network", f.network, "NAME", "cnn (or m07), mlp (or m01) [cnn]")
      ->check(one_of({"cnn", "m07", "mlp", "m01"}));
  option("--epochs", f.epochs, "N", "passes over the training images [10]")
      ->check(whole(1, 1'000'000));
  option("--batch", f.batch, "N", "images in a training step [64]")->check(whole(1, 8192));
  option("--threads", f.threads, "N", "the result is the same for any number [all processors]")
      ->check(whole(1, 1024));
  option("--seed", f.seed, "N", "of weights, order and split [42]")
      ->check(whole(0, most_seed));
  option("--optimizer", f.optimizer, "NAME", "adam, or sgd with momentum 0.9 [adam]")
      ->check(one_of({"adam", "sgd"}));
  option("--learning-rate", f.learning_rate, "X", "[adam 0.001, sgd 0.01]")
      ->check(must<double>("a positive number", [](double x) {
        const auto rate = static_cast<float>(x);
        return std::isfinite(rate) && rate > 0;
      }));
  option("--normalization", f.normalization, "NAME", "minus-one-one or z-score [minus-one-one]")
      ->check(one_of({"minus-one-one", "z-score"}));
  option("--validation", f.validation, "FRACTION",
         "of the training images, held back [0.1; with --data 0, as in published results]")
      ->check(must<double>("at least 0 and below 1", [](double x) { return x >= 0 && x < 1; }));
  option("--patience", f.patience, "N",
         "stop after N epochs without a better loss, keep the best weights [off]")
      ->check(whole(1, 1'000'000));
  option("--json", f.json, "FILE", "write the final figures as JSON");
  option("--curve", f.curve, "FILE", "the picture: .png, .svg or .csv [learning-curve.png]");
  option("--save", f.save, "FILE", "write the weights as safetensors, for PyTorch and others");
  option("--checkpoint", f.checkpoint, "FILE", "write the state of training after every epoch");
  option("--resume", f.resume, "FILE", "go on from a checkpoint");
  app.add_flag("--quick", f.quick, "a few images only, to see that everything works");
}

// A mistake in the flags, in words of our own where those of CLI11 are terse.
std::string usage_sentence(const CLI::App& app, const CLI::ParseError& mistake) {
  std::string words = mistake.what();
  if (dynamic_cast<const CLI::ExtrasError*>(&mistake) != nullptr) {
    words = fmt::format("unknown flag {}", fmt::join(app.remaining(), " "));
  } else if (dynamic_cast<const CLI::ArgumentMismatch*>(&mistake) != nullptr) {
    words = words.substr(0, words.find(':')) + " needs a value";
  }
  return words + " (--help lists the flags)";
}

int complain(const std::string& sentence, int code) {
  fmt::print(stderr, "error: {}\n", sentence);
  return code;
}

// Every file to be written is tried before training, not after it.
void check_files(const flags& f) {
  const std::vector<std::pair<const char*, std::string>> files = {
      {"--curve", f.curve}, {"--json", f.json}, {"--save", f.save}, {"--checkpoint", f.checkpoint}};
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto& [flag, path] = files[i];
    if (path.empty()) continue;
    try {
      if (i == 0) ts::check_curve_path(path);
      const ts::io::atomic_file attempt(path);
    } catch (const ts::usage_error& refusal) {
      throw ts::usage_error(fmt::format("{}: {}", flag, refusal.what()));
    } catch (const ts::error& refusal) {
      throw ts::io_error(fmt::format("{}: {}", flag, refusal.what()));
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (path == files[j].second) {
        throw ts::usage_error(fmt::format("{} and {} name the same file '{}'", files[j].first, flag,
                                          path));
      }
    }
  }
  if (!f.resume.empty()) const ts::io::input_file attempt(f.resume);
}

// ---- What it is trained on ---------------------------------------------------------------------

struct images {
  std::string name;
  ts::data::dataset fit, validation, test;
  bool validates = false;
};

ts::data::dataset first(const ts::data::dataset& all, std::size_t count) {
  std::vector<std::uint32_t> positions(std::min(count, all.size()));
  std::iota(positions.begin(), positions.end(), std::uint32_t{0});
  return all.subset(positions);
}

images load(const flags& f) {
  constexpr std::size_t quick_train = 1000, quick_test = 200;
  auto [train, test] = [&] {
    if (!f.data.empty()) return ts::data::cifar10(f.data);
    if (f.quick) return ts::data::shapes({.train = quick_train, .test = quick_test});
    return ts::data::shapes();
  }();
  if (f.quick) {
    train = first(train, quick_train);
    test = first(test, quick_test);
  }
  const double held_back = f.validation.value_or(f.data.empty() ? 0.1 : 0.0);
  images set{f.data.empty() ? "shapes" : "cifar10", train, train, test, held_back > 0};
  if (set.validates) {
    auto [fit, validation] = ts::data::split(train, 1 - held_back, ts::seed{f.seed});
    set.fit = fit;
    set.validation = validation;
  }
  if (f.normalization == "z-score") {
    const auto normalize = ts::data::z_score::fit(set.fit);
    set.fit = normalize(set.fit);
    set.validation = normalize(set.validation);
    set.test = normalize(set.test);
  }
  return set;
}

// ---- Training and its results ------------------------------------------------------------------

// How many images of each class are told right, in two columns.
template <class Trainer>
void print_classes(Trainer& trainer, const ts::data::dataset& test) {
  std::vector<std::vector<std::uint32_t>> positions(test.classes());
  for (std::uint32_t i = 0; i < test.size(); ++i) {
    positions[static_cast<std::size_t>(test.label(i))].push_back(i);
  }
  const std::size_t rows = (test.classes() + 1) / 2;
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t c = row; c < test.classes(); c += rows) {
      const auto& mine = positions[c];
      const double accuracy = mine.empty() ? NAN : trainer.evaluate(test.subset(mine)).accuracy;
      fmt::print("  {:<12} {:5.1f} %    ", test.class_names()[c], 100 * accuracy);
    }
    fmt::print("\n");
  }
}

template <class Net, class Rule>
void train(Net net, const Rule& rule, const flags& f, const images& set) {
  ts::model model{net, ts::init::he_normal, ts::seed{f.seed}};
  ts::trainer trainer{model, ts::cross_entropy, rule};
  if (!f.resume.empty()) {
    ts::io::resume(trainer, f.resume);
    fmt::print("resumed from '{}' after epoch {}\n", f.resume, trainer.progress().past.size());
  }
  std::fflush(stdout);

  const ts::fit_options options{.epochs = f.epochs,
                                .batch = f.batch,
                                .validation = set.validates ? &set.validation : nullptr,
                                .seed = ts::seed{f.seed},
                                .threads = f.threads};
  std::optional<ts::early_stopping> stopping;
  if (f.patience > 0) stopping = ts::early_stopping{.patience = f.patience};
  std::optional<ts::checkpoint> saving;
  if (!f.checkpoint.empty()) saving.emplace(f.checkpoint);
  const ts::history past = trainer.fit(set.fit, options, ts::progress_bar{}, stopping, saving);

  double seconds = 0, trained = 0;
  for (const ts::epoch_report& epoch : past) {
    seconds += epoch.seconds;
    if (epoch.seconds > 0) trained += static_cast<double>(epoch.train.samples);
  }
  const double images_per_second = seconds > 0 ? trained / seconds : 0;
  const ts::metrics on_train = trainer.evaluate(set.fit), on_test = trainer.evaluate(set.test);
  fmt::print("\ntest accuracy {:.2f} %, loss {:.4f} ({} images; on the training images {:.2f} %)\n",
             100 * on_test.accuracy, on_test.loss, on_test.samples, 100 * on_train.accuracy);
  print_classes(trainer, set.test);
  fmt::print("trained in {:.1f} s, {:.0f} images/s\n", seconds, images_per_second);

  if (!f.curve.empty()) {
    const auto drawn = ts::plot_learning_curve(
        past, f.curve,
        {.title = fmt::format("{} on {}, {} epochs, {:.1f} % of the test images right", f.network,
                              set.name == "shapes" ? "generated shapes" : "CIFAR-10", past.size(),
                              100 * on_test.accuracy),
         .test_loss = on_test.loss,
         .test_accuracy = on_test.accuracy});
    fmt::print("learning curve: {}\n", drawn.string());
  }
  if (!f.save.empty()) {
    ts::io::save_safetensors(model, f.save);
    fmt::print("weights: {}\n", f.save);
  }
  if (!f.json.empty()) {
    const nlohmann::ordered_json json = {
        {"version", version},
        {"simd_target", ts::simd_target},
        {"network", net.parameter_count == cnn.parameter_count ? "m07" : "m01"},
        {"parameters", net.parameter_count},
        {"dataset", set.name},
        {"train_images", set.fit.size()},
        {"validation_images", set.validates ? set.validation.size() : 0},
        {"test_images", set.test.size()},
        {"normalization", f.normalization},
        {"optimizer", Rule::name},
        {"learning_rate", std::stod(fmt::format("{}", rule.learning_rate))},
        {"batch", f.batch},
        {"threads", trainer.threads()},
        {"seed", f.seed},
        {"epochs", past.size()},
        {"steps", trainer.steps()},
        {"train_accuracy", on_train.accuracy},
        {"train_loss", on_train.loss},
        {"test_accuracy", on_test.accuracy},
        {"test_loss", on_test.loss},
        {"images_per_second", images_per_second},
        {"seconds", seconds}};
    const std::string text = json.dump(2) + "\n";
    ts::io::atomic_file file(f.json);
    file.write(text.data(), text.size());
    file.commit();
    fmt::print("figures: {}\n", f.json);
  }
}

template <class Net>
void run(Net net, const flags& f) {
  const bool is_adam = f.optimizer == "adam";
  const float rate = static_cast<float>(f.learning_rate.value_or(is_adam ? 1e-3 : 1e-2));
  const std::size_t threads = f.threads > 0 ? f.threads : ts::hardware_threads();
  const images set = load(f);
  fmt::print("Tesela {}, {}, {} thread{}\n\n{}\n", version, ts::simd_target, threads,
             threads == 1 ? "" : "s", ts::summary(net));
  fmt::print("{}: {} images to train on, {} to validate, {} to test\n{}, learning rate {}, batch {}, "
             "seed {}\n\n",
             set.name == "shapes" ? "generated shapes" : f.data, set.fit.size(),
             set.validates ? set.validation.size() : 0, set.test.size(), f.optimizer, rate, f.batch,
             f.seed);
  if (is_adam) {
    train(net, ts::adam{.learning_rate = rate}, f, set);
  } else {
    train(net, ts::sgd{.learning_rate = rate, .momentum = 0.9f}, f, set);
  }
}

int main(int argc, char** argv) {
  flags f;
  CLI::App app{"Trains a network on colour images in ten classes and draws its learning curve.",
               "cifar10"};
  describe(app, f);
  constexpr int bad_data = 1, bad_usage = 2;
  try {
    app.parse(argc, argv);
    check_files(f);
    if (ts::simd_target == "SCALAR" || ts::simd_target == "EMU128") {
      fmt::print(stderr,
                 "warning: built without SIMD ({}), many times slower than it could be: "
                 "configure with -DTESELA_SIMD=native\n",
                 ts::simd_target);
    }
    if (f.network == "cnn" || f.network == "m07") {
      run(cnn, f);
    } else {
      run(mlp, f);
    }
    return 0;
  } catch (const CLI::CallForHelp& help) {
    return app.exit(help);
  } catch (const CLI::ParseError& mistake) {
    return complain(usage_sentence(app, mistake), bad_usage);
  } catch (const ts::usage_error& mistake) {
    return complain(mistake.what(), bad_usage);
  } catch (const std::bad_alloc&) {
    return complain("out of memory; a smaller --batch needs less", bad_data);
  } catch (const std::exception& failure) {
    return complain(failure.what(), bad_data);
  }
}
