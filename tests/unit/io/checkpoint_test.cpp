// SPDX-License-Identifier: MIT
// Checkpoints: a killed and resumed run ends with the bytes of one that was not, and no damaged or
// foreign file changes anything.
#include "tesela/io/checkpoint.hpp"

#include "tesela/data/shapes.hpp"
#include "tesela/data/split.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/model.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/noisy_sgd.hpp"
#include "tesela/optim/penalty.hpp"
#include "tesela/optim/schedule.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/early_stopping.hpp"
#include "tesela/train/trainer.hpp"

#include "unit/io/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace tesela;

constexpr auto net = input<3, 32, 32> | conv2d<2, 5> | relu | max_pool2d<4> | flatten |
                     linear<6> | relu | linear<10>;

const data::two_parts& samples() {
  static const auto parts =
      data::split(data::shapes({.train = 150, .test = 1}).train, 0.8, seed{5});
  return parts;
}

// Everything a run of training owns, made anew as another process would.
template <class Rule>
struct run {
  model<std::remove_cv_t<decltype(net)>> network{net, init::he_normal, seed{11}};
  trainer<decltype(network), cross_entropy_loss, Rule> teacher;

  explicit run(Rule rule = {}) : teacher(network, cross_entropy, rule) {}

  template <class... Callbacks>
  history fit(std::size_t epochs, Callbacks&&... callbacks) {
    return teacher.fit(samples().first,
                       {.epochs = epochs, .batch = 32, .validation = &samples().second,
                        .seed = seed{9}, .threads = 1},
                       callbacks...);
  }
  std::vector<float> bytes() {
    std::vector<float> all(network.parameters().begin(), network.parameters().end());
    for (std::size_t s = 0; s < Rule::slots; ++s) {
      all.insert(all.end(), teacher.optimizer_slot(s).begin(), teacher.optimizer_slot(s).end());
    }
    return all;
  }
};

// A checkpoint after two epochs of Adam.
std::filesystem::path two_epochs(const tests::temporary_folder& folder) {
  const auto path = folder / "two.ckpt";
  run<adam>().fit(2, checkpoint{path});
  return path;
}

// The file at `path` with something changed.
std::filesystem::path changed(const std::filesystem::path& path,
                              const std::function<void(io::safetensors_content&)>& change) {
  io::safetensors_content content = io::read_safetensors(path);
  change(content);
  const auto to = path.parent_path() / "changed.ckpt";
  io::write_safetensors(to, content.tensors, content.metadata);
  return to;
}

