// SPDX-License-Identifier: MIT
// What a network's training step does to memory: which layers run as one stage, and every pass over
// activations, before and after fusion.
//
//   fmt::print("{}\n", explain(cnn));          // with train/print.hpp; explain(cnn).text() is a std::string
//   static_assert(explain(cnn).forward_writes(0) == 1);
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/network/network.hpp"
#include "tesela/network/stages.hpp"
#include "tesela/network/summary.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <type_traits>

namespace tesela {

// Passes over arrays of activations, once a step: how many are read and written, and how many numbers a
// sample those are. What stays in the cache for a pixel or a tile is not counted.
struct stage_passes {
  std::size_t first = 0;  // number of its first layer
  bool winograd = false;
  std::size_t forward_reads = 0, forward_writes = 0, backward_reads = 0, backward_writes = 0;
  std::size_t copies = 0;  // of a product's input, laid out again for the weight gradient
  std::size_t numbers = 0;

  constexpr std::size_t passes() const {
    return forward_reads + forward_writes + backward_reads + backward_writes + 2 * copies;
  }
};

namespace detail {

// Counts one stage; `derived` is true where the next stage's data gradient applies its derivative.
template <class S>
constexpr stage_passes passes_of(bool first, bool derived) {
  stage_passes p{.first = S::index};
  const auto forward = [&](std::size_t reads, std::size_t writes, std::size_t numbers) {
    p.forward_reads += reads;
    p.forward_writes += writes;
    p.numbers += numbers;
  };
  const auto backward = [&](std::size_t reads, std::size_t writes, std::size_t numbers) {
    p.backward_reads += reads;
    p.backward_writes += writes;
    p.numbers += numbers;
  };
  const std::size_t in = S::input_size, out = S::output_size;
  if constexpr (S::is_product) {
    p.winograd = S::winograd;
    const std::size_t product = S::product_size;
    forward(1, 1, in + out);
    p.copies = 1;
    p.numbers += 2 * in;
    if (S::keeps_product) forward(0, 1, product);
    if (S::pools_apart()) forward(1, 1, 2 * product);
    const bool linear = std::is_same_v<typename S::activation, layers::identity::program>;
    if (S::pooled) {
      // Pooling and activation: y or the product, and dy, to dz.
      backward(2, 1, (S::keeps_product ? product : out) + out + product);
    } else if (!derived && !linear) {
      backward(2, 1, 3 * out);                       // the activation: y and dy to dz
    }
    if (!first) backward(1, 1, product + in);        // dz to dx
    backward(2, 0, in + product);                    // the weight gradient: x and dz
  } else if constexpr (S::pooled) {
    forward(1, 1, in + out);
    if (!first) backward(1, 1, in + out);
  } else {
    forward(1, 1, in + out);
    // A dropout goes back from its bits, which are no activations and not counted.
    constexpr bool bits = S::around::masks;
    if (!first) {
      backward(bits ? 1 : 2, 1, (bits ? 2 : 3) * out);
    } else if (S::around::maps) {
      backward(2, 0, 2 * out);  // for its parameters
    }
  }
  return p;
}

template <class Stages>
struct stage_table;
template <class... Stage>
struct stage_table<meta::list<Stage...>> {
  static constexpr std::size_t count = sizeof...(Stage);
  // Like pass.hpp: a product's data gradient ends with the derivative of an unpooled product before it.
  static constexpr auto all = [] {
    constexpr auto derived_by_next = []<std::size_t... I>(std::index_sequence<I...>) {
      using list = meta::list<Stage...>;
      return std::array<bool, count>{
          ends_with_derivative<meta::at<list, I>, meta::at<list, I + 1>>..., false};
    }(std::make_index_sequence<count - 1>{});
    std::array<stage_passes, count> result{};
    std::size_t i = 0;
    const auto add = [&]<class S>() {
      result[i] = passes_of<S>(i == 0, derived_by_next[i]);
      ++i;
    };
    (add.template operator()<Stage>(), ...);
    return result;
  }();
};

}  // namespace detail

// The stages of a network and what they pass over: a constant. text() is the table.
template <class Net>
struct explanation {
  using fused_table = detail::stage_table<stages_of<Net>>;
  using layer_table = detail::stage_table<stages_of<unfused_network<Net>>>;

  static constexpr std::size_t stage_count = fused_table::count;
  static constexpr const auto& stages = fused_table::all;

