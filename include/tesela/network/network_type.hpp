// SPDX-License-Identifier: MIT
// A network as a type: layers, each at the place behind the one before it, with all shapes between them.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/meta.hpp"
#include "tesela/kernel/geometry.hpp"
#include "tesela/layer/layer.hpp"

#include <cstddef>
#include <type_traits>

namespace tesela {

// A layer at its place: what it receives, what it gives, what it costs for one sample.
template <class LayerType, class Input>
struct placed {
  using layer = LayerType;
  using input_type = Input;
  using output_type = decltype(LayerType::output(Input{}));

  static constexpr bool has_weights = LayerType::kind == layer_role::product;

  static constexpr std::size_t parameter_count() {
    if constexpr (has_weights) {
      constexpr convolution g = LayerType::geometry(Input{});
      return g.weight_count() + g.out.channels;
    } else if constexpr (LayerType::kind == layer_role::affine) {
      return 2 * LayerType::channels(Input{});
    } else {
      return 0;
    }
  }
  // Multiplications with additions, as they are counted in the literature: taps that fall into the
  // padding count, though the kernels skip them.
  static constexpr std::size_t macs() {
    if constexpr (has_weights) {
      constexpr convolution g = LayerType::geometry(Input{});
      return g.weight_count() * g.out.pixels();
    } else {
      return 0;
    }
  }
};

namespace detail {

// net.add(layer), net |= layer.
template <class... Given>
struct grown_network {
  static constexpr sentence complaint =
      "tesela: a network is a constant and does not grow: write inline constexpr auto longer = net "
      "| "
      "linear<10>";
};
template <class... Given>
struct network_table {
  static constexpr sentence complaint =
      "tesela: the table of a network is a function: write summary(net)";
};

}  // namespace detail

// Layers and all shapes between them, as a type: what input<3, 32, 32> | conv2d<6, 5> | relu makes.
template <class Input, class... Placed>
struct network {
  using input_type = Input;
  using placed_layers = meta::list<Placed...>;

  static constexpr std::size_t layer_count = sizeof...(Placed);
  static constexpr Input input{};
  static constexpr auto output = typename meta::last<Input, typename Placed::output_type...>{};

  // What other libraries write does not compile and says what to write.
  template <class... Given>
  constexpr auto add(const Given&...) const {
    return sizeof(tell<mistake_in<detail::grown_network<Given...>>>());
  }
  template <class... More>
  constexpr network& operator=(const network<Input, Placed..., More...>&)
    requires(sizeof...(More) > 0)
  {
    (void)sizeof(tell<mistake_in<detail::grown_network<More...>>>());
    return *this;
  }
  template <class... Given>
  constexpr auto summary(const Given&...) const {
    return sizeof(tell<mistake_in<detail::network_table<Given...>>>());
  }

  // Weights and biases of all layers; multiply-adds of one sample forward.
  static constexpr std::size_t parameter_count = (std::size_t{0} + ... + Placed::parameter_count());
  static constexpr std::size_t macs = (std::size_t{0} + ... + Placed::macs());
};

// network{input<4>, linear<8>, relu}: a list, as other libraries have it.
namespace detail {
template <class... Layers>
struct listed_layers {
  static constexpr sentence complaint =
      "tesela: layers are joined by |, not listed: write inline constexpr auto net = input<784> | linear<64> "
      "| relu | linear<10>";
};
}  // namespace detail
template <class... Layers>
struct network<detail::listed_layers<Layers...>> : detail::refused {
  char told[sizeof(tell<mistake_in<detail::listed_layers<Layers...>>>())];
  template <class... Given>
  constexpr network(const Given&...) {}
};
template <class First, class Second, class... More>
network(const First&, const Second&, const More&...)
    -> network<detail::listed_layers<First, Second, More...>>;

// The same network, computed layer by layer: nothing is fused. Results are the same bytes; for
// measurements, and to find out whether fusion is to blame.
template <class Net>
struct unfused_network : Net {};

// Whether a type is a network, fused or not.
template <class T>
inline constexpr bool is_network = false;
template <class Net>
inline constexpr bool is_network<unfused_network<Net>> = is_network<Net>;
template <class Input, class... Placed>
inline constexpr bool is_network<network<Input, Placed...>> = true;
template <class... Layers>
inline constexpr bool is_network<network<detail::listed_layers<Layers...>>> = false;

// Any of these, const or not.
template <class T>
concept Network = is_network<std::remove_cvref_t<T>>;

}  // namespace tesela
