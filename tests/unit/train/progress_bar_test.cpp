// SPDX-License-Identifier: MIT
// What a user sees of training: on a terminal (a pseudo-terminal here), in a pipe, in a narrow
// window.
#include "tesela/train/progress_bar.hpp"

#include "tesela/train/training_state.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace {

using namespace tesela;

// Sets a variable of the environment, or removes it, for the length of a test.
class environment {
 public:
  environment(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) before_ = old;
    set(value);
  }
  ~environment() { set(before_ ? before_->c_str() : nullptr); }

 private:
  void set(const char* value) {
    if (value == nullptr) {
      ::unsetenv(name_);
    } else {
      ::setenv(name_, value, 1);
    }
  }
  const char* name_;
  std::optional<std::string> before_;
};

// A bare chroot has no /dev/pts: there, Boost.Test says of every test that needs one that it is
// skipped.
boost::test_tools::assertion_result there_are_pseudo_terminals(boost::unit_test::test_unit_id) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY);
  const bool there = master >= 0 && ::grantpt(master) == 0 && ::unlockpt(master) == 0;
  if (master >= 0) ::close(master);
  boost::test_tools::assertion_result result(there);
  if (!there) {
    result.message() << "no pseudo-terminals";
    std::fputs("skipped: this system gives no pseudo-terminals (is /dev/pts mounted?)\n", stderr);
  }
  return result;
}
const auto on_a_terminal = boost::unit_test::precondition(there_are_pseudo_terminals);

// A terminal of our own: `file()` is its inside, `seen()` what has arrived on the screen.
class pseudo_terminal {
 public:
  explicit pseudo_terminal(unsigned short columns) {
    master_ = ::posix_openpt(O_RDWR | O_NOCTTY);
    if (master_ < 0 || ::grantpt(master_) != 0 || ::unlockpt(master_) != 0) {
      throw std::runtime_error("no pseudo-terminal");
    }
    ::fcntl(master_, F_SETFL, O_NONBLOCK);
    const int slave = ::open(::ptsname(master_), O_RDWR | O_NOCTTY);
    resize(columns);
    file_ = ::fdopen(slave, "w");
  }
  ~pseudo_terminal() {
    std::fclose(file_);
    ::close(master_);
  }

  void resize(unsigned short columns) {
    const winsize size{24, columns, 0, 0};
    ::ioctl(master_, TIOCSWINSZ, &size);
  }
  std::FILE* file() { return file_; }

  std::string seen() {
    std::fflush(file_);
    std::string all;
    char piece[4096];
    for (ssize_t n = 0; (n = ::read(master_, piece, sizeof piece)) > 0;) {
      all.append(piece, static_cast<std::size_t>(n));
    }
    return all;
  }

 private:
  int master_ = -1;
  std::FILE* file_ = nullptr;
};

// What a progress bar asks of a trainer.
struct pretended_trainer {
  training_progress past_progress;
  bool has_stopped = false;
  const training_progress& progress() const { return past_progress; }
  bool stopped() const { return has_stopped; }
};

batch_report batch_at(std::size_t epoch, std::size_t samples, double seconds) {
  batch_report report;
  report.epoch = epoch;
  report.epochs = 3;
  report.samples = samples;
  report.of_samples = 1000;
  report.train = {1.23456, 0.567, samples};
  report.seconds = seconds;
  report.images_per_second = 21345.6;
  return report;
}

epoch_report epoch_at(std::size_t epoch, bool validated) {
  epoch_report report;
  report.epoch = epoch;
  report.epochs = 3;
  report.train = {1.5, 0.25, 1000};
  if (validated) report.validation = {1.75, 0.125, 100};
  report.seconds = 2.04;
  report.images_per_second = 490.2;
  return report;
}

// One epoch of ten batches, a twentieth of a second each.
void show_epoch(progress_bar& bar, pretended_trainer& trainer, std::size_t epoch, bool validated) {
  for (std::size_t b = 1; b <= 10; ++b) {
    bar.batch(trainer, batch_at(epoch, 100 * b, 0.05 * static_cast<double>(b)));
  }
  bar.epoch(trainer, epoch_at(epoch, validated));
}

std::size_t count(const std::string& words, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = words.find(part); at != words.npos; at = words.find(part, at + 1)) ++n;
  return n;
}

// Columns on the screen: bytes that begin a character, without escape sequences.
std::size_t columns_of(std::string line) {
  for (std::size_t at; (at = line.find('\x1b')) != line.npos;) {
    line.erase(at, line.find_first_of("mK", at) - at + 1);
  }
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
  }));
}

