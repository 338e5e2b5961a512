// SPDX-License-Identifier: MIT
// Test only: the kernels of every instruction set that this CPU offers, as plain functions.
//
// One file (targets_test.cpp) compiles the library's kernels once per instruction set; all other tests
// are ordinary code that walks over these tables:
//
//   for (const kernels& k : every_target()) BOOST_TEST_CONTEXT(k.name) { k.max_pool(...); }
#pragma once

#include "tesela/kernel/geometry.hpp"
#include "tesela/kernel/loss_sum.hpp"
#include "tesela/tensor/named_tensor.hpp"
#include "tesela/tensor/samples.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tesela::test {

// The activations that fused kernels are tested with. Indices into pairs of functions below.
enum activation_index : std::size_t { with_identity, with_relu };

// A whole training step's arithmetic, on one instruction set.
struct network_result {
  double loss = 0;
  std::vector<float> logits, alone;  // of all samples; of the first one without the others
  std::vector<named_tensor> gradients;
};

struct kernels {
  std::string name;
  std::size_t lanes = 0;

  void (*load_block)(const sample_source&, const std::uint32_t*, std::size_t, float*);
  void (*transpose_rows)(const convolution&, const float*, float*);
  void (*transpose_lanes)(const float*, std::size_t, float*, std::size_t);

  void (*convolve[2])(const convolution&, const float*, const float*, const float*, float*);
  void (*convolve_and_pool[2])(const convolution&, const pooling&, const float*, const float*,
                               const float*, float*, float*, std::uint8_t*, float*);
  void (*data_gradient)(const convolution&, const float*, const float*, float*);
  void (*data_gradient_behind[2])(const convolution&, const float*, const float*, const float*,
                                  float*);
  void (*weight_gradient)(const convolution&, const gradient_share&, const float*, const float*,
                          std::size_t, std::size_t, float*);
  void (*bias_gradient)(const image&, const float*, std::size_t, std::size_t, std::size_t,
                        std::size_t, float*);

  void (*winograd_convolve)(const convolution&, const float*, const float*, const float*, float*,
                            float*, float*);
  void (*winograd_data_gradient)(const convolution&, const float*, const float*, float*, float*);
  void (*winograd_gradient_tiles)(const convolution&, const float*, float*);
  void (*winograd_weight_gradient)(const convolution&, std::size_t, std::size_t, const float*,
                                   const float*, std::size_t, std::size_t, float*, float*);

  void (*max_pool)(const pooling&, const float*, float*, std::uint8_t*);
  void (*max_pool_gradient)(const pooling&, const float*, const std::uint8_t*, float*);
  void (*max_pool_gradient_relu)(const pooling&, const float*, const float*, const std::uint8_t*,
                                 float*);
  loss_sum (*softmax_cross_entropy)(std::size_t, const float*, const std::int32_t*, std::size_t,
                                    float, float*);
  loss_sum (*soft_cross_entropy)(std::size_t, const float*, const class_targets&, std::size_t,
                                 float, float*);

  // One sample alone.
  void (*single_interleave)(const image&, const float*, float*);
  void (*single_planes)(const convolution&, const pooling&, const float*, const float*, const float*,
                        float*, float*, float*);  // with relu, as are the next
  void (*single_linear)(const convolution&, const float*, const float*, const float*, float*);
  void (*single_convolve)(const convolution&, const float*, const float*, const float*, float*, float*);
  void (*single_max_pool)(const pooling&, const float*, float*);

  // Expressions of elementwise.hpp, by number: inputs, outputs, count.
  void (*evaluate[4])(const float* const*, float* const*, std::size_t);

  // The network of whole_network.hpp on a batch of floats, labels i % classes.
  network_result (*run_network)(const std::vector<named_tensor>& state,
                                const std::vector<float>& samples);
};

// Those that were compiled and that this CPU can run, the best one first.
const std::vector<kernels>& every_target();

}  // namespace tesela::test
