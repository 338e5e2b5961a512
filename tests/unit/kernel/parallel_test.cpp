// SPDX-License-Identifier: MIT
// The thread pool: every turn once, whoever runs it, and no thread waits for what cannot come.
#include "tesela/kernel/parallel.hpp"

#include <boost/test/unit_test.hpp>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdlib>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace {

using tesela::parallel_for;

BOOST_AUTO_TEST_SUITE(parallel)

BOOST_AUTO_TEST_CASE(every_turn_runs_exactly_once) {
  for (const std::size_t threads : {0U, 1U, 2U, 3U, 7U}) {
    for (const std::size_t count : {0U, 1U, 2U, 3U, 8U, 1000U}) {
      std::vector<std::atomic<int>> turns(count);
      parallel_for(count, threads, [&](std::size_t i) { ++turns[i]; });
      for (const auto& turn : turns) BOOST_TEST(turn.load() == 1);
    }
  }
}

BOOST_AUTO_TEST_CASE(what_a_turn_writes_is_seen_after_the_loop) {
  std::vector<std::size_t> squares(64);
  for (int round = 0; round < 2000; ++round) {
    std::fill(squares.begin(), squares.end(), 0);
    parallel_for(squares.size(), 3, [&](std::size_t i) { squares[i] = i * i; });
    for (std::size_t i = 0; i < squares.size(); ++i) BOOST_REQUIRE(squares[i] == i * i);
  }
}

BOOST_AUTO_TEST_CASE(several_threads_take_part) {
  std::mutex guard;
  std::set<std::thread::id> seen;
  parallel_for(8, 2, [&](std::size_t) {
    {
      const std::scoped_lock lock(guard);
      seen.insert(std::this_thread::get_id());
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  });
  BOOST_TEST(seen.size() == 2U);
}

BOOST_AUTO_TEST_CASE(no_more_threads_take_part_than_asked_for) {
  parallel_for(100, 7, [](std::size_t) {});  // the pool now has six helpers
  std::atomic<int> now{0}, most{0};
  parallel_for(50, 2, [&](std::size_t) {
    const int here = ++now;
    int before = most.load();
    while (before < here && !most.compare_exchange_weak(before, here)) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    --now;
  });
  BOOST_TEST(most.load() <= 2);
}

BOOST_AUTO_TEST_CASE(a_loop_inside_a_loop_completes) {
  std::atomic<int> sum{0};
  parallel_for(4, 3, [&](std::size_t) {
    parallel_for(5, 3, [&](std::size_t) { ++sum; });
  });
  BOOST_TEST(sum.load() == 20);
}

BOOST_AUTO_TEST_CASE(two_threads_may_loop_at_the_same_time) {
  std::atomic<int> sum{0};
  const auto work = [&] {
    for (int i = 0; i < 500; ++i) parallel_for(4, 2, [&](std::size_t) { ++sum; });
  };
  std::thread other(work);
  work();
  other.join();
  BOOST_TEST(sum.load() == 4000);
}

// A forked process has the pool's memory but none of its threads.
BOOST_AUTO_TEST_CASE(a_forked_process_completes_its_loops) {
  parallel_for(4, 2, [](std::size_t) {});
  const pid_t child = fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    std::atomic<int> sum{0};
    parallel_for(10, 2, [&](std::size_t) { ++sum; });
    std::exit(sum.load() == 10 ? 0 : 1);  // runs the pool's destructor
  }
  int status = -1;
  for (int waited = 0; waited < 500; ++waited) {
    if (waitpid(child, &status, WNOHANG) == child) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    if (waited == 499) kill(child, SIGKILL);
  }
  BOOST_TEST((WIFEXITED(status) && WEXITSTATUS(status) == 0));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