const char* const kept_line =
    "epoch 1/3  loss 1.5000  accuracy 25.00 %  validation loss 1.7500  accuracy 12.50 %  "
    "  490 images/s  2.0 s";

}  // namespace

BOOST_AUTO_TEST_SUITE(progress_bars)

BOOST_AUTO_TEST_CASE(a_pipe_gets_exactly_one_plain_line_an_epoch) {
  const environment kind("TERM", "xterm-256color"), locale("LC_ALL", "de_DE.UTF-8");
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  std::FILE* out = ::fdopen(ends[1], "w");
  pretended_trainer trainer;
  {
    progress_bar bar(out);
    bar.begin(trainer, 0);
    show_epoch(bar, trainer, 1, true);
    show_epoch(bar, trainer, 2, false);
    trainer.past_progress.best_epoch = 1;
    trainer.has_stopped = true;
    bar.end(trainer, {epoch_at(1, true), epoch_at(2, false)});
  }
  std::fclose(out);
  std::string seen(4096, '\0');
  seen.resize(static_cast<std::size_t>(::read(ends[0], seen.data(), seen.size())));
  ::close(ends[0]);
  BOOST_TEST(seen == std::string(kept_line) +
                         "\nepoch 2/3  loss 1.5000  accuracy 25.00 %    490 images/s  2.0 s\n");
}

BOOST_AUTO_TEST_CASE(targets_have_no_accuracy) {
  epoch_report report = epoch_at(1, true);
  report.train.accuracy = report.validation.accuracy = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(tesela::detail::epoch_line(report) ==
             "epoch 1/3  loss 1.5000  validation loss 1.7500    490 images/s  2.0 s");
}

BOOST_AUTO_TEST_CASE(a_line_of_a_pipe_arrives_when_its_epoch_ends) {
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  ::fcntl(ends[0], F_SETFL, O_NONBLOCK);
  std::FILE* out = ::fdopen(ends[1], "w");
  pretended_trainer trainer;
  progress_bar bar(out);
  bar.begin(trainer, 0);
  show_epoch(bar, trainer, 1, true);
  char seen[4096];
  BOOST_TEST(::read(ends[0], seen, sizeof seen) > 0);
  std::fclose(out);
  ::close(ends[0]);
}

BOOST_AUTO_TEST_CASE(a_terminal_gets_one_line_that_is_drawn_over_and_a_line_that_stays,
                     *on_a_terminal) {
  const environment kind("TERM", "xterm"), locale("LC_ALL", "C"), colour("NO_COLOR", "1");
  pseudo_terminal screen(120);
  pretended_trainer trainer;
  progress_bar bar(screen.file());
  bar.begin(trainer, 0);
  bar.batch(trainer, batch_at(1, 500, 1.0));
  const std::string live = screen.seen();
  BOOST_TEST(live.find("\repoch 1/3 [###############---------------]  21346 images/s  "
                       "loss 1.2346  accuracy 56.7 %  0:") == 0u,
             live);
  BOOST_TEST(live.ends_with(" left\x1b[K"), live);
  BOOST_TEST(live.find('\n') == live.npos);
  bar.epoch(trainer, epoch_at(1, true));
  BOOST_TEST(screen.seen() == "\r\x1b[K" + std::string(kept_line) + "\r\n");
}

BOOST_AUTO_TEST_CASE(it_draws_at_most_ten_times_a_second, *on_a_terminal) {
  const environment kind("TERM", "xterm"), locale("LC_ALL", "C");
  pseudo_terminal screen(120);
  pretended_trainer trainer;
  progress_bar bar(screen.file());
  bar.begin(trainer, 0);
  std::string seen;
  for (std::size_t b = 1; b <= 1000; ++b) {
    bar.batch(trainer, batch_at(1, b, 0.002 * static_cast<double>(b)));
    seen += screen.seen();
  }
  BOOST_TEST(count(seen, "\r") > 15u);
  BOOST_TEST(count(seen, "\r") <= 20u);
}

BOOST_AUTO_TEST_CASE(a_bar_of_blocks_needs_a_locale_of_utf_8_and_colour_no_no_color,
                     *on_a_terminal) {
  const environment kind("TERM", "xterm");
  const auto draw = [](const char* locale, const char* no_color) {
    const environment all("LC_ALL", locale), colour("NO_COLOR", no_color);
    pseudo_terminal screen(120);
    pretended_trainer trainer;
    progress_bar bar(screen.file());
    bar.begin(trainer, 0);
    bar.batch(trainer, batch_at(1, 517, 1.0));
    return screen.seen();
  };
  const std::string fine = draw("C.utf8", nullptr);
  BOOST_TEST(count(fine, "█") == 15u);
  BOOST_TEST(count(fine, "▌") == 1u);  // 0.517 * 30 = 15.51
  BOOST_TEST(count(fine, "\x1b[36m") == 1u);
  BOOST_TEST(count(fine, "\x1b[0m") == 1u);
  const std::string plain = draw("POSIX", "1");
  BOOST_TEST(count(plain, "█") == 0u);
  BOOST_TEST(count(plain, "#") == 15u);
  BOOST_TEST(count(plain, "\x1b[36m") == 0u);
}