// The message of resuming from `path`; the trainer must be as it was and train as it would have.
template <class Rule = adam>
std::string refusal_of(const std::filesystem::path& path) {
  run<Rule> tried;
  const std::vector<float> before = tried.bytes();
  const std::string words = tests::refusal<io_error>([&] { io::resume(tried.teacher, path); });
  BOOST_TEST((tried.bytes() == before));
  BOOST_TEST(tried.teacher.steps() == 0u);
  BOOST_TEST(tried.fit(1).size() == 1u);
  return words.substr(words.find("': ") == words.npos ? 0 : words.find("': ") + 3);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(checkpoints)

BOOST_AUTO_TEST_CASE(a_resumed_run_ends_with_the_bytes_of_one_that_was_not_interrupted) {
  const tests::temporary_folder folder;
  run<adam> straight;
  const history whole = straight.fit(4, checkpoint{folder / "straight.ckpt"});

  run<adam>().fit(2, checkpoint{folder / "half.ckpt"});
  run<adam> resumed;
  io::resume(resumed.teacher, folder / "half.ckpt");
  const history rest = resumed.fit(4, checkpoint{folder / "half.ckpt"});

  BOOST_TEST((resumed.bytes() == straight.bytes()));
  BOOST_TEST(tests::bytes_of(folder / "half.ckpt") == tests::bytes_of(folder / "straight.ckpt"));
  BOOST_TEST(resumed.teacher.steps() == straight.teacher.steps());
  BOOST_REQUIRE(rest.size() == whole.size());
  for (std::size_t e = 0; e < whole.size(); ++e) {
    BOOST_TEST(rest[e].epoch == whole[e].epoch);
    BOOST_TEST(rest[e].epochs == 4u);
    BOOST_TEST(rest[e].train.loss == whole[e].train.loss);
    BOOST_TEST(rest[e].validation.loss == whole[e].validation.loss);
    BOOST_TEST(rest[e].validation.accuracy == whole[e].validation.accuracy);
    BOOST_TEST(rest[e].steps == whole[e].steps);
  }
  BOOST_TEST(folder.entries() == 2);
}

BOOST_AUTO_TEST_CASE(the_same_holds_for_momentum) {
  const tests::temporary_folder folder;
  const sgd rule{.learning_rate = 0.05f, .momentum = 0.9f};
  run<sgd> straight(rule);
  straight.fit(3);
  run<sgd> first(rule);
  first.fit(1, checkpoint{folder / "c"});
  run<sgd> resumed(rule);
  io::resume(resumed.teacher, folder / "c");
  resumed.fit(3);
  BOOST_TEST((resumed.bytes() == straight.bytes()));
  run<sgd> without;
  without.fit(1);
  BOOST_TEST((without.bytes() != straight.bytes()));
}

BOOST_AUTO_TEST_CASE(without_momentum_nothing_is_remembered_but_for_a_schedule) {
  const tests::temporary_folder folder;
  const auto options = [](std::size_t epochs, bool scheduled) {
    fit_options all{.epochs = epochs, .batch = 32, .seed = seed{9}, .threads = 1};
    if (scheduled) all.momentum_schedule = [](const auto& at) { return 0.25 * (at.epoch + 1); };
    return all;
  };
  for (const bool scheduled : {false, true}) {
    run<sgd> straight;
    straight.teacher.fit(samples().first, options(3, scheduled));
    BOOST_TEST(straight.teacher.optimizer_slot(0).empty() == !scheduled);
    run<sgd> first;
    first.teacher.fit(samples().first, options(1, scheduled), checkpoint{folder / "c"});
    run<sgd> resumed;
    io::resume(resumed.teacher, folder / "c");
    resumed.teacher.fit(samples().first, options(3, scheduled));
    BOOST_TEST((resumed.bytes() == straight.bytes()));
  }
}

BOOST_AUTO_TEST_CASE(early_stopping_goes_on_where_it_was) {
  // So large a rate that the loss soon gets worse.
  const adam rule{.learning_rate = 0.05f};
  const early_stopping stop{.patience = 3};
  run<adam> straight(rule);
  const history whole = straight.fit(40, stop);
  BOOST_REQUIRE(whole.size() < 40u);
  const std::size_t best = straight.teacher.progress().best_epoch;
  BOOST_REQUIRE(best > 0u);

  for (const std::size_t killed_after : {std::size_t{1}, best, best + 1, best + 2, best + 3}) {
    for (const bool saved_before_judged : {false, true}) {
      const tests::temporary_folder folder;
      const checkpoint save{folder / "c"};
      run<adam> first(rule);
      if (saved_before_judged) {
        first.fit(killed_after, save, stop);
      } else {
        first.fit(killed_after, stop, save);
      }
      run<adam> resumed(rule);
      io::resume(resumed.teacher, folder / "c");
      BOOST_TEST_CONTEXT("killed after epoch " << killed_after) {
        BOOST_TEST(resumed.fit(40, stop, save).size() == whole.size());
        BOOST_TEST((resumed.bytes() == straight.bytes()));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(the_tensors_have_names_that_others_read) {
  const tests::temporary_folder folder;
  const auto content = io::read_safetensors(two_epochs(folder));
  std::vector<std::string> names;
  for (const named_tensor& t : content.tensors) names.push_back(t.name);
  const std::vector<std::string> own{"0.weight", "0.bias", "4.weight",
                                     "4.bias",   "6.weight", "6.bias"};
  std::vector<std::string> expected = own;
  for (const char* slot : {"optimizer.0.", "optimizer.1."}) {
    for (const std::string& name : own) expected.push_back(slot + name);
  }
  BOOST_TEST(names == expected, boost::test_tools::per_element());
  BOOST_TEST(content.metadata.at("epoch") == "2");
  BOOST_TEST(content.metadata.at("steps") == "8");
  BOOST_TEST(content.metadata.at("seed") == "9");
  BOOST_TEST(content.metadata.at("batch") == "32");
  BOOST_TEST(content.metadata.at("optimizer") == "adam");
  BOOST_TEST(content.metadata.at("optimizer_settings") ==
             "learning_rate=0.001 beta1=0.9 beta2=0.999 epsilon=1e-08 weight_decay=0");
  BOOST_TEST(content.metadata.at("network") ==
             "input 3x32x32;conv2d<2,5> 2x28x28;relu 2x28x28;max_pool2d<4> 2x7x7;flatten 98;"
             "linear<6> 6;relu 6;linear<10> 10");
}

BOOST_AUTO_TEST_CASE(a_finished_run_that_is_resumed_has_nothing_to_do) {
  const tests::temporary_folder folder;
  const auto path = two_epochs(folder);
  run<adam> resumed;
  io::resume(resumed.teacher, path);
  const std::vector<float> before = resumed.bytes();
  BOOST_TEST(resumed.fit(2).size() == 2u);
  BOOST_TEST((resumed.bytes() == before));
}

BOOST_AUTO_TEST_CASE(only_the_next_fit_goes_on) {
  const tests::temporary_folder folder;
  const auto path = two_epochs(folder);
  run<adam> resumed;
  io::resume(resumed.teacher, path);
  resumed.fit(3);
  BOOST_TEST(resumed.fit(1).front().epoch == 1u);
}

BOOST_AUTO_TEST_CASE(another_seed_would_see_another_order_and_is_refused) {
  const tests::temporary_folder folder;
  run<adam> resumed;
  io::resume(resumed.teacher, two_epochs(folder));
  BOOST_TEST(tests::refusal<usage_error>([&] {
               resumed.teacher.fit(samples().first, {.epochs = 3, .batch = 32, .seed = seed{1}});
             }) ==
             "fit: the run to go on with has seed 9, but the options have seed 1: it would not see "
             "the samples in its order");
  BOOST_TEST(resumed.fit(3).size() == 3u);
}

// Two epochs, kept, and gone on with by a trainer that was made otherwise.
template <class First, class Second>
std::string refusal_between(const First& first, const Second& second) {
  const tests::temporary_folder folder;
  constexpr auto small = input<3, 32, 32> | flatten | linear<10>;
  const fit_options options{.epochs = 2, .batch = 32, .seed = seed{9}, .threads = 1};
  model one{small, init::he_normal, seed{11}}, other{small, init::he_normal, seed{11}};
  auto from = first(one);
  from.fit(samples().first, options, checkpoint{folder / "c"});
  auto to = second(other);
  const auto bytes = other.state_dict();
  try {
    io::resume(to, folder / "c");
  } catch (const io_error& refusal) {
    BOOST_TEST(other.state_dict()[0].values == bytes[0].values);
    const std::string words = refusal.what();
    return words.substr(words.find("': ") + 3);
  }
  return "";
}

BOOST_AUTO_TEST_CASE(what_a_run_trains_with_must_be_as_it_was) {
  const std::string ending = ", and would not end as it would have";
  const auto decayed = [](float lambda) {
    return [=](auto& network) {
      return trainer(network, cross_entropy, sgd{}, penalty::l2{lambda}, clip_norm{2.0f});
    };
  };
  BOOST_TEST(refusal_between(decayed(0.5f), decayed(0.5f)) == "");
  BOOST_TEST(refusal_between(decayed(0.5f), decayed(0.25f)) ==
             "its penalties and clippings are 'l2 0.5; clip_norm 2' in the file, but 'l2 0.25; clip_norm 2' "
             "in the program" + ending);
  const auto noisy = [](std::uint64_t of_noise, float smoothing) {
    return [=](auto& network) {
      return trainer(network, cross_entropy_loss{.label_smoothing = smoothing, .class_weights = {}},
                     noisy_sgd{.sigma = 0.5f, .seed = seed{of_noise}});
    };
  };
  BOOST_TEST(refusal_between(noisy(1, 0), noisy(1, 0)) == "");
  BOOST_TEST(refusal_between(noisy(1, 0), noisy(2, 0))
                 .starts_with("its optimizer has the settings 'learning_rate=0.01 sigma=0.5 noise="));
  BOOST_TEST(refusal_between(noisy(1, 0), noisy(1, 0.125f)) ==
             "its loss is 'cross_entropy 0' in the file, but 'cross_entropy 0.125' in the program" + ending);
}

BOOST_AUTO_TEST_CASE(other_batches_samples_and_schedules_are_refused) {
  const tests::temporary_folder folder;
  const auto with = [](learning_rate_schedule schedule, std::size_t batch = 32) {
    return fit_options{.epochs = 3, .batch = batch, .seed = seed{9}, .threads = 1,
                       .schedule = std::move(schedule)};
  };
  run<sgd> first;
  fit_options two = with(step_lr{.step_size = 1, .gamma = 0.5});
  two.epochs = 2;
  first.teacher.fit(samples().first, two, checkpoint{folder / "c"});
  run<sgd> resumed;
  io::resume(resumed.teacher, folder / "c");
  const auto refusal = [&](const fit_options& options, const data::dataset& set) {
    return tests::refusal<usage_error>([&] { resumed.teacher.fit(set, options); });
  };
  const std::string start = "fit: the run to go on with has ";
  BOOST_TEST(refusal(with(step_lr{.step_size = 1, .gamma = 0.5}, 16), samples().first) ==
             start + "batches of 32, but the options have 16: its steps would be others");
  BOOST_TEST(refusal(with(step_lr{.step_size = 1, .gamma = 0.5}), samples().second) ==
             start + "120 samples, but the dataset has 30: its steps would be others");
  BOOST_TEST(refusal(with({}), samples().first) == start + "a schedule, but the options have no schedule");
  BOOST_TEST(refusal(with(step_lr{.step_size = 1, .gamma = 0.25}), samples().first) ==
             start + "the rate 0.005 in epoch 2, where the schedule gives 0.0025 now");
  run<sgd> straight;
  straight.teacher.fit(samples().first, with(step_lr{.step_size = 1, .gamma = 0.5}));
  resumed.teacher.fit(samples().first, with(step_lr{.step_size = 1, .gamma = 0.5}));
  BOOST_TEST((resumed.bytes() == straight.bytes()));
}

BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_written_is_found_before_training) {
  const tests::temporary_folder folder;
  run<adam> tried;
  const std::vector<float> before = tried.bytes();
  const auto path = folder / "no" / "c";
  BOOST_TEST(tests::refusal<io_error>([&] { tried.fit(1, checkpoint{path}); }) ==
             "cannot write '" + path.string() + "': the folder '" + (folder / "no").string() +
                 "' does not exist; create it first");
  BOOST_TEST((tried.bytes() == before));
}

BOOST_AUTO_TEST_CASE(a_checkpoint_of_another_network_is_refused_with_the_layer_that_differs) {
  const tests::temporary_folder folder;
  const auto path = folder / "other";
  const auto write = [&](auto other) {
    model network{other, init::he_normal, seed{1}};
    trainer teacher{network, cross_entropy, adam{}};
    const training_state state = teacher.state();
    io::write_safetensors(path, state.tensors, state.metadata);
  };
  write(input<3, 32, 32> | conv2d<2, 5> | relu | max_pool2d<4> | flatten | linear<8> | relu |
        linear<10>);
  BOOST_TEST(refusal_of(path) ==
             "it is of another network: layer 4 is linear<6> giving 6 in the program, but linear<8> "
             "giving 8 in the file");
  write(input<3, 32, 32> | conv2d<2, 5> | relu | max_pool2d<4> | flatten | linear<6>);
  BOOST_TEST(refusal_of(path) ==
             "it is of another network: layer 5 is relu giving 6 in the program, but there is none "
             "in the file");
  write(input<3, 36, 32> | conv2d<2, 5> | relu | max_pool2d<4> | flatten | linear<6> | relu |
        linear<10>);
  BOOST_TEST(refusal_of(path) ==
             "it is of another network: the input is 3x32x32 in the program, but 3x36x32 in the "
             "file");
}

BOOST_AUTO_TEST_CASE(another_optimizer_is_refused) {
  const tests::temporary_folder folder;
  BOOST_TEST(refusal_of<sgd>(two_epochs(folder)) ==
             "its optimizer is adam, but the trainer's is sgd");
}

BOOST_AUTO_TEST_CASE(weights_alone_are_no_checkpoint) {
  const tests::temporary_folder folder;
  run<adam> some;
  io::save_safetensors(some.network, folder / "weights");
  BOOST_TEST(refusal_of(folder / "weights") ==
             "it holds no training state (no metadata 'format: tesela training 1'); weights alone "
             "are for load_safetensors");
}

BOOST_AUTO_TEST_CASE(a_state_that_is_not_whole_is_refused) {
  const tests::temporary_folder folder;
  const auto path = two_epochs(folder);
  using content = io::safetensors_content;
  const auto without = [&](const std::string& key) {
    return refusal_of(changed(path, [&](content& c) { c.metadata.erase(key); }));
  };
  for (const char* key : {"network", "optimizer", "optimizer_settings", "penalties", "loss", "schedules",
                          "momentum", "seed", "batch", "epoch", "steps", "history",
                          "best_epoch", "best_loss"}) {
    BOOST_TEST(without(key) == std::string("its metadata lacks '") + key + "'");
  }
  const auto with = [&](const std::string& key, const std::string& value) {
    return refusal_of(changed(path, [&](content& c) { c.metadata[key] = value; }));
  };
  for (const char* value : {"", "two", "-1", "1.5", "99999999999999999999", "2 "}) {
    BOOST_TEST(with("steps", value) ==
               std::string("its steps is '") + value + "', expected a number");
  }
  BOOST_TEST(with("history", "1 2") == "its history is '', expected a number");
  BOOST_TEST(with("history", "\x1b[2J") == "its history is '?[2J', expected a number");
  BOOST_TEST(with("epoch", "7") ==
             "it contradicts itself: 2 epochs in its history, but epoch 7");
  BOOST_TEST(with("best_epoch", "7") == "it contradicts itself: 2 epochs in its history, but best "
                                        "epoch 7");
  BOOST_TEST(with("best_epoch", "1") == "in 'best.': tensor 0.weight (2x3x5x5) is missing");
  BOOST_TEST(refusal_of(changed(path, [](content& c) { c.tensors.erase(c.tensors.begin()); })) ==
             "tensor 0.weight (2x3x5x5) is missing");
  BOOST_TEST(refusal_of(changed(path, [](content& c) { c.tensors.pop_back(); })) ==
             "in 'optimizer.1.': tensor 6.bias (10) is missing");
  BOOST_TEST(refusal_of(changed(path, [](content& c) {
               c.tensors.push_back({"extra", {1}, {1.0f}});
             })) == "tensor extra belongs to no layer of the network");
}

BOOST_AUTO_TEST_CASE(a_file_cut_anywhere_is_refused) {
  const tests::temporary_folder folder;
  const std::string whole = tests::bytes_of(two_epochs(folder));
  for (const std::size_t size : {std::size_t{0}, std::size_t{7}, std::size_t{100},
                                 whole.size() / 2, whole.size() - 1}) {
    tests::fill(folder / "cut", std::string_view(whole).substr(0, size));
    BOOST_TEST(!refusal_of(folder / "cut").empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
