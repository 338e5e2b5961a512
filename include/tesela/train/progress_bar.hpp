// SPDX-License-Identifier: MIT
// Shows how training goes.
//
//   trainer.fit(train, {.epochs = 10}, progress_bar{});
//
// On a terminal, one line that is drawn over while an epoch runs
//
//   epoch 3/10 [#########-------] 21300 images/s  loss 1.2345  accuracy 56.7 %  0:12 left
//
// and a line an epoch that stays. Anywhere else, exactly one plain line an epoch. Where a schedule sets
// the learning rate, lines show it.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/train/report.hpp"
#include "tesela/train/terminal.hpp"

#include <cstddef>
#include <cstdio>
#include <string>

namespace tesela {

namespace detail {

// 65 -> "1:05", 3700 -> "1:01:40".
std::string duration_text(double seconds);
// "███▌    ": `columns` columns, `fraction` of them filled; without UTF-8 "###-----".
std::string bar_text(double fraction, std::size_t columns, bool utf8);
// What stays of an epoch.
std::string epoch_line(const epoch_report& report, bool scheduled = false);

// What is drawn over, in at most `width` columns: parts that do not fit are left out, least
// important first.
std::string live_line(const batch_report& report, double seconds_left, std::size_t width,
                      const terminal& screen, bool scheduled = false);

// progress_bar{10}, progress_bar{std::cout}.
template <class Self, class... Given>
struct progress_bar_made {
  static constexpr sentence complaint =
      sentence("tesela: progress_bar expects nothing, or the file it writes to, but gets ")
      << kinds_of<Given...>() << ": write progress_bar{}, or progress_bar{stderr}";
};
template <class Self>
struct progress_bar_made<Self> {
  static constexpr sentence complaint{};
};
template <class Self, class Given>
  requires(std::is_convertible_v<Given, std::FILE*> || std::is_same_v<Given, Self>)
struct progress_bar_made<Self, Given> {
  static constexpr sentence complaint{};
};

}  // namespace detail

// A callback of fit: a line an epoch on the terminal, with a bar while it runs.
class progress_bar {
 public:
  explicit progress_bar(std::FILE* out = stdout);
  template <class... Given>
    requires Wrong<detail::progress_bar_made<progress_bar, Given...>>
  explicit progress_bar(const Given&...) {
    (void)sizeof(tell<mistake_in<detail::progress_bar_made<progress_bar, Given...>>>());
  }
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;
  // Training that ends by an exception leaves its last line where it is, complete.
  ~progress_bar();

  template <class Trainer, class Options>
  void begin(Trainer& trainer, const Options& options) {
    if constexpr (requires { options.schedule; }) scheduled_ = static_cast<bool>(options.schedule);
    start(trainer.progress().past.size());
  }
  template <class Trainer>
  void batch(Trainer&, const batch_report& report) {
    show(report);
  }
  template <class Trainer>
  void epoch(Trainer&, const epoch_report& report) {
    show(report);
  }
  template <class Trainer>
  void end(Trainer& trainer, const history& past) {
    finish(past, trainer.stopped(), trainer.progress().best_epoch, trainer.progress().best_loss);
  }

 private:
  void start(std::size_t epochs_before);
  // Costs a comparison unless a tenth of a second has passed.
  void show(const batch_report& report);
  void show(const epoch_report& report);
  // On a terminal, why there are fewer epochs than asked for and whose weights are kept.
  void finish(const history& past, bool stopped, std::size_t best_epoch, double best_loss);

  void draw(const std::string& line);
  void clear();

  std::FILE* out_;
  terminal screen_;
  bool drawn_ = false, scheduled_ = false;
  std::size_t first_epoch_ = 0;
  double last_drawn_ = -1;
  double start_ = 0;  // seconds on a clock that is steady
};

}  // namespace tesela

#ifndef TESELA_COMPILED
#include "tesela/train/progress_bar.ipp"
#endif