  // Arrays of activations that stage i writes on the way forward.
  static constexpr std::size_t forward_writes(std::size_t i) { return stages[i].forward_writes; }

  // Of a whole step: passes, and numbers a sample that they move.
  static constexpr std::size_t passes = [] {
    std::size_t sum = 0;
    for (const stage_passes& one : fused_table::all) sum += one.passes();
    return sum;
  }();
  static constexpr std::size_t unfused_passes = [] {
    std::size_t sum = 0;
    for (const stage_passes& one : layer_table::all) sum += one.passes();
    return sum;
  }();
  static constexpr std::size_t numbers = [] {
    std::size_t sum = 0;
    for (const stage_passes& one : fused_table::all) sum += one.numbers;
    return sum;
  }();
  static constexpr std::size_t unfused_numbers = [] {
    std::size_t sum = 0;
    for (const stage_passes& one : layer_table::all) sum += one.numbers;
    return sum;
  }();

  // A table: stages with their layers, passes forward and back, and the sums with and without fusion.
  std::string text() const {
    const auto all_layers = layers_of(Net{});
    const auto layers_text = [&](std::size_t i) {
      const std::size_t end = i + 1 < stage_count ? stages[i + 1].first : all_layers.size();
      std::string layers;
      for (std::size_t l = stages[i].first; l < end; ++l) {
        if (!layers.empty()) layers += " + ";
        layers.append(std::to_string(l)).append(" ").append(all_layers[l].name);
      }
      if (stages[i].winograd) layers += " (Winograd)";
      return layers;
    };
    std::size_t width = 6;
    for (std::size_t i = 0; i < stage_count; ++i) width = std::max(width, layers_text(i).size());
    const auto padded = [](std::string words, std::size_t to, bool right) {
      if (words.size() < to) {
        const std::string blanks(to - words.size(), ' ');
        words = right ? blanks + words : words + blanks;
      }
      return words;
    };
    const auto line = [&](const std::string& stage, const std::string& layers,
                          const std::string& forward, const std::string& backward) {
      return padded(stage, 5, true) + "  " + padded(layers, width, false) + padded(forward, 9, true) +
             padded(backward, 10, true) + "\n";
    };
    std::string table = line("stage", "layers", "forward", "backward");
    for (std::size_t i = 0; i < stage_count; ++i) {
      table += line(std::to_string(i), layers_text(i),
                    std::to_string(stages[i].forward_reads) + "r " +
                        std::to_string(stages[i].forward_writes) + "w",
                    std::to_string(stages[i].backward_reads) + "r " +
                        std::to_string(stages[i].backward_writes) + "w");
    }
    const auto kilobytes = [](std::size_t count) {
      return std::to_string((count * sizeof(float) + 512) / 1024) + " KB";
    };
    table += "       weight gradients: every product's input is laid out once more for them\n";
    table += "       loss: softmax, cross-entropy and their gradient in one pass over the results\n";
    table += "       update: penalty, clipping and optimiser in one pass over the parameters\n";
    table += "passes over activations: " + std::to_string(passes) + ", " + kilobytes(numbers) +
             " a sample; layer by layer: " + std::to_string(unfused_passes) + ", " +
             kilobytes(unfused_numbers) + "\nwhat this says: docs/look_inside.md";
    return table;
  }
};

// The stages that a network runs in, and the passes over memory before and after fusion.
template <Network Net>
constexpr explanation<Net> explain(Net) {
  return {};
}
// Of a model's network; and as explain<net>(), like summary_text<net>.
template <class Model>
  requires requires { typename Model::network_type; }
constexpr auto explain(const Model&) {
  return explain(typename Model::network_type{});
}
template <auto Net>
  requires Network<decltype(Net)>
constexpr auto explain() {
  return explain(Net);
}

namespace detail {
template <class... Given>
struct explain_call {
  static constexpr sentence complaint =
      sentence("tesela: explain expects a network or a model, but gets ")
      << kinds_of<Given...>() << ": write explain(net).text()";
};
template <class Given>
  requires(is_network<Given> || requires { typename Given::network_type; })
struct explain_call<Given> {
  static constexpr sentence complaint{};
};
}  // namespace detail

// Of anything else it does not compile.
template <class... Given>
  requires Wrong<detail::explain_call<Given...>>
constexpr auto explain(const Given&...) {
  return sizeof(tell<mistake_in<detail::explain_call<Given...>>>());
}

}  // namespace tesela
