// SPDX-License-Identifier: MIT
// Loss and accuracy over the epochs, as a picture.
//
//   trainer.fit(train, {.epochs = 10, .validation = &validation}, learning_curve{"curve.png"});
//   plot_learning_curve(history, "curve.svg", "CNN on CIFAR-10");
//
// The path's extension decides: .png and .svg are drawn by gnuplot, .csv holds the figures. Where
// gnuplot is not installed or fails, the figures go to a .csv beside.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/io/file.hpp"
#include "tesela/io/gnuplot.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace tesela {

namespace io::detail {

inline void check_curve_path(const std::filesystem::path& path) {
  const auto extension = path.extension();
  if (extension != ".png" && extension != ".svg" && extension != ".csv") {
    throw usage_error(fmt::format(
        "learning curve: '{}' must end in .png, .svg or .csv", path.string()));
  }
}

inline void replace_file(const std::filesystem::path& path, std::string_view content) {
  atomic_file file(path);
  file.write(content.data(), content.size());
  file.commit();
}

// Columns of the table; empty cells where there is no validation set.
template <class History>
std::string curve_table(const History& past, char separator) {
  const auto cell = [&](double value) {
    if (std::isfinite(value)) return fmt::format("{:.6g}", value);
    return std::string(separator == ',' ? "" : "NaN");
  };
  std::string table;
  for (const auto& e : past) {
    table += fmt::format("{1}{0}{2}{0}{3}{0}{4}{0}{5}\n", separator, e.epoch, cell(e.train.loss),
                         cell(e.train.accuracy), cell(e.validation.loss),
                         cell(e.validation.accuracy));
  }
  return table;
}

// Text inside a gnuplot string: in single quotes only the quote itself means something, and a line
// must not end.
inline std::string gnuplot_text(std::string_view words) {
  std::string result = "'";
  for (const char c : words) {
    if (c == '\'') result += '\'';
    result += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  }
  return result + "'";
}

template <class History>
std::string curve_script(const History& past, std::string_view terminal, std::string_view title) {
  const bool validated = past.back().validation.samples > 0;
  std::string script = fmt::format(
      "$past << EOD\n{}EOD\n"
      "set terminal {}\n"
      "set encoding utf8\n"
      "set datafile separator whitespace\n"
      "set multiplot layout 1,2{} margins 0.065,0.985,0.135,{} spacing 0.085,0\n"
      "set border 3 lc rgb '#888888'\n"
      "set tics nomirror out scale 0.5 textcolor rgb '#444444'\n"
      "set grid y lc rgb '#e4e4e4' lw 1 lt 1\n"
      "set xlabel 'epoch' textcolor rgb '#444444' offset 0,0.3\n"
      "set xrange [{}:{}]\n"
      "set style line 1 lc rgb '#1f77b4' lw 2.5 pt 7 ps 0.7\n"
      "set style line 2 lc rgb '#e8710a' lw 2.5 pt 7 ps 0.7\n"
      "set key textcolor rgb '#222222' samplen 2 spacing 1.3\n",
      curve_table(past, ' '), terminal,
      title.empty() ? "" : fmt::format(" title {} noenhanced", gnuplot_text(title)),
      title.empty() ? "0.90" : "0.83", past.size() == 1 ? "0.5" : "1",
      past.size() == 1 ? "1.5" : fmt::format("{}", past.back().epoch));
  // At most ten marks, at whole epochs.
  script += fmt::format("set xtics {}\n", (past.size() + 9) / 10);
  const auto panel = [&](std::string_view name, std::string_view corner, int train, int validation,
                         std::string_view factor) {
    script += fmt::format(
        "set title '{}' textcolor rgb '#222222' offset 0,-0.4\n"
        "set key {}\n"
        "plot $past using 1:({}${}) with linespoints ls 1 title 'training'",
        name, corner, factor, train);
    if (validated) {
      script += fmt::format(", '' using 1:({}${}) with linespoints ls 2 title 'validation'", factor,
                            validation);
    }
    script += "\n";
  };
  panel("loss", "top right", 2, 4, "");
  panel("accuracy, %", "bottom right", 3, 5, "100*");
  return script + "unset multiplot\n";
}

}  // namespace io::detail

// Returns the path of what was written: `path`, or the .csv beside it; then one sentence on stderr
// says why. A past without epochs writes nothing and returns an empty path.
template <class History>
std::filesystem::path plot_learning_curve(const History& past, const std::filesystem::path& path,
                                          std::string_view title = "",
                                          const char* program = "gnuplot") {
  io::detail::check_curve_path(path);
  if (past.empty()) return {};
  const std::string figures =
      "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy\n" +
      io::detail::curve_table(past, ',');
  if (path.extension() == ".csv") {
    io::detail::replace_file(path, figures);
    return path;
  }
  const std::string_view terminal =
      path.extension() == ".png" ? "pngcairo size 1200,460 background '#ffffff' font 'sans,11'"
                                 : "svg size 1200,460 dynamic background '#ffffff' font 'sans,14'";
  std::string why = "gnuplot is not installed";
  std::optional<std::string> picture;
  try {
    picture = io::run_gnuplot(io::detail::curve_script(past, terminal, title), program);
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
  fmt::print(stderr, "learning curve: {}, so the figures are in '{}'\n", why, beside.string());
  return beside;
}

// The callback: draws when training ends.
class learning_curve {
 public:
  explicit learning_curve(std::filesystem::path path, std::string title = "")
      : path_(std::move(path)), title_(std::move(title)) {
    io::detail::check_curve_path(path_);
  }

  // A path that cannot be written is found before training.
  template <class Trainer, class Options>
  void begin(Trainer&, const Options&) const {
    const io::atomic_file attempt(path_);
  }
  template <class Trainer, class History>
  void end(Trainer&, const History& past) const {
    plot_learning_curve(past, path_, title_);
  }

 private:
  std::filesystem::path path_;
  std::string title_;
};

}  // namespace tesela
