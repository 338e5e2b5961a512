// SPDX-License-Identifier: MIT
// A network with weights.
//
//   model net{cnn, init::he_normal, seed{42}};
//   workspace room{cnn, 64};
//   std::span<const float> logits = net.forward(pixels, room);   // const: threads may share `net`
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/core/function_view.hpp"
#include "tesela/core/seed.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/random.hpp"
#include "tesela/network/forward_results.hpp"
#include "tesela/network/init.hpp"
#include "tesela/network/misuse.hpp"
#include "tesela/network/no_setting.hpp"
#include "tesela/network/pass.hpp"
#include "tesela/network/single_pass.hpp"
#include "tesela/network/state_dict.hpp"
#include "tesela/network/workspace.hpp"
#include "tesela/tensor/arena.hpp"
#include "tesela/tensor/samples.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

namespace tesela {

namespace detail {
using initializer_view = function_view<float(const random_stream&, init::fans, std::size_t)>;
void draw_weights(std::span<const parameter_map> maps, std::span<float> parameters,
                  initializer_view initialize, seed from);
}  // namespace detail

// A network with weights: model net{cnn, init::he_normal, seed{42}}, or model net{cnn} with zeros, to be
// loaded. `forward` runs it, a trainer trains it, io::save_safetensors keeps it.
template <class Net, class Isa = static_isa>
class model : public detail::not_of_a_model {
 public:
  using network_type = Net;
  using isa = Isa;
  static constexpr Net network{};
  static constexpr std::size_t inputs = Net::input.size, outputs = Net::output.size;

  // All weights zero, to be loaded.
  explicit model(Net) : parameters_(parameter_layout<stages_of<Net>>::floats) {}

  // Every layer draws from a stream of its own, so a change of one layer leaves the others alone.
  template <detail::InitializerLike Initializer>
  model(Net, const Initializer& initialize, seed from) : model(Net{}) {
    detail::draw_weights(detail::parameter_maps<Net>(), parameters_.values(), initialize, from);
  }

  // A copy of the weights is never made unasked. (C++'s own two for it are never chosen.)
  model(const model&)
    requires detail::never<Net>;
  model& operator=(const model&)
    requires detail::never<Net>;
  template <class Same>
    requires std::is_same_v<Same, model>
  model(const Same&) {
    (void)sizeof(tell<mistake_in<detail::model_copy<Same>>>());
  }
  template <class Same>
    requires std::is_same_v<Same, model>
  model& operator=(const Same&) {
    (void)sizeof(tell<mistake_in<detail::model_assignment<Same>>>());
    return *this;
  }
  model(model&&) = default;
  model& operator=(model&&) = default;

  // Results of `samples` (sample-major, channels first, `inputs` floats each): `outputs` floats a
  // sample, in the workspace, valid until its next use. One sample takes a path of its own, for
  // latency; its sums run in another order, so its last bits may differ from those of a batch.
  forward_results<> forward(std::span<const float> samples, workspace<Net>& room) const {
    const std::size_t count = samples.size() / inputs;
    if (samples.size() % inputs != 0 || count > room.samples()) {
      throw usage_error("forward: expected up to " + std::to_string(room.samples()) +
                        " samples of " + std::to_string(inputs) + " floats, but got " +
                        std::to_string(samples.size()) + " floats");
    }
    if (count == 1) {
      const float* results =
          single_pass<Net, Isa>::forward(parameters_.data(), samples.data(), room.single());
      for (std::size_t f = 0; f < outputs; ++f) room.results()[f] = results[inside_order(out, f)];
      return std::span<const float>(room.results().first(outputs));
    }
    constexpr image in = detail::image_of(Net::input);
    static constexpr auto ones = filled(1.0f), zeros = filled(0.0f);
    const sample_source source{samples.data(), element::f32,  in.channels, in.pixels(),
                               ones.data(),    zeros.data(), nullptr};
    std::array<std::uint32_t, block_lanes> indices{};
    for (std::size_t first = 0; first < count; first += block_lanes) {
      const std::size_t here = std::min(block_lanes, count - first);
      std::iota(indices.begin(), indices.end(), static_cast<std::uint32_t>(first));
      forward_block(source, std::span(indices).first(here), room.block(first / block_lanes));
      write_results(room.block(first / block_lanes), here,
                    room.results().subspan(first * outputs, here * outputs));
    }
    return std::span<const float>(room.results().first(count * outputs));
  }

