// SPDX-License-Identifier: MIT
// Learning curves: pictures where gnuplot is, figures where it is not, and no name that acts.
#include "tesela/io/learning_curve.hpp"

#include "tesela/train/report.hpp"

#include "unit/io/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>

namespace {

using namespace tesela;

history some_epochs(std::size_t count, bool validated = true) {
  history past;
  for (std::size_t e = 1; e <= count; ++e) {
    epoch_report report;
    report.epoch = e;
    report.train = {2.0 / static_cast<double>(e), 0.25, 100};
    if (validated) report.validation = {3.0 / static_cast<double>(e), 0.125, 10};
    past.push_back(report);
  }
  return past;
}

bool has_gnuplot() { return io::run_gnuplot("print 'yes'\nset print '-'\nprint 1\n").has_value(); }

const char* const missing_program = "tesela-no-such-program";

}  // namespace

BOOST_AUTO_TEST_SUITE(learning_curves)

BOOST_AUTO_TEST_CASE(csv_holds_the_figures) {
  const tests::temporary_folder folder;
  history past = some_epochs(2);
  past[1].train.loss = std::numeric_limits<double>::quiet_NaN();
  BOOST_TEST(plot_learning_curve(past, folder / "c.csv") == folder / "c.csv");
  BOOST_TEST(tests::bytes_of(folder / "c.csv") ==
             "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy\n"
             "1,2,0.25,3,0.125\n"
             "2,,0.25,1.5,0.125\n");
  plot_learning_curve(some_epochs(1, false), folder / "c.csv");
  BOOST_TEST(tests::bytes_of(folder / "c.csv") ==
             "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy\n"
             "1,2,0.25,,\n");
}

BOOST_AUTO_TEST_CASE(without_gnuplot_the_figures_stand_beside) {
  const tests::temporary_folder folder;
  BOOST_TEST(plot_learning_curve(some_epochs(2), folder / "c.png", {}, missing_program) ==
             folder / "c.csv");
  BOOST_TEST(folder.entries() == 1);
}

BOOST_AUTO_TEST_CASE(a_program_that_fails_is_like_none) {
  const tests::temporary_folder folder;
  BOOST_TEST(plot_learning_curve(some_epochs(2), folder / "c.png", {}, "false") ==
             folder / "c.csv");
  BOOST_TEST(folder.entries() == 1);
  BOOST_TEST(tests::refusal<io_error>([] { (void)io::run_gnuplot("", "false"); }) ==
             "gnuplot failed (without a word)");
}

BOOST_AUTO_TEST_CASE(the_extension_is_checked_before_training) {
  for (const char* name : {"c", "c.jpg", "c.png.bak", ".png"}) {
    BOOST_TEST(tests::refusal<usage_error>([&] { learning_curve{name}; }) ==
               std::string("learning curve: '") + name + "' must end in .png, .svg or .csv");
  }
}

BOOST_AUTO_TEST_CASE(a_path_that_cannot_be_written_is_found_before_training) {
  const tests::temporary_folder folder;
  int trainer = 0;
  const learning_curve curve{folder / "no" / "c.png"};
  BOOST_TEST(tests::refusal<io_error>([&] { curve.begin(trainer, 0); }).find("does not exist") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_past_without_epochs_writes_nothing) {
  const tests::temporary_folder folder;
  BOOST_TEST(plot_learning_curve(history{}, folder / "c.png") == std::filesystem::path());
  BOOST_TEST(folder.entries() == 0);
}

BOOST_AUTO_TEST_CASE(gnuplot_draws_png_and_svg, *boost::unit_test::precondition(
                                                    [](auto) { return has_gnuplot(); })) {
  const tests::temporary_folder folder;
  for (const std::size_t epochs : {1u, 2u, 37u}) {
    for (const bool validated : {false, true}) {
      BOOST_TEST_CONTEXT(epochs << " epochs") {
        const history past = some_epochs(epochs, validated);
        BOOST_TEST(plot_learning_curve(past, folder / "c.png") == folder / "c.png");
        BOOST_TEST(tests::bytes_of(folder / "c.png").starts_with("\x89PNG\r\n"));
        BOOST_TEST(plot_learning_curve(past, folder / "c.svg", {.title = "T", .test_loss = 1,
                                                                .test_accuracy = 0.5}) ==
                   folder / "c.svg");
        const std::string svg = tests::bytes_of(folder / "c.svg");
        BOOST_TEST(svg.find("</svg>") != std::string::npos);
        BOOST_TEST(svg.find("training") != std::string::npos);
        BOOST_TEST(svg.find("test, at the end") != std::string::npos);
        BOOST_TEST((svg.find("validation") != std::string::npos) == validated);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(targets_have_no_accuracy, *boost::unit_test::precondition(
                                                   [](auto) { return has_gnuplot(); })) {
  const tests::temporary_folder folder;
  history past = some_epochs(3);
  plot_learning_curve(past, folder / "classes.svg");
  BOOST_TEST(tests::bytes_of(folder / "classes.svg").find("accuracy") != std::string::npos);
  for (epoch_report& e : past) {
    e.train.accuracy = e.validation.accuracy = std::numeric_limits<double>::quiet_NaN();
  }
  BOOST_TEST(plot_learning_curve(past, folder / "targets.svg") == folder / "targets.svg");
  const std::string svg = tests::bytes_of(folder / "targets.svg");
  BOOST_TEST(svg.find("loss") != std::string::npos);
  BOOST_TEST(svg.find("accuracy") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(values_that_are_not_finite_are_gaps, *boost::unit_test::precondition(
                                                              [](auto) { return has_gnuplot(); })) {
  const tests::temporary_folder folder;
  history past = some_epochs(3);
  for (epoch_report& e : past) e.validation.loss = std::numeric_limits<double>::quiet_NaN();
  past[1].train.loss = std::numeric_limits<double>::infinity();
  BOOST_TEST(plot_learning_curve(past, folder / "c.svg") == folder / "c.svg");
}

BOOST_AUTO_TEST_CASE(no_name_and_no_title_is_a_command, *boost::unit_test::precondition(
                                                            [](auto) { return has_gnuplot(); })) {
  const tests::temporary_folder folder;
  const std::string proof = (folder / "proof").string();
  const std::string attack = "'; system('touch " + proof + "'); '`touch " + proof + "`$(touch " +
                             proof + ")\nsystem 'touch " + proof + "'\n";
  std::string name = attack;
  for (char& c : name) {
    if (c == '/') c = '_';
  }
  const auto path = folder / (name + ".svg");
  BOOST_TEST(plot_learning_curve(some_epochs(2), path, {.title = attack}) == path);
  BOOST_TEST(folder.entries() == 1);
  BOOST_TEST(!std::filesystem::exists(proof));
  BOOST_TEST(tests::bytes_of(path).find("$(touch") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
