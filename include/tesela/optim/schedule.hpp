// SPDX-License-Identifier: MIT
// How the learning rate goes, as functions of where training stands.
//
//   trainer.fit(train, {.schedule = step_lr{.step_size = 30}});
//   trainer.fit(train, {.schedule = [](const auto& at) { return at.rate / (1 + at.epoch); }});
//
// A schedule gives the rate of the next step; any function will do. `rate` is the optimiser's own
// learning rate. These have PyTorch's names and formulas and count epochs; per_step(schedule)
// counts steps in their place. t is the epoch from 0, T the number of epochs:
//
//   constant_lr            rate
//   piecewise_lr           rates[i] from boundaries[i - 1] on
//   step_lr                rate gamma^floor(t / step_size)
//   multi_step_lr          rate gamma^(milestones that are not beyond t)
//   exponential_lr         rate gamma^t
//   exponential_decay      rate exp(-lambda t)
//   incremented_exponential_decay
//                          rate exp(-lambda (t + 2)): the lectures' code, whose counter starts at 1
//                          and is incremented before its first use
//   linear_lr              rate times start_factor to end_factor; PyTorch's default is 1/3 to 1 in
//                          5 epochs, this one's the lectures' decay, rate (1 - t / T)
//   polynomial_lr          rate (1 - t / T)^power
//   power_decay            rate (beta t + 1)^(-alpha)
//   compounding_power_decay
//                          rate_t = rate_(t-1) (beta t + 1)^(-alpha): the lectures' code, which
//                          multiplies the rate before instead of the first one
//
// Nothing has a state: a run that is resumed goes on with the bits of one that was not interrupted.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/error.hpp"
#include "tesela/core/kind.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tesela {

// Numbers of double, so that formulas need no conversions. Epochs and steps are those done before.
struct schedule_position {
  double rate = 0;               // the optimiser's own learning rate (or momentum)
  double epoch = 0, epochs = 1;  // and how many a run has
  double step = 0, steps = 1;
  // Of every epoch so far: on the validation set, or on the training set where there is none.
  std::span<const double> losses{}, accuracies{};
};

namespace detail {
// fit_options.schedule of something that is no schedule.
template <class Given>
struct schedule_given {
  static constexpr sentence complaint =
      std::is_invocable_r_v<double, const Given&, const schedule_position&> ||
              std::is_null_pointer_v<Given> || std::is_same_v<Given, std::nullopt_t>
          ? sentence()
          : sentence("tesela: a schedule gives the rate of the next step, as a function of where "
                     "training stands, but gets ")
                << kind_of<Given>()
                << ": write step_lr{30}, or [](const schedule_position& at) { return at.rate / (1 + "
                   "at.epoch); }";
};
}  // namespace detail

// Any schedule, or none.
class learning_rate_schedule : public std::function<double(const schedule_position&)> {
  using any_function = std::function<double(const schedule_position&)>;

 public:
  using any_function::any_function;
  learning_rate_schedule() = default;
  learning_rate_schedule(any_function schedule) : any_function(std::move(schedule)) {}
  template <class Given>
    requires Wrong<detail::schedule_given<Given>>
  learning_rate_schedule(const Given&) {
    (void)sizeof(tell<mistake_in<detail::schedule_given<Given>>>());
  }
};

namespace detail {

inline void require_schedule(bool fine, const char* schedule, const char* what) {
  if (!fine) throw usage_error(std::string(schedule) + ": " + what);
}
// The schedule's own length, or the run's where it has none.
inline double length_or(double own, double of_run) { return own > 0 ? own : of_run; }

}  // namespace detail

// The optimiser's own rate, always.
struct constant_lr {
  double operator()(const schedule_position& at) const { return at.rate; }
};

// rates[i] from epoch boundaries[i - 1] on.
struct piecewise_lr {
  std::vector<double> rates;       // one more than
  std::vector<double> boundaries;  // the epochs at which the next one begins, rising

  double operator()(const schedule_position& at) const {
    detail::require_schedule(rates.size() == boundaries.size() + 1, "piecewise_lr",
                             "rates must be one more than boundaries");
    detail::require_schedule(std::is_sorted(boundaries.begin(), boundaries.end()), "piecewise_lr",
                             "boundaries must rise");
    const auto next = std::upper_bound(boundaries.begin(), boundaries.end(), at.epoch);
    return rates[static_cast<std::size_t>(next - boundaries.begin())];
  }
};

// rate, times gamma every step_size epochs.
struct step_lr {
  double step_size = 1;
  double gamma = 0.1;
  double operator()(const schedule_position& at) const {
    detail::require_schedule(step_size >= 1, "step_lr", "step_size must be at least 1");
    return at.rate * std::pow(gamma, std::floor(at.epoch / step_size));
  }
};

// rate, times gamma at every milestone.
struct multi_step_lr {
  std::vector<double> milestones;
  double gamma = 0.1;
  double operator()(const schedule_position& at) const {
    const auto passed = std::count_if(milestones.begin(), milestones.end(),
                                      [&](double milestone) { return milestone <= at.epoch; });
    return at.rate * std::pow(gamma, static_cast<double>(passed));
  }
};

