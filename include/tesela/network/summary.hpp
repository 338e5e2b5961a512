// SPDX-License-Identifier: MIT
// A network as text: its layers one by one, for people and for comparing a file with a program.
#pragma once

#include "tesela/core/meta.hpp"
#include "tesela/network/network.hpp"

#include <cstddef>
#include <string>
#include <type_traits>
#include <vector>

namespace tesela {

// "conv2d<6,5>" that gives "6x28x28".
struct layer_summary {
  std::string name, output;
  std::size_t parameters = 0;
  std::size_t macs = 0;  // multiply-adds of one sample forward
};

// In order, numbered from 0 as in errors and weight names; the input is not among them.
template <Network Net>
std::vector<layer_summary> layers_of(Net) {
  using placed_layers = typename Net::placed_layers;
  std::vector<layer_summary> all;
  meta::for_each_index<Net::layer_count>([&](auto i) {
    using placed = meta::at<placed_layers, i()>;
    all.push_back({std::string(placed::layer::name().view()),
                   std::string(placed::output_type::name().view()), placed::parameter_count(),
                   placed::macs()});
  });
  return all;
}

// One line: "input<3,32,32> | conv2d<6,5> | relu | ...", as the user wrote it.
template <Network Net>
std::string text_of(Net net) {
  std::string words(Net::input.name().view());
  for (char& c : words) {
    if (c == 'x') c = ',';
  }
  words = "input<" + words + ">";
  for (const layer_summary& layer : layers_of(net)) words += " | " + layer.name;
  return words;
}

// A table of several lines: number, layer, output, parameters.
template <Network Net>
std::string summary(Net net) {
  const std::vector<layer_summary> layers = layers_of(net);
  std::size_t name_width = 5, output_width = 6;
  for (const layer_summary& layer : layers) {
    name_width = layer.name.size() > name_width ? layer.name.size() : name_width;
    output_width = layer.output.size() > output_width ? layer.output.size() : output_width;
  }
  const auto right = [](std::string words, std::size_t width) {
    return words.size() < width ? std::string(width - words.size(), ' ') + words : words;
  };
  const auto line = [&](const std::string& number, std::string name, std::string output,
                        const std::string& parameters) {
    name.resize(name_width, ' ');
    output.resize(output_width, ' ');
    return right(number, 5) + "  " + name + "  " + output + "  " + right(parameters, 10) + "\n";
  };
  std::string table = line("", "layer", "output", "parameters");
  table += line("", "input", std::string(Net::input.name().view()), "");
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const layer_summary& layer = layers[i];
    table += line(std::to_string(i), layer.name, layer.output,
                  layer.parameters == 0 ? "" : std::to_string(layer.parameters));
  }
  return table + line("", "total", "", std::to_string(Net::parameter_count));
}

}  // namespace tesela
