// SPDX-License-Identifier: MIT
// The activations that libtesela has kernels of; src/CMakeLists.txt reads their names here.
#pragma once

#include "tesela/kernel/compiled.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/layer/activation.hpp"

namespace tesela {

template <>
inline constexpr bool is_compiled<decltype(identity)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(identity)::program>;

template <>
inline constexpr bool is_compiled<decltype(relu)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(relu)::program>;

template <>
inline constexpr bool is_compiled<decltype(relu6)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(relu6)::program>;

template <>
inline constexpr bool is_compiled<decltype(leaky_relu)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(leaky_relu)::program>;

template <>
inline constexpr bool is_compiled<decltype(elu)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(elu)::program>;

template <>
inline constexpr bool is_compiled<decltype(selu)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(selu)::program>;

template <>
inline constexpr bool is_compiled<decltype(sigmoid)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(sigmoid)::program>;

template <>
inline constexpr bool is_compiled<decltype(tanh)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(tanh)::program>;

template <>
inline constexpr bool is_compiled<decltype(gelu)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(gelu)::program>;

template <>
inline constexpr bool is_compiled<decltype(gelu_tanh)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(gelu_tanh)::program>;

template <>
inline constexpr bool is_compiled<decltype(silu)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(silu)::program>;

template <>
inline constexpr bool is_compiled<decltype(mish)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(mish)::program>;

template <>
inline constexpr bool is_compiled<decltype(softplus)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(softplus)::program>;

template <>
inline constexpr bool is_compiled<decltype(hard_sigmoid)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(hard_sigmoid)::program>;

template <>
inline constexpr bool is_compiled<decltype(hard_swish)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(hard_swish)::program>;

template <>
inline constexpr bool is_compiled<decltype(hard_tanh)::program> = true;
extern template struct HWY_NAMESPACE::activation_kernels<decltype(hard_tanh)::program>;

}  // namespace tesela
