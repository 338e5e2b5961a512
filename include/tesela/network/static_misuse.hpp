// SPDX-License-Identifier: MIT
// What can be wrong with the arguments of a static_model, a static_workspace and their forward
// pass: misuse.hpp for networks whose memory is in the object.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/network/misuse.hpp"
#include "tesela/network/network.hpp"

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

namespace tesela {

template <class Net, class Isa>
class static_model;
template <class Net>
class static_workspace;

namespace detail {

template <class Net, class Isa>
inline constexpr std::string_view what_is<static_model<Net, Isa>> = "a static_model";
template <class Net>
inline constexpr std::string_view what_is<static_workspace<Net>> = "a static_workspace";

// What can be a network's weights: so many floats in one piece, a number known at compile time.
template <class Weights, class Net>
concept WeightsOf = std::is_convertible_v<Weights, std::span<const float, Net::parameter_count>>;

// The network of a static_model or static_workspace, or what was given for it.
template <class Net>
struct checked_static_network {
  static constexpr sentence complaint = [] {
    sentence words = "tesela: a static_model expects ";
    if constexpr (requires { Net::complaint; }) {
      return Net::complaint;
    } else if constexpr (!is_network<Net>) {
      return words << "a network, but gets " << kind_of<Net>() << ": write static_model model{net}";
    } else if constexpr (Net::layer_count == 0) {
      return words
             << "a network with layers, but gets input<...> alone: join layers behind it with |";
    } else {
      return sentence();
    }
  }();
};

// static_model{network}, static_model{network, weights}.
template <class... Given>
struct static_model_call {
  static constexpr sentence complaint =
      sentence("tesela: static_model{...} expects a network and its weights, but gets ")
      << kinds_of<Given...>() << ": write static_model model{net, weights}";
};
template <class Net>
struct static_model_call<Net> {
  static constexpr sentence complaint = checked_static_network<std::remove_cvref_t<Net>>::complaint;
};
template <class Given, class Weights>
requires(is_network<std::remove_cvref_t<Given>>) struct static_model_call<Given, Weights> {
  using Net = std::remove_cvref_t<Given>;
  static constexpr sentence complaint = [] {
    sentence words = checked_static_network<Net>::complaint;
    if constexpr (checked_static_network<Net>::complaint.empty() && !WeightsOf<Weights, Net>) {
      words << "tesela: static_model{net, weights} expects " << Net::parameter_count
            << " floats, a number known when compiling, but gets ";
      if constexpr (!Floats<Weights>) {
        words << kind_of<Weights>();
      } else if constexpr (static_extent<Weights>() == std::dynamic_extent) {
        words << "any number of them";
      } else {
        words << static_extent<Weights>();
      }
      words << ": write float weights[net.parameter_count]";
    }
    return words;
  }();
};
template <class Model>
requires(what_is<std::remove_cvref_t<Model>> ==
         "a static_model") struct static_model_call<Model> {  // a copy, which the class refuses
  static constexpr sentence complaint{};
};

// load_weights of a const or constexpr one.
template <int>
struct loaded_const_model {
  static constexpr sentence complaint =
      "tesela: load_weights expects a static_model that it may change, but gets a const one: write static "
      "static_model model{net}";
};

// static_workspace{network}.
template <class... Given>
struct static_workspace_call {
  static constexpr sentence complaint =
      sentence(
          "tesela: static_workspace{...} has room for one sample and expects the network alone, "
          "but gets ")
      << kinds_of<Given...>() << ": write static_workspace room{net}";
};
template <class Given>
struct static_workspace_call<Given> {
  using net = std::remove_cvref_t<Given>;
  static constexpr sentence complaint = checked_static_network<net>::complaint;
};
template <class Workspace>
requires(what_is<std::remove_cvref_t<Workspace>> ==
         "a static_workspace") struct static_workspace_call<Workspace> {  // a copy, which the class
                                                                          // refuses
  static constexpr sentence complaint{};
};

// static_model.forward(sample, room).
template <class Net, class... Given>
struct static_forward_call {
  static constexpr sentence complaint =
      sentence("tesela: forward expects a sample and a static_workspace, but gets ")
      << kinds_of<Given...>() << ": write model.forward(pixels, room)";
};
template <class Net, class Sample, class Room>
struct static_forward_call<Net, Sample, Room> {
  static constexpr sentence complaint = [] {
    using room_type = std::remove_cvref_t<Room>;
    constexpr std::size_t inputs = Net::input.size, extent = static_extent<Sample>();
    sentence words = "tesela: forward(sample, room) of a static_model expects ";
    if constexpr (is_refused<Room>) {
      return sentence();
    } else if constexpr (!Floats<Sample> || extent != inputs) {
      words << "one sample of " << inputs << " floats (" << Net::input.name() << "), but gets ";
      if constexpr (!Floats<Sample>) {
        return words << kind_of<Sample>() << ": write float pixels[model.inputs]";
      } else if constexpr (extent == std::dynamic_extent) {
        return words << "any number of floats: write std::span(pixels).first<" << inputs << ">()";
      } else {
        return words << extent << ": call it for one sample after the other";
      }
    } else if constexpr (what_is<room_type> != "a static_workspace") {
      return words << "a static_workspace, but gets " << kind_of<Room>()
                   << ": write static_workspace room{net} and give it";
    } else if constexpr (!std::is_same_v<room_type, static_workspace<Net>>) {
      return words
             << "a static_workspace of its own network, but gets one of another network: write "
                "static_workspace room{model.network}";
    } else if constexpr (!std::is_same_v<Room, room_type&>) {
      return words << "a static_workspace that it may write to and that outlives the results, but "
                      "gets a "
                   << (std::is_const_v<std::remove_reference_t<Room>> ? "const" : "temporary")
                   << " one: write static_workspace room{net} first";
    } else {
      return sentence();
    }
  }();
};

}  // namespace detail

}  // namespace tesela
