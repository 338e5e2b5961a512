// SPDX-License-Identifier: MIT
// Threads that wait for loops to share.
//
// Every thread, the caller as well, begins with a part of a loop's turns of its own and then takes turns
// of the others, one by one: a loop ends as soon as its last turn does, whoever was awake to take it,
// and where all are awake a turn is taken by the same thread in every step of training, whose cache
// still holds what it wrote there. Waiting threads spin for some microseconds, which covers
// the gap between two loops of a training step, then sleep: on a busy machine a spinning thread would
// take the core that the thread it waits for needs. (OpenMP's loops spin for milliseconds; with the
// cores taken by other jobs, two threads trained at a fifth of the speed of one, docs/performance.md.)
//
// A loop inside a loop, or one while another thread has the pool, runs on its caller's thread alone,
// and so does every loop in a process forked from this one.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace tesela {

class thread_pool {
 public:
  // The one pool of the program; threads are started when a loop first asks for them.
  static thread_pool& instance() {
    static thread_pool pool;
    return pool;
  }

  thread_pool() = default;
  thread_pool(const thread_pool&) = delete;
  thread_pool& operator=(const thread_pool&) = delete;

  ~thread_pool() {
    if (process() != process_) {  // a forked process has no threads to wait for
      for (std::thread& worker : workers_) worker.detach();
      return;
    }
    ending_.store(true);
    loop_number_.fetch_add(1);
    loop_number_.notify_all();
    for (std::thread& worker : workers_) worker.join();
  }

  // body(i) for every i < count on up to `threads` threads, this one among them.
  template <class Body>
  void run(std::size_t count, std::size_t threads, const Body& body) {
    if (threads < 2 || count < 2 || process() != process_ ||
        busy_.exchange(true, std::memory_order_acquire)) {
      for (std::size_t i = 0; i < count; ++i) body(i);
      return;
    }
    const std::size_t helpers = (threads < count ? threads : count) - 1;
    if (workers_.size() < helpers) {
      parts_ = std::make_unique<part[]>(helpers + 1);
      while (workers_.size() < helpers) {
        workers_.emplace_back([this, index = workers_.size()] { work(index + 1); });
      }
    }
    call_ = [](const void* what, std::size_t i) { (*static_cast<const Body*>(what))(i); };
    body_ = &body;
    threads_ = helpers + 1;
    for (std::size_t i = 0; i < threads_; ++i) {
      parts_[i].next.store(count * i / threads_, std::memory_order_relaxed);
      parts_[i].end = count * (i + 1) / threads_;
    }
    open_.store(true);
    loop_number_.fetch_add(1);
    loop_number_.notify_all();

    take_turns(0);

    // No thread may enter from here on, and those inside are on their last turn.
    open_.store(false);
    wait_until_none_inside();
    busy_.store(false, std::memory_order_release);
  }

 private:
  // About 20 microseconds: longer than the serial part between two loops, shorter than a time slice.
  static constexpr int spins = 1000;

  static long process() {
#if __has_include(<unistd.h>)
    return static_cast<long>(getpid());
#else
    return 0;
#endif
  }

  static void pause() {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#else
    std::this_thread::yield();
#endif
  }

  // Of thread `index` and then of those behind it, all around.
  void take_turns(std::size_t index) {
    for (std::size_t i = 0; i < threads_; ++i) {
      part& of = parts_[(index + i) % threads_];
      for (;;) {
        const std::size_t turn = of.next.fetch_add(1, std::memory_order_relaxed);
        if (turn >= of.end) break;
        call_(body_, turn);
      }
    }
  }

  void work(std::size_t index) {
    std::uint32_t seen = 0;
    for (;;) {
      for (int i = 0; i < spins && loop_number_.load() == seen; ++i) pause();
      loop_number_.wait(seen);
      seen = loop_number_.load();
      if (ending_.load()) return;
      // First enter, then look whether the loop is open: the caller closes it first and then looks
      // whether anybody is inside, so one of the two sees the other.
      inside_.fetch_add(1);
      if (open_.load() && index < threads_) take_turns(index);
      if (inside_.fetch_sub(1) == 1) inside_.notify_one();
    }
  }

  void wait_until_none_inside() {
    for (int i = 0; i < spins && inside_.load() != 0; ++i) pause();
    for (std::uint32_t now = inside_.load(); now != 0; now = inside_.load()) inside_.wait(now);
  }

  const long process_ = process();
  std::vector<std::thread> workers_;

  // The present loop; written while no worker is inside.
  void (*call_)(const void*, std::size_t) = nullptr;
  const void* body_ = nullptr;
  std::size_t threads_ = 1;
  struct part {  // of the turns
    std::atomic<std::size_t> next{0};
    std::size_t end = 0;
    std::size_t apart[6] = {};  // no two share a cache line
  };
  std::unique_ptr<part[]> parts_;

  std::atomic<bool> busy_{false}, open_{false}, ending_{false};
  std::atomic<std::uint32_t> loop_number_{0}, inside_{0};
};

}  // namespace tesela