BOOST_AUTO_TEST_CASE(a_dumb_terminal_gets_plain_lines, *on_a_terminal) {
  const environment kind("TERM", "dumb");
  pseudo_terminal screen(120);
  pretended_trainer trainer;
  progress_bar bar(screen.file());
  bar.begin(trainer, 0);
  show_epoch(bar, trainer, 1, true);
  BOOST_TEST(screen.seen() == std::string(kept_line) + "\r\n");
}

BOOST_AUTO_TEST_CASE(no_window_is_too_narrow, *on_a_terminal) {
  const environment kind("TERM", "xterm"), locale("LC_ALL", "C.UTF-8");
  pretended_trainer trainer;
  for (unsigned short columns = 1; columns < 130; ++columns) {
    pseudo_terminal screen(columns);
    progress_bar bar(screen.file());
    bar.begin(trainer, 0);
    bar.batch(trainer, batch_at(1, 500, 1.0));
    // The last column stays free: some terminals break the line there.
    BOOST_TEST_CONTEXT("columns " << columns) {
      BOOST_TEST(columns_of(screen.seen().substr(1)) < columns);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_window_that_is_resized_is_noticed, *on_a_terminal) {
  const environment kind("TERM", "xterm"), locale("LC_ALL", "C");
  pseudo_terminal screen(120);
  pretended_trainer trainer;
  progress_bar bar(screen.file());
  bar.begin(trainer, 0);
  bar.batch(trainer, batch_at(1, 500, 1.0));
  BOOST_TEST(screen.seen().find("images/s") != std::string::npos);
  screen.resize(40);
  bar.batch(trainer, batch_at(1, 600, 2.0));
  BOOST_TEST(screen.seen().find("images/s") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_end_says_whose_weights_are_kept_and_that_it_came_early, *on_a_terminal) {
  const environment kind("TERM", "xterm");
  pseudo_terminal screen(120);
  pretended_trainer trainer;
  progress_bar bar(screen.file());
  bar.begin(trainer, 0);
  trainer.past_progress.best_epoch = 1;
  trainer.past_progress.best_loss = 1.75;
  bar.end(trainer, {epoch_at(1, true), epoch_at(2, true)});
  BOOST_TEST(screen.seen() == "kept the weights of epoch 1 (loss 1.7500)\r\n");
  trainer.has_stopped = true;
  bar.end(trainer, {epoch_at(1, true), epoch_at(2, true)});
  BOOST_TEST(screen.seen() ==
             "stopped after epoch 2 of 3; kept the weights of epoch 1 (loss 1.7500)\r\n");
}

BOOST_AUTO_TEST_CASE(training_that_throws_leaves_a_whole_line, *on_a_terminal) {
  const environment kind("TERM", "xterm");
  pseudo_terminal screen(120);
  pretended_trainer trainer;
  {
    progress_bar bar(screen.file());
    bar.begin(trainer, 0);
    bar.batch(trainer, batch_at(1, 500, 1.0));
  }
  BOOST_TEST(screen.seen().ends_with("\r\n"));
}

BOOST_AUTO_TEST_CASE(durations_read_as_clocks) {
  BOOST_TEST(detail::duration_text(0) == "0:00");
  BOOST_TEST(detail::duration_text(64.2) == "1:05");
  BOOST_TEST(detail::duration_text(3700) == "1:01:40");
  BOOST_TEST(detail::duration_text(-1) == "?");
  BOOST_TEST(detail::duration_text(0.0 / 0.0) == "?");
}

BOOST_AUTO_TEST_CASE(a_bar_fills_from_nothing_to_all) {
  BOOST_TEST(detail::bar_text(0, 4, false) == "----");
  BOOST_TEST(detail::bar_text(1, 4, false) == "####");
  BOOST_TEST(detail::bar_text(0.5, 4, false) == "##--");
  BOOST_TEST(detail::bar_text(0, 4, true) == "    ");
  BOOST_TEST(detail::bar_text(0.4, 4, true) == "█▌  ");
  BOOST_TEST(detail::bar_text(1, 4, true) == "████");
  BOOST_TEST(detail::bar_text(7, 4, false) == "####");
}

BOOST_AUTO_TEST_SUITE_END()
