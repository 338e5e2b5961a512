// SPDX-License-Identifier: MIT
// A network as text: its layers one by one, for people and for comparing a file with a program.
//
//   fmt::print("{}", summary(cnn));            // a table of layers
//   constexpr auto& table = summary_text<cnn>;  // the same, written by the compiler
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/meta.hpp"
#include "tesela/network/misuse.hpp"
#include "tesela/network/network.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

namespace tesela {

// "conv2d<6,5>" that gives "6x28x28".
struct layer_summary {
  std::string_view name, output;
  std::size_t parameters = 0;
  std::size_t macs = 0;   // multiply-adds of one sample forward
  std::size_t bytes = 0;  // of what it gives for one sample
};

namespace detail {

// The words of a layer's or a shape's name, no longer than they are.
template <class Named>
inline constexpr auto name_text = [] {
  constexpr sentence words = Named::name();
  text<words.size() + 1> result;
  for (std::size_t i = 0; i < words.size(); ++i) result.value[i] = words.characters[i];
  return result;
}();

// A table and no code, so that a layer more costs the compiler next to nothing.
template <class List>
struct layer_table;
template <class... Placed>
struct layer_table<meta::list<Placed...>> {
  static constexpr std::array<layer_summary, sizeof...(Placed)> rows{layer_summary{
      name_text<typename Placed::layer>.view(), name_text<typename Placed::output_type>.view(),
      Placed::parameter_count(), Placed::macs(), Placed::output_type::size * sizeof(float)}...};
};

}  // namespace detail

// In order, numbered from 0 as in errors and weight names; the input is not among them.
template <Network Net>
constexpr std::span<const layer_summary> layers_of(Net) {
  return detail::layer_table<typename Net::placed_layers>::rows;
}

// One line: "input<3,32,32> | conv2d<6,5> | relu | ...", as the user wrote it.
template <Network Net>
std::string text_of(Net net) {
  std::string words(Net::input.name().view());
  for (char& c : words) {
    if (c == 'x') c = ',';
  }
  words = "input<" + words + ">";
  for (const layer_summary& layer : layers_of(net)) words.append(" | ").append(layer.name);
  return words;
}

namespace detail {

// "61,482".
constexpr sentence grouped(std::size_t number) {
  const sentence digits = sentence() << number;
  sentence words;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) words << ",";
    words << digits.view().substr(i, 1);
  }
  return words;
}

// Writes the table, line by line, to `out`: a string, or what counts or keeps characters while compiling.
template <class Net, class Out>
constexpr void write_summary(Out& out) {
  std::size_t name = 5, output = 6, bytes = 0;
  const auto grow = [](std::size_t& width, std::size_t least) {
    if (width < least) width = least;
  };
  const auto put = [&](std::string_view words, std::size_t width, bool right) {
    const std::size_t blanks = words.size() < width ? width - words.size() : 0;
    if (right) out.append(blanks, ' ');
    out.append(words);
    if (!right) out.append(blanks, ' ');
  };
  const auto line = [&](const sentence& number, const sentence& layer, const sentence& gives,
                        const sentence& parameters, const sentence& macs, const sentence& memory) {
    put(number.view(), 5, true);
    put("", 2, true);
    put(layer.view(), name, false);
    put("", 2, true);
    put(gives.view(), output, false);
    put(parameters.view(), 14, true);
    put(macs.view(), 16, true);
    put(memory.view(), 14, true);
    out.append(std::string_view("\n"));
  };
  const auto unless_zero = [](std::size_t n) { return n == 0 ? sentence() : grouped(n); };
  const auto each = [](const auto& f) {
    meta::for_each_index<Net::layer_count>([&](auto i) {
      f(i(), meta::at<typename Net::placed_layers, i()>{});
    });
  };

  grow(output, Net::input.name().size());
  each([&]<class Placed>(std::size_t, Placed) {
    grow(name, Placed::layer::name().size());
    grow(output, Placed::output_type::name().size());
  });
  line("", "layer", "output", "parameters", "multiply-adds", "bytes");
  line("", "input", Net::input.name(), "", "", grouped(Net::input.size * sizeof(float)));
  each([&]<class Placed>(std::size_t i, Placed) {
    constexpr std::size_t mine = Placed::output_type::size * sizeof(float);
    bytes += mine;
    line(grouped(i), Placed::layer::name(), Placed::output_type::name(),
         unless_zero(Placed::parameter_count()), unless_zero(Placed::macs()), grouped(mine));
  });
  line("", "total", "", grouped(Net::parameter_count), grouped(Net::macs), grouped(bytes));
}

struct counted_text {
  std::size_t size = 0;
  constexpr void append(std::size_t count, char) { size += count; }
  constexpr void append(std::string_view words) { size += words.size(); }
};
template <std::size_t N>
struct kept_text : text<N> {
  std::size_t size = 0;
  constexpr void append(std::size_t count, char c) {
    for (std::size_t i = 0; i < count; ++i) this->value[size++] = c;
  }
  constexpr void append(std::string_view words) {
    for (char c : words) this->value[size++] = c;
  }
};

}  // namespace detail

// A table: number, layer, output of one sample, parameters, multiply-adds, bytes of the output; the last
// line holds the sums. What a program needs in memory, memory_plan says: results that are no longer
// needed share their place.
template <Network Net>
std::string summary(Net) {
  std::string table;
  detail::write_summary<Net>(table);
  return table;
}

// The same of a model's network.
template <class Model>
  requires requires { typename Model::network_type; }
std::string summary(const Model&) {
  return summary(typename Model::network_type{});
}

// summary<net>(), as explain<net>().
template <auto Net>
  requires Network<decltype(Net)>
std::string summary() { return summary(Net); }

// The same table as a constant: summary_text<cnn>.view() is a std::string_view.
template <auto Net>
inline constexpr auto summary_text = [] {
  using net = std::remove_cv_t<decltype(Net)>;
  constexpr std::size_t length = [] {
    detail::counted_text counter;
    detail::write_summary<net>(counter);
    return counter.size;
  }();
  detail::kept_text<length + 1> table;
  detail::write_summary<net>(table);
  return static_cast<text<length + 1>>(table);
}();

template <class... Given>
  requires Wrong<detail::summary_call<Given...>>
constexpr auto summary(const Given&...) {
  return sizeof(tell<mistake_in<detail::summary_call<Given...>>>());
}

}  // namespace tesela
