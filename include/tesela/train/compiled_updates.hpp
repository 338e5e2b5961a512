// SPDX-License-Identifier: MIT
// The optimisers that libtesela has kernels of, without further terms.
#pragma once

#include "tesela/kernel/compiled.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/train/update_kernels.hpp"

namespace tesela {

struct sgd;
template <>
inline constexpr bool is_compiled<update_kernels<static_isa, sgd>> = true;

struct adam;
template <>
inline constexpr bool is_compiled<update_kernels<static_isa, adam>> = true;

struct amsgrad;
template <>
inline constexpr bool is_compiled<update_kernels<static_isa, amsgrad>> = true;

struct adamw;
template <>
inline constexpr bool is_compiled<update_kernels<static_isa, adamw>> = true;

struct nadam;
template <>
inline constexpr bool is_compiled<update_kernels<static_isa, nadam>> = true;

struct rmsprop;
template <>
inline constexpr bool is_compiled<update_kernels<static_isa, rmsprop>> = true;

struct centered_rmsprop;
template <>
inline constexpr bool is_compiled<update_kernels<static_isa, centered_rmsprop>> = true;

struct rprop;
template <>
inline constexpr bool is_compiled<update_kernels<static_isa, rprop>> = true;

struct adagrad;
template <>
inline constexpr bool is_compiled<update_kernels<static_isa, adagrad>> = true;

struct noisy_sgd;
template <>
inline constexpr bool is_compiled<update_kernels<static_isa, noisy_sgd>> = true;

}  // namespace tesela
