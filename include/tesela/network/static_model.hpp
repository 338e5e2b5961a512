// SPDX-License-Identifier: MIT
// A network with weights whose memory is in the object: no heap, no exceptions, one sample at a
// time.
//
//   constexpr static_model model{cnn, weights};     // read-only memory, as the array `weights` is
//   static static_workspace room{cnn};              // zeros: no room in the program's file
//   std::span<const float, 10> scores = model.forward(pixels, room);
//
// All sizes are in the types, so nothing is left to be wrong at run time, and only the kernels of
// one sample are compiled. Results are the bytes of model::forward for one sample.
#pragma once

#include "tesela/kernel/isa-inl.hpp"
#include "tesela/network/feature_order.hpp"
#include "tesela/network/forward_results.hpp"
#include "tesela/network/parameter_map.hpp"
#include "tesela/network/single_pass.hpp"
#include "tesela/network/static_misuse.hpp"
#include "tesela/tensor/arena.hpp"

#include <cstddef>
#include <span>
#include <type_traits>

namespace tesela {

// The memory of forward passes of one sample. One for each thread; tens of kilobytes, so better a
// static variable than a local one.
template <class Net>
class static_workspace {
 public:
  constexpr explicit static_workspace(Net) {}
  static_workspace(const static_workspace&) = delete;

  float* single() { return single_; }
  std::span<float, Net::output.size> results() { return results_; }

 private:
  alignas(alignment_bytes) float single_[single_plan<stages_of<Net>>::floats]{};
  alignas(alignment_bytes) float results_[Net::output.size]{};
};

// A network with weights: static_model model{cnn, weights}, or static_model model{cnn} with zeros
// and model.load_weights(weights) later. `weights` are those of a state_dict, tensor after tensor:
// what a safetensors file holds behind its header.
template <class Net, class Isa = static_isa>
class static_model : public detail::not_of_a_model {
 public:
  using network_type = Net;
  using isa = Isa;
  using weights_type = std::span<const float, Net::parameter_count>;
  static constexpr Net network{};
  static constexpr std::size_t inputs = Net::input.size, outputs = Net::output.size;

  constexpr explicit static_model(Net) {}
  constexpr static_model(Net, weights_type weights) { load_weights(weights); }
  static_model(const static_model&) = delete;

  constexpr void load_weights(weights_type weights) {
    const float* from = weights.data();
    for (const detail::parameter_map& map : detail::parameter_maps<Net>()) {
      const std::size_t count = map.geometry.weight_count();
      for (std::size_t i = 0; i < count; ++i) parameters_[map.weight_at(i)] = *from++;
      for (std::size_t i = 0; i < map.geometry.out.channels; ++i)
        parameters_[map.bias_at(i)] = *from++;
    }
  }

  // Of a const model, and of what cannot be its weights. (Templates, to be read where they are used.)
  template <int Use = 0>
  void load_weights(weights_type) const {
    (void)sizeof(tell<mistake_in<detail::loaded_const_model<Use>>>());
  }
  template <class Weights>
  requires(!detail::WeightsOf<Weights&&, Net>)
  auto load_weights(Weights&&) const {
    return sizeof(tell<mistake_in<detail::static_model_call<Net, Weights>>>());
  }

  // The results of one sample (channels first), in the workspace, valid until its next use.
  forward_results<outputs> forward(std::span<const float, inputs> sample,
                                   static_workspace<Net>& room) const {
    constexpr image out = detail::features_before<Net, Net::layer_count>();
    const float* inside = single_pass<Net, Isa>::forward(parameters_, sample.data(), room.single());
    const std::span<float, outputs> results = room.results();
    for (std::size_t f = 0; f < outputs; ++f) results[f] = inside[inside_order(out, f)];
    return std::span<const float, outputs>(results);
  }

  template <class... Given>
  requires Wrong<detail::static_forward_call<Net, Given...>>
  auto forward(Given&&...) const {
    return sizeof(tell<mistake_in<detail::static_forward_call<Net, Given...>>>());
  }

 private:
  alignas(alignment_bytes) float parameters_[parameter_layout<stages_of<Net>>::floats]{};
};

// In the place of one refused: it tells why when it is made, and then takes anything.
template <class Net>
requires Wrong<detail::checked_static_network<Net>>
class static_workspace<Net> : public detail::refused {
  char told[sizeof(tell<mistake_in<detail::checked_static_network<Net>>>())];

 public:
  template <class... Given>
  constexpr explicit static_workspace(Given&&...) {}
  template <Network Any>
  operator static_workspace<Any>&();
};

template <class Net, class Isa>
requires Wrong<detail::checked_static_network<Net>>
class static_model<Net, Isa> : public detail::refused {
  char told[sizeof(tell<mistake_in<detail::checked_static_network<Net>>>())];

 public:
  static constexpr std::size_t inputs = 1, outputs = 1;
  template <class... Given>
  constexpr explicit static_model(Given&&...) {}
  template <class... Given>
  std::span<const float> forward(Given&&...) const;
  template <class... Given>
  void load_weights(Given&&...);
};

template <class Net>
static_workspace(Net) -> static_workspace<Net>;
template <class... Given>
requires Wrong<detail::static_workspace_call<Given...>> static_workspace(Given&&...)
->static_workspace<detail::wrong_call<detail::static_workspace_call<Given...>>>;

template <class Net>
static_model(Net) -> static_model<Net>;
template <class Net, detail::WeightsOf<Net> Weights>
static_model(Net, const Weights&) -> static_model<Net>;
template <class... Given>
requires Wrong<detail::static_model_call<Given...>> static_model(Given&&...)
->static_model<detail::wrong_call<detail::static_model_call<Given...>>>;

}  // namespace tesela
