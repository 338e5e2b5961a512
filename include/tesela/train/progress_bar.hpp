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

#include "tesela/data/compose.hpp"
#include "tesela/train/report.hpp"
#include "tesela/train/terminal.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <string>

namespace tesela {

namespace detail {

// 65 -> "1:05", 3700 -> "1:01:40".
[[gnu::cold]] inline std::string duration_text(double seconds) {
  if (!(seconds >= 0) || seconds > 1e9) return "?";
  const auto whole = static_cast<long long>(std::ceil(seconds));
  const long long hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours > 0) return compose("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return compose("{}:{:02}", minutes, whole % 60);
}

// "███▌    ": `columns` columns, `fraction` of them filled; without UTF-8 "###-----".
[[gnu::cold]] inline std::string bar_text(double fraction, std::size_t columns, bool utf8) {
  const double filled = std::clamp(fraction, 0.0, 1.0) * static_cast<double>(columns);
  auto whole = static_cast<std::size_t>(filled);
  std::string bar;
  if (!utf8) return bar.append(whole, '#').append(columns - whole, '-');
  static constexpr const char* eighths[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  for (std::size_t i = 0; i < whole; ++i) bar += "█";
  if (const auto part = static_cast<std::size_t>(8 * (filled - static_cast<double>(whole)));
      whole < columns && part > 0) {
    bar += eighths[part];
    ++whole;
  }
  return bar.append(columns - whole, ' ');
}

// What stays of an epoch.
[[gnu::cold]] inline std::string epoch_line(const epoch_report& report, bool scheduled = false) {
  const std::string total = std::to_string(report.epochs);
  std::string line = compose("epoch {:>{}}/{}  loss {:.4f}  accuracy {:5.2f} %", report.epoch,
                             total.size(), total, report.train.loss, 100 * report.train.accuracy);
  if (report.validation.samples > 0) {
    line += compose("  validation loss {:.4f}  accuracy {:5.2f} %", report.validation.loss,
                    100 * report.validation.accuracy);
  }
  if (scheduled) line += compose("  rate {:.3g}", report.learning_rate);
  return line + compose("  {:5.0f} images/s  {:.1f} s", report.images_per_second, report.seconds);
}

// What is drawn over, in at most `width` columns: parts that do not fit are left out, least
// important first.
[[gnu::cold]] inline std::string live_line(const batch_report& report, double seconds_left,
                                           std::size_t width, const terminal& screen,
                                           bool scheduled = false) {
  const std::string total = std::to_string(report.epochs);
  const std::string head = compose("epoch {:>{}}/{}", report.epoch, total.size(), total);
  const std::string loss = compose("  loss {:.4f}", report.train.loss);
  const std::string accuracy = compose("  accuracy {:4.1f} %", 100 * report.train.accuracy);
  const std::string left = compose("  {} left", duration_text(seconds_left));
  const std::string speed = compose("  {:5.0f} images/s", report.images_per_second);
  const std::string rate =
      scheduled ? compose("  rate {:.3g}", report.learning_rate) : std::string();
  // In the order in which they get room.
  constexpr std::size_t count = 5;
  const std::string* parts[count] = {&loss, &accuracy, &left, &speed, &rate};
  bool shown[count] = {};
  std::size_t room = width > head.size() ? width - head.size() : 0;
  for (std::size_t i = 0; i < count && parts[i]->size() <= room; ++i) {
    shown[i] = true;
    room -= parts[i]->size();
  }
  std::string line = head.substr(0, width);
  constexpr std::size_t frame = 3, least = 5, most = 30;  // " [", "]"
  if (room >= frame + least) {
    const double fraction =
        static_cast<double>(report.samples) / static_cast<double>(report.of_samples);
    const std::size_t columns = std::min(room - frame, most);
    line += compose(" {}{}{}{}{}", screen.utf8 ? "▕" : "[", screen.colour ? "\x1b[36m" : "",
                    bar_text(fraction, columns, screen.utf8), screen.colour ? "\x1b[0m" : "",
                    screen.utf8 ? "▏" : "]");
  }
  for (const std::size_t i : {3u, 0u, 1u, 4u, 2u}) {
    if (shown[i]) line += *parts[i];
  }
  return line;
}

}  // namespace detail

class progress_bar {
 public:
  explicit progress_bar(std::FILE* out = stdout) : out_(out), screen_(terminal::of(out)) {}
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;
  // Training that ends by an exception leaves its last line where it is, complete.
  ~progress_bar() {
    if (drawn_) std::fputs("\n", out_);
  }

  template <class Trainer, class Options>
  void begin(Trainer& trainer, const Options& options) {
    if constexpr (requires { options.schedule; }) scheduled_ = static_cast<bool>(options.schedule);
    first_epoch_ = trainer.progress().past.size();
    start_ = clock::now();
    last_drawn_ = -1;
  }

  // Costs a comparison unless a tenth of a second has passed.
  template <class Trainer>
  void batch(Trainer&, const batch_report& report) {
    constexpr double interval = 0.1;
    if (!screen_.live) return;
    if (report.seconds >= last_drawn_ && report.seconds < last_drawn_ + interval) return;
    last_drawn_ = report.seconds;
    // Time left counts validation too, as it was in the epochs before.
    const double done =
        static_cast<double>(report.epoch - 1 - first_epoch_) +
        static_cast<double>(report.samples) / static_cast<double>(report.of_samples);
    const double all = static_cast<double>(report.epochs - first_epoch_);
    const double passed = std::chrono::duration<double>(clock::now() - start_).count();
    draw(detail::live_line(report, passed * (all - done) / done, terminal::width(out_) - 1,
                           screen_, scheduled_));
  }

  template <class Trainer>
  void epoch(Trainer&, const epoch_report& report) {
    clear();
    std::fputs((detail::epoch_line(report, scheduled_) + "\n").c_str(), out_);
    std::fflush(out_);
    last_drawn_ = -1;
  }

  // On a terminal, why there are fewer epochs than asked for and whose weights are kept.
  template <class Trainer>
  void end(Trainer& trainer, const history& past) {
    clear();
    const auto& progress = trainer.progress();
    if (!screen_.live || past.empty() || progress.best_epoch == 0) return;
    if (trainer.stopped()) {
      std::fputs(compose("stopped after epoch {} of {}; ", past.size(), past.back().epochs).c_str(),
                 out_);
    }
    std::fputs(compose("kept the weights of epoch {} (loss {:.4f})\n", progress.best_epoch,
                       progress.best_loss)
                   .c_str(),
               out_);
  }

 private:
  using clock = std::chrono::steady_clock;

  void draw(const std::string& line) {
    std::fputs(("\r" + line + "\x1b[K").c_str(), out_);
    std::fflush(out_);
    drawn_ = true;
  }
  void clear() {
    if (drawn_) std::fputs("\r\x1b[K", out_);
    drawn_ = false;
  }

  std::FILE* out_;
  terminal screen_;
  bool drawn_ = false, scheduled_ = false;
  std::size_t first_epoch_ = 0;
  double last_drawn_ = -1;
  clock::time_point start_{};
};

}  // namespace tesela
