// SPDX-License-Identifier: MIT
// Schedules that go down and up again, with PyTorch's names and formulas. t is the epoch from 0 (or
// the step, within per_step), T the length.
//
//   cosine_annealing_lr   eta_min + (rate - eta_min) (1 + cos(pi t / T)) / 2
//   cosine_annealing_warm_restarts
//                         the same over t_0, then t_0 t_mult, t_0 t_mult^2, ...
//   cyclic_lr             (Smith 2015) base_lr to max_lr in step_size_up, back in step_size_down
//   one_cycle_lr          (Smith and Topin 2017) max_lr / div_factor to max_lr in pct_start of the
//                         run, then to max_lr / div_factor / final_div_factor
//   one_cycle_momentum, cyclic_momentum
//                         the same the other way round, for fit_options.momentum_schedule
#pragma once

#include "tesela/optim/schedule.hpp"

#include <cmath>
#include <numbers>

namespace tesela {

namespace detail {

// From `from` to `to`, as `part` goes from 0 to 1.
inline double cosine_between(double from, double to, double part) {
  return to + (from - to) / 2 * (1 + std::cos(std::numbers::pi * part));
}

}  // namespace detail

// From rate down to eta_min along half a cosine.
struct cosine_annealing_lr {
  double eta_min = 0;
  double t_max = 0;  // 0: the whole run. A run that is longer goes up again
  double operator()(const schedule_position& at) const {
    const double whole = detail::length_or(t_max, at.epochs);
    return detail::cosine_between(at.rate, eta_min, at.epoch / whole);
  }
};

// The same again and again, each time t_mult as long (Loshchilov and Hutter 2017).
struct cosine_annealing_warm_restarts {
  double t_0 = 10;
  double t_mult = 1;
  double eta_min = 0;
  double operator()(const schedule_position& at) const {
    detail::require_schedule(t_0 >= 1, "cosine_annealing_warm_restarts", "t_0 must be at least 1");
    detail::require_schedule(t_mult >= 1, "cosine_annealing_warm_restarts",
                             "t_mult must be at least 1");
    double t = at.epoch, period = t_0;
    if (t_mult == 1) {
      t = std::fmod(t, period);
    } else {
      for (; t >= period; period *= t_mult) t -= period;
    }
    return detail::cosine_between(at.rate, eta_min, t / period);
  }
};

// triangular2 halves the height with every cycle, exp_range multiplies it with gamma^t.
enum class cyclic_mode { triangular, triangular2, exp_range };

namespace detail {

// The height at t, between 0 and 1.
inline double cyclic_height(const char* schedule, double t, double up, double down, cyclic_mode mode,
                            double gamma) {
  require_schedule(up >= 1 && down >= 0, schedule,
                   "step_size_up must be at least 1 and step_size_down not negative");
  if (down == 0) down = up;
  const double cycle = std::floor(t / (up + down));
  const double in_cycle = t - cycle * (up + down);
  const double height = in_cycle <= up ? in_cycle / up : 1 - (in_cycle - up) / down;
  switch (mode) {
    case cyclic_mode::triangular2:
      return height * std::exp2(-cycle);
    case cyclic_mode::exp_range:
      return height * std::pow(gamma, t);
    case cyclic_mode::triangular:
      break;
  }
  return height;
}

}  // namespace detail

// base_lr to max_lr and back, again and again; in steps with per_step (Smith 2015).
struct cyclic_lr {
  double base_lr = 1e-4;
  double max_lr = 1e-3;
  double step_size_up = 2000;
  double step_size_down = 0;  // 0: as step_size_up
  cyclic_mode mode = cyclic_mode::triangular;
  double gamma = 1;
  double operator()(const schedule_position& at) const {
    return base_lr + (max_lr - base_lr) *
                         detail::cyclic_height("cyclic_lr", at.epoch, step_size_up, step_size_down,
                                                mode, gamma);
  }
};

// The same the other way round, for fit_options.momentum_schedule.
struct cyclic_momentum {
  double base_momentum = 0.8;
  double max_momentum = 0.9;
  double step_size_up = 2000;
  double step_size_down = 0;
  cyclic_mode mode = cyclic_mode::triangular;
  double gamma = 1;
  double operator()(const schedule_position& at) const {
    return max_momentum -
           (max_momentum - base_momentum) *
               detail::cyclic_height("cyclic_momentum", at.epoch, step_size_up, step_size_down,
                                                mode, gamma);
  }
};

// How values go from one to the next.
enum class annealing { cosine, linear };

namespace detail {

// From `begin` over `top` to `begin` and `end` (three phases), or from `begin` over `top` to `end`.
// The first phase ends with step pct_start * T - 1, the last with step T - 1.
inline double one_cycle(const char* schedule, const schedule_position& at, double begin, double top,
                        double end, double pct_start, bool three_phase, annealing anneal) {
  require_schedule(pct_start > 0 && pct_start < 1, schedule,
                   "pct_start must be above 0 and below 1");
  const auto go = [&](double from, double to, double first, double last) {
    const double part = last > first ? (at.epoch - first) / (last - first) : 1;
    return anneal == annealing::cosine ? cosine_between(from, to, part) : from + (to - from) * part;
  };
  const double up = pct_start * at.epochs - 1, last = at.epochs - 1;
  const double down = 2 * up;  // where three phases end their second
  if (at.epoch <= up) return go(begin, top, 0, up);
  if (!three_phase) return go(top, end, up, last);
  if (at.epoch <= down) return go(top, begin, up, down);
  return go(begin, end, down, last);
}

}  // namespace detail

// Up to max_lr in the run's first part, then down to almost nothing (Smith and Topin 2017).
struct one_cycle_lr {
  double max_lr = 0.1;
  double pct_start = 0.3;
  double div_factor = 25;
  double final_div_factor = 1e4;
  bool three_phase = false;
  annealing anneal_strategy = annealing::cosine;
  double operator()(const schedule_position& at) const {
    const double begin = max_lr / div_factor;
    return detail::one_cycle("one_cycle_lr", at, begin, max_lr, begin / final_div_factor, pct_start,
                             three_phase, anneal_strategy);
  }
};

// The same the other way round, for fit_options.momentum_schedule.
struct one_cycle_momentum {
  double base_momentum = 0.85;
  double max_momentum = 0.95;
  double pct_start = 0.3;
  bool three_phase = false;
  annealing anneal_strategy = annealing::cosine;
  double operator()(const schedule_position& at) const {
    return detail::one_cycle("one_cycle_momentum", at, max_momentum, base_momentum, max_momentum,
                             pct_start, three_phase, anneal_strategy);
  }
};

}  // namespace tesela
