// SPDX-License-Identifier: MIT
// Once the arenas stand, nothing is allocated: not in a training step, not in an epoch, not in
// inference; and the arenas are what the memory plan says. Every form of operator new is replaced, for
// this whole executable, by one that counts.
#include "networks.hpp"
#include "samples.hpp"

#include "tesela/tesela.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <new>
#include <span>
#include <vector>

namespace {

std::atomic<std::size_t> allocations{0}, live{0}, peak{0};  // the latter two in bytes

constexpr auto usual = std::align_val_t{alignof(std::max_align_t)};

// What was asked for stands in front of the memory, as far as the alignment reaches.
void* allocate(std::size_t bytes, std::align_val_t alignment = usual) noexcept {
  allocations.fetch_add(1, std::memory_order_relaxed);
  const auto front = static_cast<std::size_t>(alignment);
  auto* all = static_cast<char*>(std::aligned_alloc(front, (bytes + 2 * front) / front * front));
  if (all == nullptr) return nullptr;
  std::memcpy(all, &bytes, sizeof bytes);
  const std::size_t now = live.fetch_add(bytes) + bytes;
  for (std::size_t most = peak.load(); now > most && !peak.compare_exchange_weak(most, now);) {
  }
  return all + front;
}
// Not inlined, or GCC takes free() for the wrong end of operator new.
[[gnu::noinline]] void release(void* memory, std::align_val_t alignment = usual) noexcept {
  if (memory == nullptr) return;
  char* all = static_cast<char*>(memory) - static_cast<std::size_t>(alignment);
  std::size_t bytes = 0;
  std::memcpy(&bytes, all, sizeof bytes);
  live.fetch_sub(bytes);
  std::free(all);
}
void* or_throw(void* memory) {
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t bytes) { return or_throw(allocate(bytes)); }
void* operator new[](std::size_t bytes) { return or_throw(allocate(bytes)); }
void* operator new(std::size_t bytes, std::align_val_t a) { return or_throw(allocate(bytes, a)); }
void* operator new[](std::size_t bytes, std::align_val_t a) { return or_throw(allocate(bytes, a)); }
void* operator new(std::size_t bytes, const std::nothrow_t&) noexcept { return allocate(bytes); }
void* operator new[](std::size_t bytes, const std::nothrow_t&) noexcept { return allocate(bytes); }
void* operator new(std::size_t bytes, std::align_val_t a, const std::nothrow_t&) noexcept {
  return allocate(bytes, a);
}
void* operator new[](std::size_t bytes, std::align_val_t a, const std::nothrow_t&) noexcept {
  return allocate(bytes, a);
}
void operator delete(void* p) noexcept { release(p); }
void operator delete[](void* p) noexcept { release(p); }
void operator delete(void* p, std::size_t) noexcept { release(p); }
void operator delete[](void* p, std::size_t) noexcept { release(p); }
void operator delete(void* p, std::align_val_t a) noexcept { release(p, a); }
void operator delete[](void* p, std::align_val_t a) noexcept { release(p, a); }
void operator delete(void* p, std::size_t, std::align_val_t a) noexcept { release(p, a); }
void operator delete[](void* p, std::size_t, std::align_val_t a) noexcept { release(p, a); }
void operator delete(void* p, const std::nothrow_t&) noexcept { release(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { release(p); }
void operator delete(void* p, std::align_val_t a, const std::nothrow_t&) noexcept { release(p, a); }
void operator delete[](void* p, std::align_val_t a, const std::nothrow_t&) noexcept {
  release(p, a);
}

namespace {

namespace ts = tesela;

// How often `what` allocates, on any thread.
template <class F>
std::size_t allocations_of(const F& what) {
  const std::size_t before = allocations.load();
  what();
  return allocations.load() - before;
}

template <class Net>
ts::data::dataset noise_for(Net, std::size_t count) {
  return samples::noise({Net::input[0], Net::input[1], Net::input[2]}, Net::output.size, count);
}

template <class Net, class Optimizer>
void check_steps(Net net, Optimizer optimizer) {
  const ts::data::dataset samples = noise_for(net, 100);
  const ts::sample_source source = samples.source();
  const auto all = samples.indices();
  for (const std::size_t threads : {1u, 2u}) {
    ts::model model{net, ts::init::he_normal, ts::seed{1}};
    ts::trainer trainer{model, ts::cross_entropy, optimizer};
    trainer.use_threads(threads);
    trainer.step(source, all.first(70));
    const std::size_t count = allocations_of([&] {
      trainer.step(source, all.first(70));
      trainer.step(source, all.last(64));
      trainer.step(source, all.first(5));
      trainer.step(source, all.last(70));
    });
    BOOST_TEST(count == 0u, count << " allocations with " << threads << " threads");
    // The workspace grows with the batch: that is seen.
    BOOST_TEST(allocations_of([&] { trainer.step(source, all); }) > 0u);
  }
}

// Where an epoch ends, with as much room as it needs.
struct count_at_epochs {
  std::size_t counts[8]{};
  std::size_t epochs = 0;
  void epoch(auto&, const ts::epoch_report&) { counts[epochs++] = allocations.load(); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(allocation)

BOOST_AUTO_TEST_CASE(every_form_of_allocation_is_counted) {
  struct alignas(128) wide {
    char bytes[128];
  };
  [[maybe_unused]] static void* volatile seen;  // compilers may drop what nobody looks at
  const auto kept = [](auto* memory) {
    seen = memory;
    return memory;
  };
  BOOST_TEST(allocations_of([&] { delete kept(new int(1)); }) == 1u);
  BOOST_TEST(allocations_of([&] { delete[] kept(new int[3]); }) == 1u);
  BOOST_TEST(allocations_of([&] { delete kept(new (std::nothrow) int(1)); }) == 1u);
  BOOST_TEST(allocations_of([&] { delete kept(new wide); }) == 1u);
  BOOST_TEST(allocations_of([&] { delete[] kept(new wide[2]); }) == 1u);
  BOOST_TEST(allocations_of([&] { delete kept(new (std::nothrow) wide); }) == 1u);
  BOOST_TEST(allocations_of([&] { ts::arena(100).data()[0] = 1; }) == 1u);
  BOOST_TEST(allocations_of([&] {
               ts::parallel_for(2, 2, [](std::size_t) { std::vector<int>(3).data()[0] = 1; });
             }) >= 2u);
  BOOST_TEST(allocations_of([] {}) == 0u);
}

BOOST_AUTO_TEST_CASE(bytes_in_use_are_counted_at_their_peak) {
  const std::size_t before = live.load();
  peak.store(before);
  {
    const ts::arena first(1000);
    { const std::vector<int> second(500); }
    BOOST_TEST(live.load() - before == 4000u);
  }
  BOOST_TEST(live.load() == before);
  BOOST_TEST(peak.load() - before == 6000u);
}

BOOST_AUTO_TEST_CASE(a_training_step_of_vgg11_takes_the_planned_bytes_and_allocates_nothing) {
  constexpr auto mode = ts::training_mode{.optimizer_slots = 1};  // momentum
  constexpr std::size_t planned = ts::memory_plan<networks::m08, mode, ts::batch<64>>.bytes;
  const ts::data::dataset samples = noise_for(networks::m08, 64);
  const ts::sample_source source = samples.source();
  const auto all = samples.indices();
  ts::parallel_for(2, 2, [](std::size_t) {});  // threads belong to the program

  const std::size_t before = live.load();
  peak.store(before);
  ts::model model{networks::m08, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{.momentum = 0.9f}};
  trainer.use_threads(2);
  trainer.step(source, all);
  const std::size_t standing = live.load() - before;
  BOOST_TEST(allocations_of([&] { trainer.step(source, all); }) == 0u);
  const std::size_t most = peak.load() - before;
  // Besides the plan there is what a trainer keeps of itself, and what drawing weights needs for a
  // moment: a fraction of a thousandth.
  BOOST_TEST(standing >= planned);
  BOOST_TEST(most >= standing);
  BOOST_TEST(most - planned < 4096u, most - planned << " bytes beside the planned " << planned);
}

BOOST_AUTO_TEST_CASE(training_steps_after_the_first_allocate_nothing) {
  check_steps(networks::small_cnn, ts::adam{});
  check_steps(networks::small_cnn, ts::sgd{.momentum = 0.9f});
  check_steps(networks::small_mlp, ts::adam{});
  check_steps(networks::m07, ts::adam{});
}

BOOST_AUTO_TEST_CASE(training_steps_with_winograds_convolution_allocate_nothing) {
  constexpr auto net = ts::input<32, 8, 8> | networks::conv3x3<32> | ts::relu |
                       networks::conv3x3<32> | ts::relu | ts::max_pool2d<2> | ts::flatten |
                       ts::linear<4>;
  static_assert(ts::explain(net).stages[0].winograd && ts::explain(net).stages[1].winograd);
  check_steps(net, ts::adam{});
}

BOOST_AUTO_TEST_CASE(epochs_after_the_first_allocate_nothing_validation_included) {
  const ts::data::dataset samples = noise_for(networks::small_cnn, 150);
  const ts::data::dataset validation = noise_for(networks::small_cnn, 60);
  for (const std::size_t threads : {1u, 2u}) {
    ts::model model{networks::small_cnn, ts::init::he_normal, ts::seed{1}};
    ts::trainer trainer{model, ts::cross_entropy, ts::adam{}};
    count_at_epochs counter;
    trainer.fit(samples, {.epochs = 6, .batch = 64, .validation = &validation, .threads = threads},
                counter);
    BOOST_TEST_REQUIRE(counter.epochs == 6u);
    for (std::size_t e = 1; e < counter.epochs; ++e) {
      BOOST_TEST(counter.counts[e] - counter.counts[e - 1] == 0u,
                 "epoch " << e + 1 << " with " << threads << " threads");
    }
  }
}

BOOST_AUTO_TEST_CASE(schedules_penalties_and_clipping_allocate_nothing_either) {
  const ts::data::dataset samples = noise_for(networks::small_mlp, 150);
  ts::model model{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::nadam{}, ts::penalty::l1{1e-3f}, ts::clip_norm{}};
  count_at_epochs counter;
  trainer.fit(samples,
              {.epochs = 6, .batch = 64, .threads = 2, .schedule = ts::reduce_lr_on_plateau{}},
              counter);
  for (std::size_t e = 1; e < counter.epochs; ++e) {
    BOOST_TEST(counter.counts[e] - counter.counts[e - 1] == 0u, "epoch " << e + 1);
  }
  BOOST_TEST(allocations_of([&] { trainer.penalty(); }) == 0u);
}

BOOST_AUTO_TEST_CASE(inference_with_a_workspace_allocates_nothing) {
  const ts::model model{networks::m07, ts::init::he_normal, ts::seed{1}};
  const std::vector<float> images(40 * decltype(model)::inputs, 0.5f);
  ts::workspace room{networks::m07, 40};
  float sum = 0;
  const std::size_t count = allocations_of([&] {
    sum += model.forward(images, room)[0];
    sum += model.forward(std::span(images).first(decltype(model)::inputs), room)[0];
  });
  BOOST_TEST(count == 0u);
  BOOST_TEST(sum == sum);
}

BOOST_AUTO_TEST_CASE(evaluation_after_the_first_allocates_nothing) {
  const ts::data::dataset samples = noise_for(networks::small_mlp, 600);
  ts::model model{networks::small_mlp, ts::init::he_normal, ts::seed{1}};
  ts::trainer trainer{model, ts::cross_entropy, ts::sgd{}};
  trainer.evaluate(samples);
  BOOST_TEST(allocations_of([&] { trainer.evaluate(samples); }) == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