  // Of braces, which are no lvalue as an array with a name is.
  template <class Number, std::size_t Count, class Room>
    requires std::is_arithmetic_v<Number>
  auto forward(Number (&&)[Count], Room&&) const {
    return sizeof(tell<mistake_in<detail::forward_of_braces<Net, Number, Room>>>());
  }
  template <class... Given>
    requires Wrong<detail::forward_call<Net, Given...>>
  auto forward(Given&&...) const {
    return sizeof(tell<mistake_in<detail::forward_call<Net, Given...>>>());
  }

  // One block of samples; results stay in the kernels' order, [feature][lane]. Returns them.
  const float* forward_block(const sample_source& source, std::span<const std::uint32_t> indices,
                             float* block) const {
    using run = pass<Net, Isa>;
    Isa::load_block(source, indices.data(), indices.size(),
                    block + run::template plan<false>::input_offset);
    run::template forward<false>(parameters_.data(), block);
    return run::template results<false>(block);
  }

  // PyTorch's names, shapes and order: model.state_dict()["0.weight"].values.
  named_tensors state_dict() const { return state_dict_of<Net>(parameters_.values()); }
  void load_state_dict(std::span<const named_tensor> tensors) {
    load_state_dict_into<Net>(parameters_.values(), tensors);
  }
  template <class... Given>
    requires Wrong<detail::load_state_dict_call<Given...>>
  auto load_state_dict(Given&&...) {
    return sizeof(tell<mistake_in<detail::load_state_dict_call<Given...>>>());
  }

  // All parameters, as the kernels lay them out, with zeros between tensors.
  // (Const, so that nobody assigns to the span and thinks that weights were copied.)
  const detail::parameter_span<float> parameters() { return parameters_.values(); }
  detail::parameter_span<const float> parameters() const { return parameters_.values(); }

 private:
  static constexpr image out = detail::features_before<Net, Net::layer_count>();

  static constexpr auto filled(float value) {
    std::array<float, detail::image_of(Net::input).channels> all{};
    all.fill(value);
    return all;
  }

  static void write_results(float* block, std::size_t samples, std::span<float> into) {
    const float* results = pass<Net, Isa>::template results<false>(block);
    for (std::size_t i = 0; i < samples; ++i) {
      for (std::size_t f = 0; f < outputs; ++f) {
        into[i * outputs + f] = results[inside_order(out, f) * block_lanes + i];
      }
    }
  }

  arena parameters_;
};

// What a refused model has for g++, which would tell of every use of it.
namespace detail {
template <class Net, class Isa>
struct refused_model : refused {
  using network_type = Net;
  using isa = Isa;
  template <class... Given>
  explicit refused_model(Given&&...) {}
  template <class... Given>
  std::span<const float> forward(Given&&...) const;
  named_tensors state_dict() const;
  template <class... Given>
  void load_state_dict(Given&&...);
  std::span<float> parameters();
};
}  // namespace detail

// In the place of a model refused: it tells why when it is made, and then takes anything.
template <class Net, class Isa>
  requires Wrong<detail::checked_network<Net>>
class model<Net, Isa> : public detail::refused_model<Net, Isa> {
  char told[sizeof(tell<mistake_in<detail::checked_network<Net>>>())];

 public:
  using detail::refused_model<Net, Isa>::refused_model;
};
// The model of a network refused: the network has told.
template <class Net, class Isa>
  requires detail::is_refused<Net>
class model<Net, Isa> : public detail::refused_model<Net, Isa> {
 public:
  using detail::refused_model<Net, Isa>::refused_model;
};

template <class Net>
model(Net) -> model<Net>;
template <class Net, detail::InitializerLike Initializer>
model(Net, const Initializer&, seed) -> model<Net>;
template <class... Given>
  requires Wrong<detail::model_call<Given...>>
model(Given&&...) -> model<detail::wrong_call<detail::model_call<Given...>>>;

}  // namespace tesela

#ifndef TESELA_COMPILED
#include "tesela/network/model.ipp"
#endif
