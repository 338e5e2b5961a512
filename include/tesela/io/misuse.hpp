// SPDX-License-Identifier: MIT
// What can be wrong with the arguments of saving, loading and resuming, as checks
// (core/diagnostics.hpp) on types alone.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/tensor/named_tensor.hpp"

#include <concepts>
#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tesela {

namespace detail {

template <>
inline constexpr std::string_view what_is<std::filesystem::path> = "a path";

}  // namespace detail

struct curve_options;

namespace io {

// Whatever can list its parameters under PyTorch's names; `load_state_dict` checks names and shapes
// itself and changes nothing when it throws.
template <class Model>
concept StateSource = requires(const Model& model) {
  { model.state_dict() } -> std::convertible_to<std::vector<named_tensor>>;
};
template <class Model>
concept StateTarget = requires(Model& model, std::span<const named_tensor> state) {
  model.load_state_dict(state);
};

namespace detail {

using tesela::detail::is_refused;
using tesela::detail::kind_of;
using tesela::detail::kinds_of;

template <class T>
concept Path = std::is_convertible_v<T, std::filesystem::path>;

template <class... Given>
struct save_call {
  static constexpr sentence complaint =
      sentence("tesela: save_safetensors expects a model and a path, but gets ")
      << kinds_of<Given...>() << ": write io::save_safetensors(model, path)";
};
template <class Model, Path P>
  requires(StateSource<std::remove_cvref_t<Model>> || is_refused<Model>)
struct save_call<Model, P> {
  static constexpr sentence complaint{};
};

template <class... Given>
struct load_call {
  static constexpr sentence complaint =
      sentence("tesela: load_safetensors expects a model and a path, but gets ")
      << kinds_of<Given...>() << ": write io::load_safetensors(model, path)";
};
template <class Model, Path P>
  requires(StateTarget<std::remove_cvref_t<Model>> || is_refused<Model>)
struct load_call<Model, P> {
  static constexpr sentence complaint = [] {
    sentence words = "tesela: load_safetensors expects a model that it may change, but gets a ";
    if constexpr (is_refused<Model>) {
      return sentence();
    } else if constexpr (std::is_const_v<std::remove_reference_t<Model>>) {
      return words << "const one: drop the const";
    } else if constexpr (!std::is_lvalue_reference_v<Model>) {
      return words << "temporary one: write model model{net} first and give that";
    } else {
      return sentence();
    }
  }();
};

// write_safetensors(path, tensors), read_safetensors(path).
template <class... Given>
struct write_call {
  static constexpr sentence complaint =
      sentence("tesela: write_safetensors expects a path and tensors, but gets ")
      << kinds_of<Given...>()
      << ": write io::write_safetensors(path, tensors), or io::save_safetensors(model, path)";
};
template <Path P, class Tensors, class... Metadata>
  requires(std::is_convertible_v<Tensors, std::span<const named_tensor>> && sizeof...(Metadata) < 2)
struct write_call<P, Tensors, Metadata...> {
  static constexpr sentence complaint{};
};
template <class... Given>
struct read_call {
  static constexpr sentence complaint =
      sentence("tesela: read_safetensors expects a path alone, but gets ")
      << kinds_of<Given...>()
      << ": write io::read_safetensors(path), or io::load_safetensors(model, path)";
};
template <Path P>
struct read_call<P> {
  static constexpr sentence complaint{};
};

// A trainer can load a state; io knows no more of it.
template <class... Given>
struct resume_call {
  static constexpr sentence complaint =
      sentence("tesela: resume expects a trainer and a path, but gets ")
      << kinds_of<Given...>() << ": write io::resume(trainer, path)";
};
template <class Trainer, Path P>
  requires(is_refused<Trainer> || requires(Trainer& t) { t.optimizer_slot(std::size_t{}); })
struct resume_call<Trainer, P> {
  static constexpr sentence complaint{};
};

// checkpoint{path}, or a copy of one.
template <class Self, class... Given>
struct checkpoint_call {
  static constexpr sentence complaint = sentence("tesela: checkpoint expects the path of its file, but gets ")
                                        << kinds_of<Given...>() << ": write checkpoint{path}";
};
template <class Self, class Given>
  requires(Path<Given> || std::is_same_v<std::remove_cvref_t<Given>, Self>)
struct checkpoint_call<Self, Given> {
  static constexpr sentence complaint{};
};

// learning_curve{path, options}, or a copy of one.
template <class Self, class... Given>
struct learning_curve_call {
  static constexpr sentence complaint =
      sentence("tesela: learning_curve expects the path of a .png, .svg or .csv, but gets ")
      << kinds_of<Given...>() << ": write learning_curve{path}";
};
template <class Self, class First, class... More>
  requires((Path<First> && sizeof...(More) == 0) || std::is_same_v<std::remove_cvref_t<First>, Self>)
struct learning_curve_call<Self, First, More...> {
  static constexpr sentence complaint{};
};
template <class Self, class First, class Options>
  requires Path<First>
struct learning_curve_call<Self, First, Options> {
  static constexpr sentence complaint =
      std::is_convertible_v<const Options&, const curve_options&>
          ? sentence()
          : sentence("tesela: learning_curve expects its settings in braces, but gets ")
                << kind_of<Options>() << ": write learning_curve{path, {.title = name}}";
};

// plot_learning_curve(path, history).
template <class... Given>
struct plot_call {
  static constexpr sentence complaint =
      sentence("tesela: plot_learning_curve expects the history of fit and a path, but gets ")
      << kinds_of<Given...>()
      << ": write plot_learning_curve(history, path, {.title = name})";
};
template <class History, Path P, class... More>
  requires(requires(const History& past) { past.front().train; } && sizeof...(More) < 3)
struct plot_call<History, P, More...> {
  static constexpr sentence complaint{};
};

}  // namespace detail

}  // namespace io

}  // namespace tesela
