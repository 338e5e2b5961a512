// SPDX-License-Identifier: MIT
// What a layer is, and how it says that it does not fit.
//
// A layer is an empty type with
//
//   kind                         what the network does with it (below)
//   name()                       as the user wrote it: "conv2d<16,5>"
//   objection(extents)           empty, or why it cannot follow that shape
//   output(extents)              the shape it gives, where there is no objection
//
// and, where it has weights, geometry(extents). Layers know nothing of their neighbours.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/core/meta.hpp"
#include "tesela/core/text.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/shape/shape.hpp"

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace tesela {

enum class layer_role {
  product,     // weights and bias: a convolution of `geometry`
  activation,  // elementwise, shape kept
  affine,      // a factor and a summand a channel, learnt; shape kept
  mask,        // some numbers become 0 in training, shape kept
  softmax,     // of every pixel's channels, shape kept
  pooling,     // a window moves over the image
  reshape,     // another shape for the same numbers: costs nothing
};

namespace layers {

template <class... Given>
struct layer_called {
  static constexpr sentence complaint =
      sentence("tesela: a layer is a value and expects no parentheses, but is called with ")
      << tesela::detail::kinds_of<Given...>()
      << ": write relu, linear<10> or dropout<0.5>, joined with |";
};

struct layer {
  // relu(), dropout<0.5>(1): what other libraries write. Of numbers alone: whether a layer is a
  // formula or an initializer is asked elsewhere.
  template <class... Numbers>
    requires(std::is_arithmetic_v<Numbers> && ...)
  constexpr auto operator()(const Numbers&...) const {
    return sizeof(tell<mistake_in<layer_called<Numbers...>>>());
  }
};

// Why a layer cannot be where it is: "expects a flat input", "insert flatten before it". `argument`
// is true where the layer's own arguments are wrong, whatever comes in.
struct objection {
  sentence expects;
  sentence remedy;
  bool argument = false;

  constexpr bool none() const { return expects.empty(); }
};

}  // namespace layers

template <class T>
concept Layer = std::is_base_of_v<layers::layer, T>;

// leaky_relu<0.2>: a comparison, where the layer is no template.
namespace layers {
template <class L, class Number>
struct layer_with_numbers {
  static constexpr sentence complaint =
      sentence("tesela: ")
      << L::name()
      << " has no numbers to set in <>: those with one are called leaky_relu_with<0.2>, "
         "elu_with<0.5> and so on";
};
template <Layer L, class Number>
  requires std::is_arithmetic_v<Number>
constexpr auto operator<(const L&, const Number&) {
  return sizeof(tell<mistake_in<layer_with_numbers<L, Number>>>());
}
}  // namespace layers

// Options of layers, in any order: conv2d<64, 3, padding<1>, stride<2>>. One number is for rows and
// columns alike, stride<2, 1> is 2 rows and 1 column. A window is a number or a kernel<...>.
namespace option {
struct kernel {
  grid value;
};
struct stride {
  grid value;
};
struct padding {
  grid value;
};
struct dilation {
  grid value;
};
struct direct {};

// How many pixels, as a template argument: a number or "same", what keeps an image's size.
struct pixels {
  static constexpr std::size_t same = static_cast<std::size_t>(-1), none = same - 1;
  std::size_t count = 0;

  template <class Number>
    requires std::is_arithmetic_v<Number>
  consteval pixels(Number number)
      : count(std::is_integral_v<Number> && number >= 0 ? static_cast<std::size_t>(number) : none) {}
  template <std::size_t N>
  consteval pixels(const char (&word)[N]) : count(std::string_view(word) == "same" ? same : none) {}
};
}  // namespace option

template <std::size_t Rows, std::size_t Columns = Rows>
inline constexpr option::kernel kernel{{Rows, Columns}};
template <std::size_t Rows, std::size_t Columns = Rows>
inline constexpr option::stride stride{{Rows, Columns}};
// padding<"same"> of a convolution keeps the image's size, with stride<1> and a kernel of odd size.
template <option::pixels Rows, option::pixels Columns = Rows>
inline constexpr option::padding padding{{Rows.count, Columns.count}};
// From one tap of a window to the next; between them lie pixels that it does not see.
template <std::size_t Rows, std::size_t Columns = Rows>
inline constexpr option::dilation dilation{{Rows, Columns}};
// A convolution summed as it is written: never by Winograd's algorithm, which is faster and rounds
// differently.
inline constexpr option::direct direct{};

namespace layers::detail {

// How many of the given options are `Option`s.
template <class Option, auto... Given>
constexpr std::size_t count_of() {
  return (std::size_t{0} + ... + std::size_t{std::is_same_v<std::remove_cv_t<decltype(Given)>, Option>});
}

// A layer with an option that it does not take or that is given twice: it fits nowhere.
template <class Meant>
struct misused : Meant {
  template <std::size_t... E>
  static constexpr layers::objection objection(extents<E...>) {
    return {sentence("takes only ") << Meant::options << " as options, each once",
            "name them, as in stride<2>, and remove what is not one of them", true};
  }
};

// The layer itself, where every option given is one of `Known`.
template <class Meant, class Known, auto... Given>
struct with_options;
template <class Meant, class... Known, auto... Given>
struct with_options<Meant, meta::list<Known...>, Given...> {
  static constexpr bool fine = ((count_of<Known, Given...>() <= 1) && ...) &&
                               (std::size_t{0} + ... + count_of<Known, Given...>()) == sizeof...(Given);
  using type = std::conditional_t<fine, Meant, misused<Meant>>;
};

// The value of an option among those given.
template <class Option, auto... Given>
constexpr grid option_or(grid otherwise) {
  [[maybe_unused]] const auto look = [&](auto given) {
    if constexpr (std::is_same_v<decltype(given), Option>) otherwise = given.value;
  };
  (look(Given), ...);
  return otherwise;
}

// From a window's first pixel to its last, those between its taps included.
constexpr grid reach_of(grid kernel, grid dilation) {
  return {(kernel.rows - 1) * dilation.rows + 1, (kernel.columns - 1) * dilation.columns + 1};
}

// "same" as a number, where there is one that keeps the size on both sides alike.
constexpr grid padding_of(grid given, grid reach, grid stride) {
  const auto number = [](std::size_t pixels, std::size_t window, std::size_t step) {
    const bool same = pixels == option::pixels::same && step == 1 && window % 2 == 1;
    return same ? window / 2 : pixels;
  };
  return {number(given.rows, reach.rows, stride.rows),
          number(given.columns, reach.columns, stride.columns)};
}

// A window's size, from 5 or kernel<3, 5>; of anything else, and of a number below 0, there is
// none.
template <class Given>
constexpr grid window_of(Given given) {
  if constexpr (std::is_same_v<Given, option::kernel>) {
    return given.value;
  } else if constexpr (std::is_integral_v<Given>) {
    return given > 0 ? static_cast<std::size_t>(given) : 0;
  } else {
    return 0;
  }
}

// As a user writes them: "2" or "2,1"; "5" or "kernel<3,5>".
constexpr sentence words_of(const grid& of) {
  const auto put = [](sentence& words, std::size_t pixels) {
    if (pixels < option::pixels::none) {
      words << pixels;
    } else {
      words << (pixels == option::pixels::same ? "\"same\"" : "?");
    }
  };
  sentence words;
  put(words, of.rows);
  if (of.columns != of.rows) put(words << ",", of.columns);
  return words;
}
constexpr sentence window_words(const grid& of) {
  return of.rows == of.columns ? words_of(of) : sentence("kernel<") << words_of(of) << ">";
}

}  // namespace layers::detail

}  // namespace tesela
