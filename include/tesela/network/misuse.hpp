// SPDX-License-Identifier: MIT
// What can be wrong with the arguments of a model, a workspace and a forward pass, each as a check
// (core/diagnostics.hpp) on the types of the call alone.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/core/seed.hpp"
#include "tesela/kernel/random.hpp"
#include "tesela/network/init.hpp"
#include "tesela/network/network.hpp"
#include "tesela/network/no_setting.hpp"
#include "tesela/tensor/named_tensor.hpp"

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tesela {

template <class Net, class Isa>
class model;
template <class Net>
class workspace;

namespace detail {

template <class Net, class Isa>
inline constexpr std::string_view what_is<model<Net, Isa>> = "a model";
template <class Net>
inline constexpr std::string_view what_is<workspace<Net>> = "a workspace";

template <class T>
concept InitializerLike = requires(const T& initialize, const random_stream& random) {
  { initialize(random, init::fans{}, std::size_t{}) } -> std::convertible_to<float>;
};
template <InitializerLike T>
inline constexpr std::string_view what_is<T> = "an initializer";

// A class argument that carries the check of a call.
template <class Call>
struct wrong_call {
  static constexpr sentence complaint = Call::complaint;
};

// The network of a model or workspace, or what was given for it.
template <class Net>
struct checked_network {
  static constexpr sentence complaint = [] {
    sentence words = "tesela: ";
    if constexpr (is_refused<Net>) {
      return sentence();  // the network has told already
    } else if constexpr (requires { Net::complaint; }) {
      return Net::complaint;
    } else if constexpr (!is_network<Net>) {
      return words << "a model expects a network, but gets " << kind_of<Net>()
                   << ": write model{net, init::he_normal, seed{42}}";
    } else if constexpr (Net::layer_count == 0) {
      return words << "a model expects a network with layers, but gets input<...> alone: join layers "
                      "behind it with |";
    } else {
      return sentence();
    }
  }();
};

// model{network}, model{network, initializer, seed}.
template <class... Given>
struct model_call {
  static constexpr std::string_view example = ": write model{net, init::he_normal, seed{42}}";
  static constexpr sentence complaint = [] {
    return sentence("tesela: model{...} expects a network, an initializer and a seed, but gets ")
           << kinds_of<Given...>() << example;
  }();
};
template <class Net>
struct model_call<Net> {
  static constexpr sentence complaint = checked_network<std::remove_cvref_t<Net>>::complaint;
};
template <class Net, class Initializer, class Seed>
struct model_call<Net, Initializer, Seed> {
  static constexpr sentence complaint = [] {
    using init_type = std::remove_cvref_t<Initializer>;
    sentence words = "tesela: model{net, initializer, seed} expects ";
    if constexpr (Wrong<checked_network<std::remove_cvref_t<Net>>>) {
      if constexpr (InitializerLike<init_type> && std::is_same_v<std::remove_cvref_t<Seed>, seed>) {
        return checked_network<std::remove_cvref_t<Net>>::complaint;
      } else {
        return words << "these in this order, but gets " << kinds_of<Net, Initializer, Seed>()
                     << ": write model{net, init::he_normal, seed{42}}";
      }
    } else if constexpr (!InitializerLike<init_type>) {
      return words << "as its second argument an initializer, but gets " << kind_of<Initializer>()
                   << ": write init::he_normal, or a function of (random_stream, init::fans, index)";
    } else if constexpr (!std::is_convertible_v<Seed, seed>) {
      return words << "a seed as its third argument, but gets " << kind_of<Seed>()
                   << ": write seed{42}";
    } else {
      return sentence();
    }
  }();
};
template <class Model>
  requires(what_is<std::remove_cvref_t<Model>> == "a model")
struct model_call<Model> {  // a copy
  static constexpr sentence complaint{};
};

template <class>
inline constexpr bool never = false;

template <class Model>
struct model_copy {
  static constexpr sentence complaint =
      "tesela: a model is not copied: pass it as model&, or make a second one and give it the weights "
      "with second.load_state_dict(first.state_dict())";
};

// best = model.
template <class Model>
struct model_assignment {
  static constexpr sentence complaint =
      "tesela: a model is not assigned to another: give the other its weights with "
      "best.load_state_dict(model.state_dict()), or move it with best = std::move(model)";
};

// workspace{network, samples}.
template <class... Given>
struct workspace_call {
  static constexpr sentence complaint =
      sentence("tesela: workspace{...} expects a network and the samples it has room for, but gets ")
      << kinds_of<Given...>() << ": write workspace room{net, 64}";
};
template <class Net, class Samples>
  requires((is_network<std::remove_cvref_t<Net>> || is_refused<Net>) &&
           std::is_integral_v<std::remove_cvref_t<Samples>>)
struct workspace_call<Net, Samples> {
  static constexpr sentence complaint{};
};
template <class Workspace>
  requires(what_is<std::remove_cvref_t<Workspace>> == "a workspace")
struct workspace_call<Workspace> {  // a copy
  static constexpr sentence complaint{};
};

template <class T>
concept Floats = std::is_convertible_v<T, std::span<const float>>;

// The extent of an array or span that knows it at compile time.
template <class T>
constexpr std::size_t static_extent() {
  if constexpr (requires(T& floats) { std::span(floats); }) {
    return decltype(std::span(std::declval<T&>()))::extent;
  } else {
    return std::dynamic_extent;
  }
}

// model.forward(samples, workspace).
template <class Net, class... Given>
struct forward_call {
  static constexpr sentence complaint =
      sentence("tesela: forward expects the samples and a workspace, but gets ")
      << kinds_of<Given...>() << ": write model.forward(pixels, room)";
};
template <class Net, class Samples, class Room>
struct forward_call<Net, Samples, Room> {
  static constexpr std::size_t inputs = Net::input.size;
  static constexpr sentence complaint = [] {
    using room_type = std::remove_cvref_t<Room>;
    constexpr std::size_t extent = static_extent<Samples>();
    sentence words = "tesela: forward(samples, room) expects ";
    if constexpr (is_refused<Room>) {
      return sentence();
    } else if constexpr (!Floats<Samples>) {
      words << "samples as floats in one piece, but gets " << kind_of<Samples>() << ": ";
      if constexpr (what_is<std::remove_cvref_t<Samples>> == "a workspace") {
        return words << "write the samples first, model.forward(pixels, room)";
      } else if constexpr (what_is<std::remove_cvref_t<Samples>> == "a dataset") {
        return words << "write trainer.evaluate(samples), or copy_sample each into a vector";
      } else {
        return words << "write std::vector<float> pixels(samples * model.inputs)";
      }
    } else if constexpr (extent != std::dynamic_extent && extent % inputs != 0) {
      return words << "a multiple of " << inputs << " floats (" << Net::input.name()
                   << " a sample), but gets " << extent << ": give whole samples";
    } else if constexpr (what_is<room_type> != "a workspace") {
      return words << "a workspace, but gets " << kind_of<Room>()
                   << ": write workspace room{net, samples} and give it";
    } else if constexpr (!std::is_same_v<room_type, workspace<Net>>) {
      return words << "a workspace of its own network, but gets one of another network: write "
                      "workspace room{model.network, samples}";
    } else if constexpr (!std::is_same_v<Room, room_type&>) {
      return words << "a workspace that it may write to and that outlives the results, but gets a "
                   << (std::is_const_v<std::remove_reference_t<Room>> ? "const" : "temporary")
                   << " one: write workspace room{net, samples} first";
    } else {
      return sentence();
    }
  }();
};

// model.forward({1, 2, 3}, room).
template <class Net, class... Given>
struct forward_of_braces {
  static constexpr sentence complaint = sentence(
                                            "tesela: forward(samples, room) expects samples as "
                                            "floats that stay, but gets braces: write const "
                                            "float sample[]{...}, ")
                                        << Net::input.size
                                        << " numbers, and model.forward(sample, room)";
};

// model.load_state_dict(tensors).
template <class... Given>
struct load_state_dict_call {
  static constexpr sentence complaint =
      sentence("tesela: load_state_dict expects named tensors, but gets ")
      << kinds_of<Given...>()
      << ": give what state_dict() returned, or load a file with io::load_safetensors(model, path)";
};
template <class Tensors>
  requires std::is_convertible_v<Tensors, std::span<const named_tensor>>
struct load_state_dict_call<Tensors> {
  static constexpr sentence complaint{};
};

// Options of `fit` under every name that other libraries have for them, in any type: what takes
// braces with a misspelt or mistyped option.
struct any_options {
  anything epochs{}, epoch{}, num_epochs{}, n_epochs{}, max_epochs{}, batch{}, batch_size{},
      validation{}, validation_set{}, validation_data{}, val{}, test{}, seed{}, threads{},
      num_threads{}, schedule{}, scheduler{}, lr_scheduler{}, momentum_schedule{}, shuffle{},
      learning_rate{}, lr{}, loss{}, optimizer{}, callbacks{}, verbose{};
};

// What other libraries' models do, and who does it here.
enum class elsewhere { training, running, files, modes, tables };
template <elsewhere Where, class... Given>
struct done_elsewhere {
  static constexpr sentence complaint =
      Where == elsewhere::training
          ? "tesela: a model is trained and evaluated by a trainer: write trainer teacher{model, "
            "cross_entropy, adam{}} and teacher.fit(...) or teacher.evaluate(...)"
      : Where == elsewhere::running
          ? "tesela: a model runs by forward, in a workspace that you bring: write workspace "
            "room{net, samples} and model.forward(pixels, room)"
      : Where == elsewhere::modes ? "tesela: a model has no modes: forward never drops anything "
                                    "out, and only a trainer does"
      : Where == elsewhere::tables
          ? "tesela: a model prints no table of itself: write std::puts(summary(model).c_str())"
          : "tesela: a model is kept in a safetensors file: write io::save_safetensors(model, "
            "path) or "
            "io::load_safetensors(model, path)";
};

// Not part of a model: each of these does not compile and says what to write.
struct not_of_a_model : no_setting {
  template <class Samples, class Options = any_options, class... More>
  auto fit(const Samples&, const Options&, const More&...) const {
    return sizeof(tell<mistake_in<done_elsewhere<elsewhere::training, Samples, Options, More...>>>());
  }
  template <class... Given>
  auto evaluate(const Given&...) const {
    return sizeof(tell<mistake_in<done_elsewhere<elsewhere::training, Given...>>>());
  }
  template <class... Given>
  auto predict(const Given&...) const {
    return sizeof(tell<mistake_in<done_elsewhere<elsewhere::running, Given...>>>());
  }
  // Its result is not deduced, so that a model may be asked whether it can be called.
  template <class... Given>
  std::span<const float> operator()(const Given&...) const {
    (void)sizeof(tell<mistake_in<done_elsewhere<elsewhere::running, Given...>>>());
    return {};
  }
  template <class... Given>
  auto eval(const Given&...) const {
    return sizeof(tell<mistake_in<done_elsewhere<elsewhere::modes, Given...>>>());
  }
  template <class... Given>
  auto train(const Given&...) const {
    return sizeof(tell<mistake_in<done_elsewhere<elsewhere::modes, Given...>>>());
  }
  template <class... Given>
  auto summary(const Given&...) const {
    return sizeof(tell<mistake_in<done_elsewhere<elsewhere::tables, Given...>>>());
  }
  template <class... Given>
  auto save(const Given&...) const {
    return sizeof(tell<mistake_in<done_elsewhere<elsewhere::files, Given...>>>());
  }
  template <class... Given>
  auto load(const Given&...) const {
    return sizeof(tell<mistake_in<done_elsewhere<elsewhere::files, Given...>>>());
  }
};

// summary(network).
template <class... Given>
struct summary_call {
  static constexpr sentence complaint = sentence("tesela: summary expects a network or a model, but gets ")
                                        << kinds_of<Given...>() << ": write summary(net)";
};
template <class Given>
  requires(Network<Given> || requires { typename Given::network_type; })
struct summary_call<Given> {
  static constexpr sentence complaint{};
};

}  // namespace detail

}  // namespace tesela
