// SPDX-License-Identifier: MIT
// The memory plan against the program that uses it, and against what is allocated.
#include "tesela/layer/affine.hpp"
#include "tesela/layer/dropout.hpp"
#include "tesela/network/memory_plan.hpp"
#include "tesela/network/model.hpp"
#include "tesela/network/pass.hpp"
#include "tesela/network/single_pass.hpp"
#include "tesela/network/summary.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/cross_entropy.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/train/trainer.hpp"

#include "access_log.hpp"
#include "networks.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <new>
#include <numeric>
#include <vector>

namespace {

// All allocations of this executable; arenas are the ones with an alignment.
std::atomic<std::size_t> allocations{0}, aligned_bytes{0};

}  // namespace

// Not inlined: GCC would see `free` where it expects the delete that belongs to a `new`, and warn.
[[gnu::noinline]] void* operator new(std::size_t bytes) {
  ++allocations;
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t bytes, std::align_val_t alignment) {
  ++allocations;
  aligned_bytes += bytes;
  const auto line = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(line, (bytes + line - 1) / line * line)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

namespace {

namespace ts = tesela;
using ts::conv2d, ts::flatten, ts::input, ts::linear, ts::max_pool2d, ts::padding, ts::relu, ts::stride;

// Activations and poolings that no product takes, in a row, at both ends.
inline constexpr auto unusual = input<2, 9, 10> | relu | max_pool2d<2, stride<1>> |
                                conv2d<5, 2, stride<2>> | max_pool2d<2, stride<1>> | relu | relu |
                                conv2d<3, 3, padding<2>> | conv2d<4, 2> | relu | flatten | relu |
                                linear<7> | linear<3> | relu | relu;
inline constexpr auto one_layer = input<5> | linear<3>;
inline constexpr auto no_product = input<2, 4, 4> | max_pool2d<2> | relu | flatten;
inline constexpr auto winograd = input<3, 12, 12> | conv2d<32, 3> | relu | conv2d<32, 3, padding<1>> |
                                 max_pool2d<2> | conv2d<40, 3, padding<1>> | relu | flatten |
                                 linear<10>;

// Activations whose gradient needs their input: behind products of every kind, before poolings, alone.
inline constexpr auto bump = ts::activation<"bump">([](auto x) { return x * ts::sigmoid(x); });
inline constexpr auto keeping = input<3, 12, 12> | bump | conv2d<32, 3> | bump |
                                conv2d<32, 3, padding<1>> | bump | max_pool2d<2> | bump |
                                conv2d<40, 3, padding<1>> | bump | flatten | linear<20> | bump |
                                linear<10> | bump | bump;

// Dropouts and affine maps: with products, alone, first, before poolings, before and behind Winograd's tiles.
inline constexpr auto masked = input<3, 12, 12> | ts::dropout<0.5> | conv2d<4, 3> | relu |
                               ts::dropout<0.5> | max_pool2d<2> | conv2d<32, 2> | bump | ts::dropout<0.5> |
                               conv2d<32, 3, padding<1>> | relu | ts::dropout<0.5> | flatten |
                               linear<20> | ts::tanh | ts::dropout<0.5> | linear<10> | ts::dropout<0.5>;
inline constexpr auto mapped = input<3, 12, 12> | ts::affine | conv2d<4, 3> | ts::affine | relu |
                               max_pool2d<2> | ts::affine | conv2d<32, 2> | bump | ts::affine |
                               conv2d<32, 3, padding<1>> | ts::affine | relu | max_pool2d<2> | flatten |
                               linear<20> | ts::affine | linear<10> | ts::affine;
// Both, in every order, and poolings of every kind behind them.
inline constexpr auto both = input<3, 16, 16> | conv2d<4, 3> | ts::affine | relu | ts::dropout<0.5> |
                             max_pool2d<2> | conv2d<32, 2> | ts::dropout<0.5> | bump | ts::affine |
                             max_pool2d<2, stride<1>> | conv2d<32, 3, padding<1>> | ts::tanh |
                             ts::dropout<0.5> | ts::affine | max_pool2d<2> | flatten | linear<20> |
                             ts::dropout<0.5> | ts::affine | linear<10>;
inline constexpr auto probable = input<3, 5, 4> | ts::softmax | conv2d<4, 2> | ts::log_softmax | relu |
                                 flatten | linear<10> | ts::softmax;

// Room in name only: nothing is read or written but by the log.
std::vector<float>& room(std::size_t floats) {
  static std::vector<float> memory;
  if (memory.size() < floats + ts::alignment_floats) memory.resize(floats + ts::alignment_floats);
  return memory;
}
float* begin_log(std::size_t floats) {
  access_log::current() = {};
  void* at = room(floats).data();
  std::size_t bytes = room(floats).size() * sizeof(float);
  at = std::align(ts::alignment_bytes, floats * sizeof(float), at, bytes);
  access_log::current().begin = reinterpret_cast<std::uintptr_t>(at);
  access_log::current().end = access_log::current().begin + floats * sizeof(float);
  return static_cast<float*>(at);
}
void end_log(std::size_t least_reads) {
  for (const std::string& words : access_log::current().complaints) BOOST_ERROR(words);
  BOOST_TEST(access_log::current().reads >= least_reads);
}

template <class Net>
void check_training(Net net) {
  BOOST_TEST_CONTEXT(ts::text_of(net)) {
    using run = ts::pass<Net, access_log::isa>;
    constexpr std::size_t floats = run::template plan<true>::floats, blocks = 2;
    float* memory = begin_log(blocks * floats);
    for (std::size_t b = 0; b < blocks; ++b) {
      float* block = memory + b * floats;
      access_log::write(access_log::value, block + run::template plan<true>::input_offset,
                        Net::input.size * ts::block_lanes);
      ts::meta::for_each_index<run::stage_count>([&](auto i) {
        using stage = ts::meta::at<typename run::stages, i()>;
        if constexpr (stage::around::masks) {
          access_log::write(access_log::bits,
                            block + run::template plan<true>::offset(i(), run::template plan<true>::keep),
                            stage::product_size);
        }
      });
      run::template forward<true>(nullptr, block);
      constexpr std::size_t results = Net::output.size * ts::block_lanes;
      access_log::write(access_log::gradient, run::result_gradients(block), results);
      access_log::read(access_log::value, run::template results<true>(block), results);
      run::backward(nullptr, block);
    }
    for (const ts::gradient_work& work : run::work) {
      run::weight_gradient(work, memory, blocks, nullptr, [](std::size_t, std::size_t) {});
    }
    end_log(2 * run::stage_count);
  }
}

template <class Net>
void check_inference(Net net) {
  BOOST_TEST_CONTEXT(ts::text_of(net)) {
    using run = ts::pass<Net, access_log::isa>;
    float* block = begin_log(run::template plan<false>::floats);
    access_log::write(access_log::value, block + run::template plan<false>::input_offset,
                      Net::input.size * ts::block_lanes);
    run::template forward<false>(nullptr, block);
    access_log::read(access_log::value, run::template results<false>(block),
                     Net::output.size * ts::block_lanes);
    end_log(run::stage_count);

    using single = ts::single_pass<Net, access_log::isa>;
    float* alone = begin_log(single::plan::floats);
    const float* results = single::forward(nullptr, nullptr, alone);
    access_log::read(access_log::value, results, Net::output.size);
    end_log(1);
  }
}

BOOST_AUTO_TEST_SUITE(memory_plans)

BOOST_AUTO_TEST_CASE(a_buffer_holds_until_it_was_read_for_the_last_time_in_training) {
  check_training(networks::m01);
  check_training(networks::m06);
  check_training(networks::m07);
  check_training(networks::m08);
  check_training(networks::small_cnn);
  check_training(unusual);
  check_training(keeping);
  check_training(one_layer);
  check_training(winograd);
  check_training(masked);
  check_training(mapped);
  check_training(both);
  check_training(probable);
}

BOOST_AUTO_TEST_CASE(a_buffer_holds_until_it_was_read_for_the_last_time_in_inference) {
  check_inference(networks::m01);
  check_inference(networks::m06);
  check_inference(networks::m07);
  check_inference(networks::m08);
  check_inference(networks::m11 | flatten);
  check_inference(networks::small_cnn);
  check_inference(unusual);
  check_inference(keeping);
  check_inference(masked);
  check_inference(mapped);
  check_inference(both);
  check_inference(probable);
  check_inference(one_layer);
  check_inference(no_product);
  check_inference(winograd);
}

BOOST_AUTO_TEST_CASE(the_log_notices_a_buffer_that_was_overwritten) {
  using namespace access_log;
  float* memory = begin_log(256);
  write(value, memory, 64);
  write(value, memory + 48, 64);
  read(value, memory, 64);
  read(value, memory + 48, 64);
  BOOST_TEST(current().complaints.size() == 1u);
  read(gradient, memory + 48, 64);
  BOOST_TEST(current().complaints.size() == 2u);
  read(value, memory + 128, 64);
  BOOST_TEST(current().complaints.size() == 3u);
  write(value, memory + 200, 64);
  BOOST_TEST(current().complaints.size() == 4u);
  write(value, memory + 1, 8);
  BOOST_TEST(current().complaints.size() == 5u);
}

template <auto Net, std::size_t Slots, class Rule>
void check_bytes(Rule rule, std::size_t samples) {
  constexpr auto mode = ts::training_mode{Slots};
  const std::vector<float> values(samples * Net.input.size), scale(64, 1.0f), shift(64, 0.0f);
  const std::vector<std::int32_t> labels(samples);
  std::vector<std::uint32_t> indices(samples);
  std::iota(indices.begin(), indices.end(), 0u);
  constexpr ts::image in = ts::detail::image_of(Net.input);
  const ts::sample_source source{values.data(), ts::element::f32, in.channels,  in.pixels(),
                                 scale.data(),  shift.data(),     labels.data()};
  const std::size_t before = aligned_bytes;
  ts::model model{Net, ts::init::he_normal, ts::seed{1}};
  ts::trainer teacher{model, ts::cross_entropy, rule};
  teacher.use_threads(2);
  teacher.step(source, indices);
  const std::size_t found = aligned_bytes - before;
  BOOST_TEST(samples == 70u);
  BOOST_TEST(found == (ts::memory_plan<Net, mode, ts::batch<70>>.bytes));

  // Another step, or a smaller batch, allocates nothing of any kind.
  const std::size_t steady = allocations;
  for (const std::size_t batch : {samples, samples / 2, std::size_t{1}}) {
    teacher.step(source, std::span(indices).first(batch));
    teacher.differentiate(source, std::span(indices).first(batch));
  }
  BOOST_TEST(allocations - steady == 0u);
}

BOOST_AUTO_TEST_CASE(training_allocates_the_planned_bytes_once) {
  check_bytes<networks::small_cnn, 2>(ts::adam{}, 70);
  check_bytes<networks::small_mlp, 0>(ts::sgd{}, 70);  // no momentum, nothing to remember
  check_bytes<networks::small_mlp, 1>(ts::sgd{.momentum = 0.5f}, 70);
  check_bytes<winograd, 2>(ts::adam{}, 70);
  check_bytes<masked, 2>(ts::adam{}, 70);
  check_bytes<mapped, 2>(ts::adam{}, 70);
}

template <auto Net, std::size_t Samples>
void check_inference_bytes() {
  constexpr ts::memory_report plan = ts::memory_plan<Net, ts::inference, ts::batch<Samples>>;
  const std::size_t before = aligned_bytes;
  ts::model model{Net, ts::init::he_normal, ts::seed{1}};
  BOOST_TEST(aligned_bytes - before == plan.parameters);
  ts::workspace room{Net, Samples};
  BOOST_TEST(aligned_bytes - before == plan.bytes);

  const std::vector<float> samples(Samples * Net.input.size);
  const std::size_t steady = allocations;
  for (const std::size_t count : {Samples, std::size_t{1}, Samples / 2}) {
    model.forward(std::span(samples).first(count * Net.input.size), room);
  }
  BOOST_TEST(allocations - steady == 0u);
}

BOOST_AUTO_TEST_CASE(inference_allocates_the_planned_bytes_once) {
  check_inference_bytes<networks::small_cnn, 70>();
  check_inference_bytes<networks::small_cnn, 1>();
  check_inference_bytes<networks::small_mlp, 32>();
  check_inference_bytes<unusual, 33>();
  check_inference_bytes<winograd, 2>();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