// rate * gamma^epoch.
struct exponential_lr {
  double gamma = 0.9;
  double operator()(const schedule_position& at) const {
    return at.rate * std::pow(gamma, at.epoch);
  }
};

// rate * exp(-lambda * epoch).
struct exponential_decay {
  double lambda = 0.1;
  double operator()(const schedule_position& at) const {
    return at.rate * std::exp(-lambda * at.epoch);
  }
};

// rate * exp(-lambda * (epoch + 2)): the lectures' code, whose counter is ahead.
struct incremented_exponential_decay {
  double lambda = 0.1;
  double operator()(const schedule_position& at) const {
    return at.rate * std::exp(-lambda * (at.epoch + 2));
  }
};

// rate times a factor that goes in a straight line from start_factor to end_factor.
struct linear_lr {
  double start_factor = 1;
  double end_factor = 0;
  double total_iters = 0;  // 0: the whole run
  double operator()(const schedule_position& at) const {
    const double whole = detail::length_or(total_iters, at.epochs);
    return at.rate *
           (start_factor + (end_factor - start_factor) * (std::min(at.epoch, whole) / whole));
  }
};

// rate * (1 - epoch / total_iters)^power.
struct polynomial_lr {
  double power = 1;
  double total_iters = 0;  // 0: the whole run
  double operator()(const schedule_position& at) const {
    const double whole = detail::length_or(total_iters, at.epochs);
    return at.rate * std::pow(1 - std::min(at.epoch, whole) / whole, power);
  }
};

// rate * (beta * epoch + 1)^(-alpha).
struct power_decay {
  double alpha = 1;
  double beta = 1;
  double operator()(const schedule_position& at) const {
    return at.rate * std::pow(beta * at.epoch + 1, -alpha);
  }
};

// The same, but every epoch's rate is made from the one before: the lectures' code.
struct compounding_power_decay {
  double alpha = 1;
  double beta = 1;
  double operator()(const schedule_position& at) const {
    double rate = at.rate;
    for (double t = 1; t <= at.epoch && rate > 0; ++t) rate *= std::pow(beta * t + 1, -alpha);
    return rate;
  }
};

namespace detail {
template <class Schedule>
concept ScheduleLike = std::is_invocable_r_v<double, const Schedule&, const schedule_position&>;
template <text Call, text How, class... Given>
struct no_schedule {
  static constexpr sentence complaint = sentence("tesela: ")
                                        << Call.view()
                                        << " expects a schedule, such as step_lr{30} or [](const "
                                           "schedule_position& at) { return at.rate; }, but gets "
                                        << kinds_of<Given...>() << ": write " << How.view();
};
// What a refused call gives: a schedule, since it usually stands among the options of fit, and braces around
// what has no type would be a second mistake for g++.
struct refused_schedule : refused {
  double operator()(const schedule_position&) const;
};
// What warm_up takes; 5 is a double, too.
template <class... Given>
inline constexpr bool warms_up = false;
template <class Epochs>
inline constexpr bool warms_up<Epochs> = std::is_arithmetic_v<Epochs>;
template <class Epochs, ScheduleLike Schedule, class... Factor>
inline constexpr bool warms_up<Epochs, Schedule, Factor...> =
    std::is_arithmetic_v<Epochs> && (std::is_arithmetic_v<Factor> && ...) && sizeof...(Factor) < 2;
}  // namespace detail

// Any schedule, counted in steps instead of epochs.
template <detail::ScheduleLike Schedule>
auto per_step(Schedule schedule) {
  return [schedule](schedule_position at) -> double {
    at.epoch = at.step;
    at.epochs = at.steps;
    return schedule(at);
  };
}

template <class... Given>
detail::refused_schedule per_step(const Given&...) {
  (void)sizeof(
      tell<mistake_in<
          detail::no_schedule<"per_step", "per_step(cosine_annealing_lr{})", Given...>>>());
  return {};
}

// A rate that grows in a line over the first `epochs`, from start_factor times the schedule's first
// rate; then the schedule, as in a run that begins there.
template <detail::ScheduleLike Schedule = constant_lr>
auto warm_up(double epochs, Schedule schedule = {}, double start_factor = 1.0 / 3) {
  detail::require_schedule(epochs >= 1, "warm_up", "epochs must be at least 1");
  detail::require_schedule(start_factor >= 0, "warm_up", "start_factor must not be negative");
  return [=](schedule_position at) -> double {
    const double passed = std::min(at.epoch, epochs);
    at.epoch -= passed;
    at.epochs = std::max(at.epochs - epochs, 1.0);
    return schedule(at) * (start_factor + (1 - start_factor) * (passed / epochs));
  };
}
template <class... Given>
  requires(!detail::warms_up<Given...>)
detail::refused_schedule warm_up(const Given&...) {
  (void)sizeof(
      tell<mistake_in<
          detail::no_schedule<"warm_up", "warm_up(5, cosine_annealing_lr{})", Given...>>>());
  return {};
}

}  // namespace tesela
