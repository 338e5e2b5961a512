// SPDX-License-Identifier: MIT
// Definitions of progress_bar.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/train/progress_bar.hpp"
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

[[gnu::cold]] TESELA_INLINE std::string duration_text(double seconds) {
  if (!(seconds >= 0) || seconds > 1e9) return "?";
  const auto whole = static_cast<long long>(std::ceil(seconds));
  const long long hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours > 0) return compose("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return compose("{}:{:02}", minutes, whole % 60);
}

[[gnu::cold]] TESELA_INLINE std::string bar_text(double fraction, std::size_t columns, bool utf8) {
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

// Targets are not right or wrong.
[[gnu::cold]] inline std::string accuracy_text(double accuracy) {
  return std::isfinite(accuracy) ? compose("  accuracy {:5.2f} %", 100 * accuracy) : std::string();
}

[[gnu::cold]] TESELA_INLINE std::string epoch_line(const epoch_report& report, bool scheduled) {
  const std::string total = std::to_string(report.epochs);
  std::string line = compose("epoch {:>{}}/{}  loss {:.4f}", report.epoch, total.size(), total,
                             report.train.loss) +
                     accuracy_text(report.train.accuracy);
  if (report.validation.samples > 0) {
    line += compose("  validation loss {:.4f}", report.validation.loss) +
            accuracy_text(report.validation.accuracy);
  }
  if (scheduled) line += compose("  rate {:.3g}", report.learning_rate);
  return line + compose("  {:5.0f} images/s  {:.1f} s", report.images_per_second, report.seconds);
}

[[gnu::cold]] TESELA_INLINE std::string live_line(const batch_report& report, double seconds_left,
                                           std::size_t width, const terminal& screen,
                                           bool scheduled) {
  const std::string total = std::to_string(report.epochs);
  const std::string head = compose("epoch {:>{}}/{}", report.epoch, total.size(), total);
  const std::string loss = compose("  loss {:.4f}", report.train.loss);
  const std::string accuracy = std::isfinite(report.train.accuracy)
                                   ? compose("  accuracy {:4.1f} %", 100 * report.train.accuracy)
                                   : std::string();
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

// On a steady clock.
inline double seconds_now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace detail

TESELA_INLINE progress_bar::progress_bar(std::FILE* out) : out_(out), screen_(terminal::of(out)) {}

TESELA_INLINE progress_bar::~progress_bar() {
  if (drawn_) std::fputs("\n", out_);
}

TESELA_INLINE void progress_bar::start(std::size_t epochs_before) {
  first_epoch_ = epochs_before;
  start_ = detail::seconds_now();
  last_drawn_ = -1;
}

TESELA_INLINE void progress_bar::show(const batch_report& report) {
  constexpr double interval = 0.1;
  if (!screen_.live) return;
  if (report.seconds >= last_drawn_ && report.seconds < last_drawn_ + interval) return;
  last_drawn_ = report.seconds;
  // Time left counts validation too, as it was in the epochs before.
  const double done = static_cast<double>(report.epoch - 1 - first_epoch_) +
                      static_cast<double>(report.samples) / static_cast<double>(report.of_samples);
  const double all = static_cast<double>(report.epochs - first_epoch_);
  const double passed = detail::seconds_now() - start_;
  draw(detail::live_line(report, passed * (all - done) / done, terminal::width(out_) - 1, screen_,
                         scheduled_));
}

TESELA_INLINE void progress_bar::show(const epoch_report& report) {
  clear();
  std::fputs((detail::epoch_line(report, scheduled_) + "\n").c_str(), out_);
  std::fflush(out_);
  last_drawn_ = -1;
}

[[gnu::cold]] TESELA_INLINE void progress_bar::finish(const history& past, bool stopped,
                                                      std::size_t best_epoch, double best_loss) {
  clear();
  if (!screen_.live || past.empty() || best_epoch == 0) return;
  if (stopped) {
    std::fputs(compose("stopped after epoch {} of {}; ", past.size(), past.back().epochs).c_str(),
               out_);
  }
  std::fputs(
      compose("kept the weights of epoch {} (loss {:.4f})\n", best_epoch, best_loss).c_str(), out_);
}

TESELA_INLINE void progress_bar::draw(const std::string& line) {
  std::fputs(("\r" + line + "\x1b[K").c_str(), out_);
  std::fflush(out_);
  drawn_ = true;
}

TESELA_INLINE void progress_bar::clear() {
  if (drawn_) std::fputs("\r\x1b[K", out_);
  drawn_ = false;
}

}  // namespace tesela
