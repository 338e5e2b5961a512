// SPDX-License-Identifier: MIT
// Loss and accuracy over the epochs, as a picture.
//
//   trainer.fit(train, {.epochs = 10, .validation = &validation}, learning_curve{"curve.png"});
//   plot_learning_curve(history, "curve.svg", {.title = "CNN on CIFAR-10"});
//
// The path's extension decides: .png and .svg are drawn by gnuplot, .csv holds the figures. Where
// gnuplot is not installed or fails, the figures go to a .csv beside.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/io/file.hpp"
#include "tesela/io/gnuplot.hpp"
#include "tesela/io/misuse.hpp"

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tesela {

// Throws usage_error unless the extension is one that can be written.
inline void check_curve_path(const std::filesystem::path& path) {
  const auto extension = path.extension();
  if (extension != ".png" && extension != ".svg" && extension != ".csv") {
    throw usage_error(
        compose("learning curve: '{}' must end in .png, .svg or .csv", path.string()));
  }
}

// What a picture may show besides the epochs: the results on the test set, once, at the end.
struct curve_options {
  std::string title;
  double test_loss = std::numeric_limits<double>::quiet_NaN();
  double test_accuracy = std::numeric_limits<double>::quiet_NaN();  // 0 to 1
};

namespace io::detail {

inline void replace_file(const std::filesystem::path& path, std::string_view content) {
  atomic_file file(path);
  file.write(content.data(), content.size());
  file.commit();
}

// Columns of the table; empty cells where there is no validation set.
template <class History>
std::string curve_table(const History& past, char separator) {
  const auto cell = [&](double value) {
    if (std::isfinite(value)) return compose("{:.6g}", value);
    return std::string(separator == ',' ? "" : "NaN");
  };
  std::string table;
  for (const auto& e : past) {
    table += compose("{1}{0}{2}{0}{3}{0}{4}{0}{5}\n", separator, e.epoch, cell(e.train.loss),
                     cell(e.train.accuracy), cell(e.validation.loss), cell(e.validation.accuracy));
  }
  return table;
}

// Text inside a gnuplot string: between single quotes nothing but the quote means something, and
// gnuplot 5.4 takes no doubled quote in a title, so it becomes a typographic one.
inline std::string gnuplot_text(std::string_view words) {
  std::string result = "'";
  for (const char c : words) {
    if (c == '\'') {
      result += "\u2019";
    } else {
      result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return result + "'";
}

// The position in `past` of the lowest validation loss.
template <class History>
std::size_t best_of(const History& past) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < past.size(); ++i) {
    if (!(past[i].validation.loss >= past[best].validation.loss)) best = i;
  }
  return best;
}

template <class History>
std::string curve_script(const History& past, std::string_view terminal,
                         const curve_options& options) {
  const bool validated = past.back().validation.samples > 0;
  const bool of_classes = std::isfinite(past.back().train.accuracy);  // targets are not right or wrong
  std::string script = compose(
      "$past << EOD\n{}EOD\n"
      "set terminal {}\n"
      "set encoding utf8\n"
      "set datafile separator whitespace\n"
      "set multiplot layout 1,{} {} margins 0.055,0.985,0.135,{} spacing 0.075,0\n"
      "set border 3 lc rgb '#888888'\n"
      "set tics nomirror out scale 0.5 textcolor rgb '#444444'\n"
      "set grid y lc rgb '#e4e4e4' lw 1 lt 1\n"
      "set xlabel 'epoch' textcolor rgb '#444444' offset 0,0.3\n"
      "set xrange [{}:{}]\n"
      "set style line 1 lc rgb '#1f77b4' lw 2.5 pt 7 ps 0.6\n"
      "set style line 2 lc rgb '#e8710a' lw 2.5 pt 7 ps 0.6\n"
      "set style line 3 lc rgb '#e8710a' lw 1.5 pt 6 ps 2\n"
      "set style line 4 lc rgb '#2ca02c' lw 1.5 dt 2\n"
      "set key textcolor rgb '#222222' samplen 2 spacing 1.3 Left reverse opaque\n"
      // At most ten marks, at whole epochs.
      "set xtics {}\n",
      curve_table(past, ' '), terminal, of_classes ? 2 : 1,
      options.title.empty()
          ? ""
          : compose("title {} noenhanced font ',14'", gnuplot_text(options.title)),
      options.title.empty() ? "0.91" : "0.82", past.front().epoch == past.back().epoch ? 0.5 : 0.7,
      static_cast<double>(past.back().epoch) + 0.3, (past.size() + 9) / 10);
  const auto panel = [&](std::string_view name, std::string_view corner, int train, int validation,
                         std::string_view factor, double test) {
    script += compose(
        "set title '{}' textcolor rgb '#222222' offset 0,-0.3\n"
        "set key {}\n"
        "plot $past using 1:({}${}) with linespoints ls 1 title 'training'",
        name, corner, factor, train);
    if (validated) {
      const std::size_t best = best_of(past);
      script += compose(", '' using 1:({}${}) with linespoints ls 2 title 'validation'", factor,
                        validation);
      script += compose(
          ", '' every ::{0}::{0} using 1:({1}${2}) with points ls 3 title 'lowest validation loss'",
          best, factor, validation);
    }
    if (std::isfinite(test)) {
      script += compose(", {} with lines ls 4 title 'test, at the end'", test);
    }
    script += "\n";
  };
  panel("loss", "top right", 2, 4, "", options.test_loss);
  if (of_classes) panel("accuracy, %", "bottom right", 3, 5, "100*", 100 * options.test_accuracy);
  return script + "unset multiplot\n";
}

}  // namespace io::detail

// Returns the path of what was written: `path`, or the .csv beside it; then one sentence on stderr
// says why. A past without epochs writes nothing and returns an empty path.
template <class History>
std::filesystem::path plot_learning_curve(const History& past, const std::filesystem::path& path,
                                          const curve_options& options = {},
                                          const char* program = "gnuplot") {
  check_curve_path(path);
  if (past.empty()) return {};
  const std::string figures =
      "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy\n" +
      io::detail::curve_table(past, ',');
  if (path.extension() == ".csv") {
    io::detail::replace_file(path, figures);
    return path;
  }
  const std::string_view terminal =
      path.extension() == ".png" ? "pngcairo size 1280,500 background '#ffffff' font 'sans,11'"
                                 : "svg size 1280,500 dynamic background '#ffffff' font 'sans,14'";
  std::string why = "gnuplot is not installed";
  std::optional<std::string> picture;
  try {
    picture = io::run_gnuplot(io::detail::curve_script(past, terminal, options), program);
  } catch (const io_error& refusal) {
    why = refusal.what();  // a picture is not worth a run: its figures are kept
  }
  if (picture) {
    io::detail::replace_file(path, *picture);
    return path;
  }
  std::filesystem::path beside = path;
  beside.replace_extension(".csv");
  io::detail::replace_file(beside, figures);
  std::fputs(
      compose("learning curve: {}, so the figures are in '{}'\n", why, beside.string()).c_str(),
      stderr);
  return beside;
}

template <class... Given>
  requires Wrong<io::detail::plot_call<Given...>>
auto plot_learning_curve(const Given&...) {
  return sizeof(tell<mistake_in<io::detail::plot_call<Given...>>>());
}
// With settings in braces behind.
template <io::detail::Path P, class History>
  requires(!io::detail::Path<History>)
auto plot_learning_curve(const P&, const History&, const curve_options&) {
  return sizeof(tell<mistake_in<io::detail::plot_call<P, History>>>());
}

template <class Given, io::detail::Path P>
  requires Wrong<io::detail::plot_call<Given, P>>
auto plot_learning_curve(const Given&, const P&, const curve_options&) {
  return sizeof(tell<mistake_in<io::detail::plot_call<Given, P>>>());
}

// The callback that draws when training ends: learning_curve{"curve.png"}.
class learning_curve {
 public:
  explicit learning_curve(std::filesystem::path path, curve_options options = {})
      : path_(std::move(path)), options_(std::move(options)) {
    check_curve_path(path_);
  }
  template <class... Given>
  requires Wrong<io::detail::learning_curve_call<learning_curve, Given...>>
  explicit learning_curve(Given&&...) {
    (void)sizeof(tell<mistake_in<io::detail::learning_curve_call<learning_curve, Given...>>>());
  }

  // A path that cannot be written is found before training.
  template <class Trainer, class Options>
  void begin(Trainer&, const Options&) const {
    const io::atomic_file attempt(path_);
  }
  template <class Trainer, class History>
  void end(Trainer&, const History& past) const {
    plot_learning_curve(past, path_, options_);
  }

 private:
  std::filesystem::path path_;
  curve_options options_;
};

}  // namespace tesela
