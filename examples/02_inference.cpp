// SPDX-License-Identifier: MIT
// Runs a trained network: weights from a file, one const model, a workspace for each thread.
//   02_inference cnn.safetensors
// run:
#include <tesela/tesela.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <span>
#include <string>
#include <thread>
#include <vector>

namespace ts = tesela;

inline constexpr auto trained = ts::input<3, 32, 32>
    | ts::conv2d<6, 5>  | ts::relu | ts::max_pool2d<2>
    | ts::conv2d<16, 5> | ts::relu | ts::max_pool2d<2>
    | ts::flatten
    | ts::linear<120>   | ts::relu
    | ts::linear<80>    | ts::relu
    | ts::linear<10>;
// Softmax has no weights: the file is that of the network as it was trained.
inline constexpr auto cnn = trained | ts::softmax;

using classifier = decltype(ts::model{cnn});

struct answer {
  std::size_t label;
  float probability;
  bool operator==(const answer&) const = default;
};

// What `pixels`, a whole number of images, show. The weights are const: any number of threads may use
// them, each with memory of its own, which is all that a call needs.
std::vector<answer> classify(const classifier& model, std::span<const float> pixels) {
  constexpr std::size_t together = 64;
  ts::workspace room{cnn, together};
  std::vector<answer> answers;
  while (!pixels.empty()) {
    const std::size_t next = std::min(pixels.size(), together * model.inputs);
    std::span<const float> all = model.forward(pixels.first(next), room);
    for (; !all.empty(); all = all.subspan(model.outputs)) {
      const auto mine = all.first(model.outputs);
      const auto best = std::max_element(mine.begin(), mine.end());
      answers.push_back({static_cast<std::size_t>(best - mine.begin()), *best});
    }
    pixels = pixels.subspan(next);
  }
  return answers;
}

int main(int argc, char** argv) try {
  std::string path = "02_inference.safetensors";
  if (argc > 1) {
    path = argv[1];
  } else {  // no file was given: one with weights that know nothing yet
    ts::io::save_safetensors(ts::model{trained, ts::init::he_normal, ts::seed{42}}, path);
  }

  classifier model{cnn};  // all weights zero, to be loaded
  ts::io::load_safetensors(model, path);

  const ts::data::dataset images = ts::data::shapes({.train = 1, .test = 200}).test;
  std::vector<float> pixels(images.size() * images.features());
  for (std::size_t i = 0; i < images.size(); ++i) {
    images.copy_sample(i, std::span(pixels).subspan(i * images.features(), images.features()));
  }

  std::vector<std::vector<answer>> found(2);
  std::vector<std::jthread> threads;
  for (std::vector<answer>& mine : found) {
    threads.emplace_back([&] { mine = classify(model, pixels); });
  }
  threads.clear();  // waits

  std::size_t right = 0;
  for (std::size_t i = 0; i < images.size(); ++i) {
    if (found[0][i].label == static_cast<std::size_t>(images.label(i))) ++right;
  }
  fmt::print("the first image is a {} with probability {:.2f}; {} of {} images right, {}\n",
             images.class_names()[found[0][0].label], found[0][0].probability, right, images.size(),
             found[0] == found[1] ? "the same in both threads" : "but the threads disagree");
  return found[0] == found[1] ? 0 : 1;
} catch (const std::exception& failure) {
  fmt::print(stderr, "error: {}\n", failure.what());
  return 1;
}
