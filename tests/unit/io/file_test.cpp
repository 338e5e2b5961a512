// SPDX-License-Identifier: MIT
// Files: what is read is complete, what is written appears whole or not at all.
#include "tesela/core/error.hpp"
#include "tesela/io/file.hpp"
#include "tesela/io/quote.hpp"
#include "temporary_folder.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

namespace {

namespace fs = std::filesystem;
using tesela::io_error;
using tesela::io::atomic_file;
using tesela::io::input_file;
using tests::bytes_of;
using tests::fill;
using tests::refusal;

void write(const fs::path& path, std::string_view text) {
  atomic_file file(path);
  file.write(text.data(), text.size());
  file.commit();
}

// No file may grow beyond `bytes` while this lives: what a full disk looks like to a writer.
class file_size_limit {
 public:
  explicit file_size_limit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    const rlimit small{bytes, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &small);
  }
  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit old_{};
  void (*handler_)(int);
};

// Permissions do not bind root, so root becomes nobody while this lives.
class no_privileges {
 public:
  no_privileges() : user_(::geteuid()) {
    if (user_ == 0 && ::seteuid(65534) != 0) throw std::runtime_error("cannot drop privileges");
  }
  ~no_privileges() {
    if (user_ == 0 && ::seteuid(user_) != 0) std::abort();
  }

 private:
  uid_t user_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(io_file)

BOOST_AUTO_TEST_CASE(a_written_file_holds_the_bytes_and_nothing_else_is_left) {
  const tests::temporary_folder folder;
  {
    atomic_file file(folder / "a");
    file.write("one ", 4);
    file.write(nullptr, 0);
    file.write("two", 3);
    BOOST_TEST(!fs::exists(folder / "a"));
    file.commit();
  }
  BOOST_TEST(bytes_of(folder / "a") == "one two");
  BOOST_TEST(folder.entries() == 1);
}

BOOST_AUTO_TEST_CASE(a_write_that_is_not_committed_changes_nothing) {
  const tests::temporary_folder folder;
  fill(folder / "a", "old");
  {
    atomic_file file(folder / "a");
    file.write("new", 3);
    BOOST_TEST(folder.entries() == 2);
  }
  BOOST_TEST(bytes_of(folder / "a") == "old");
  BOOST_TEST(folder.entries() == 1);
}

BOOST_AUTO_TEST_CASE(a_disk_that_fills_up_leaves_the_old_file_and_a_reason) {
  const tests::temporary_folder folder;
  fill(folder / "a", "old");
  const std::string large(100'000, 'x');
  std::string message;
  {
    const file_size_limit limit(4096);
    message = refusal<io_error>([&] { write(folder / "a", large); });
  }
  BOOST_TEST(message == "cannot write '" + (folder / "a").string() + "': File too large");
  BOOST_TEST(bytes_of(folder / "a") == "old");
  BOOST_TEST(folder.entries() == 1);
}

BOOST_AUTO_TEST_CASE(a_missing_folder_is_named) {
  const tests::temporary_folder folder;
  const fs::path path = folder / "missing" / "a";
  BOOST_TEST(refusal<io_error>([&] { write(path, "x"); }) ==
             "cannot write '" + path.string() + "': the folder '" + (folder / "missing").string() +
                 "' does not exist; create it first");
  BOOST_TEST(folder.entries() == 0);
}

BOOST_AUTO_TEST_CASE(a_folder_without_permission_is_refused_with_the_reason) {
  const tests::temporary_folder folder;
  fs::permissions(folder.path(), fs::perms(0555));
  std::string message;
  {
    const no_privileges guard;
    message = refusal<io_error>([&] { write(folder / "a", "x"); });
  }
  fs::permissions(folder.path(), fs::perms(0755));
  BOOST_TEST(message == "cannot write '" + (folder / "a").string() + "': Permission denied");
  BOOST_TEST(folder.entries() == 0);
}

BOOST_AUTO_TEST_CASE(a_file_in_place_of_the_folder_is_refused) {
  const tests::temporary_folder folder;
  fill(folder / "a", "x");
  BOOST_TEST(refusal<io_error>([&] { write(folder / "a" / "b", "x"); }) ==
             "cannot write '" + (folder / "a" / "b").string() + "': Not a directory");
}

BOOST_AUTO_TEST_CASE(a_folder_a_pipe_or_a_device_is_never_replaced_by_a_file) {
  const tests::temporary_folder folder;
  fs::create_directory(folder / "d");
  BOOST_TEST(refusal<io_error>([&] { write(folder / "d", "x"); }) ==
             "cannot write '" + (folder / "d").string() + "': it is a folder, not a file");
  BOOST_REQUIRE(::mkfifo((folder / "p").c_str(), 0600) == 0);
  BOOST_TEST(refusal<io_error>([&] { write(folder / "p", "x"); }) ==
             "cannot write '" + (folder / "p").string() + "': it is a pipe or device, not a file");
  BOOST_TEST(refusal<io_error>([] { atomic_file("/dev/null"); }) ==
             "cannot write '/dev/null': it is a pipe or device, not a file");
  BOOST_TEST(folder.entries() == 2);
}

BOOST_AUTO_TEST_CASE(a_rename_that_fails_leaves_nothing_behind) {
  const tests::temporary_folder folder;
  BOOST_TEST(refusal<io_error>([&] {
               atomic_file file(folder / "a");
               fs::create_directory(folder / "a");
               file.commit();
             }) == "cannot write '" + (folder / "a").string() + "': Is a directory");
  BOOST_TEST(folder.entries() == 1);
}

BOOST_AUTO_TEST_CASE(two_writers_of_one_path_do_not_mix) {
  const tests::temporary_folder folder;
  {
    atomic_file first(folder / "a"), second(folder / "a");
    first.write("fir", 3);
    second.write("second", 6);
    first.write("st", 2);
    second.commit();
    BOOST_TEST(bytes_of(folder / "a") == "second");
    first.commit();
  }
  BOOST_TEST(bytes_of(folder / "a") == "first");
  BOOST_TEST(folder.entries() == 1);
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_stays_a_link) {
  const tests::temporary_folder folder;
  fs::create_directory(folder / "real");
  fill(folder / "real" / "a", "old");
  fs::create_symlink(fs::path("real") / "a", folder / "link");
  write(folder / "link", "new");
  BOOST_TEST(fs::is_symlink(folder / "link"));
  BOOST_TEST(bytes_of(folder / "real" / "a") == "new");
  BOOST_TEST(folder.entries() == 2);
}

BOOST_AUTO_TEST_CASE(permissions_follow_the_umask_or_the_file_that_was_there) {
  const tests::temporary_folder folder;
  const mode_t umask = ::umask(027);
  write(folder / "a", "x");
  ::umask(umask);
  BOOST_TEST((fs::status(folder / "a").permissions() == fs::perms(0640)));
  fs::permissions(folder / "a", fs::perms(0600));
  write(folder / "a", "y");
  BOOST_TEST((fs::status(folder / "a").permissions() == fs::perms(0600)));
}

BOOST_AUTO_TEST_CASE(a_name_without_a_folder_means_the_current_one) {
  const tests::temporary_folder folder;
  const fs::path before = fs::current_path();
  fs::current_path(folder.path());
  write("a", "x");
  fs::current_path(before);
  BOOST_TEST(bytes_of(folder / "a") == "x");
}

BOOST_AUTO_TEST_CASE(reading_goes_on_where_it_stopped) {
  const tests::temporary_folder folder;
  fill(folder / "a", "abcdef");
  input_file file(folder / "a");
  BOOST_TEST(file.size() == 6U);
  std::array<char, 6> text{};
  file.read(text.data(), 2);
  file.read(text.data() + 2, 4);
  BOOST_TEST(std::string_view(text.data(), 6) == "abcdef");
}

BOOST_AUTO_TEST_CASE(a_file_that_shrinks_while_read_is_refused) {
  const tests::temporary_folder folder;
  fill(folder / "a", "abcdef");
  input_file file(folder / "a");
  fs::resize_file(folder / "a", 4);
  std::array<char, 6> text{};
  BOOST_TEST(refusal<io_error>([&] { file.read(text.data(), 6); }) ==
             "cannot read '" + (folder / "a").string() +
                 "': it ended 2 bytes early, so it was changed while being read");
}

BOOST_AUTO_TEST_CASE(what_is_no_file_is_refused_and_a_pipe_does_not_wait) {
  const tests::temporary_folder folder;
  BOOST_TEST(refusal<io_error>([&] { input_file(folder / "a"); }) ==
             "cannot read '" + (folder / "a").string() + "': No such file or directory");
  BOOST_TEST(refusal<io_error>([&] { input_file(folder.path()); }) ==
             "cannot read '" + folder.path().string() + "': it is a folder, not a file");
  BOOST_REQUIRE(::mkfifo((folder / "p").c_str(), 0600) == 0);
  BOOST_TEST(refusal<io_error>([&] { input_file(folder / "p"); }) ==
             "cannot read '" + (folder / "p").string() + "': it is a pipe or device, not a file");
  fill(folder / "secret", "x");
  fs::permissions(folder / "secret", fs::perms(0000));
  fs::permissions(folder.path(), fs::perms(0755));
  const no_privileges guard;
  BOOST_TEST(refusal<io_error>([&] { input_file(folder / "secret"); }) ==
             "cannot read '" + (folder / "secret").string() + "': Permission denied");
}

// Nothing is mapped at address 0, so the first bytes of this file are an input/output error.
BOOST_AUTO_TEST_CASE(a_read_error_is_reported_with_its_reason,
                     *boost::unit_test::precondition([](boost::unit_test::test_unit_id) {
                       return fs::exists("/proc/self/mem");
                     })) {
  input_file file("/proc/self/mem");
  char byte = 0;
  BOOST_TEST(refusal<io_error>([&] { file.read(&byte, 1); }) ==
             "cannot read '/proc/self/mem': Input/output error");
}

BOOST_AUTO_TEST_CASE(names_from_files_are_made_harmless_before_they_are_shown) {
  using tesela::io::detail::quote;
  BOOST_TEST(quote("0.weight") == "'0.weight'");
  BOOST_TEST(quote("") == "''");
  BOOST_TEST(quote(std::string_view("a\0b", 3)) == "'a\\x00b'");
  BOOST_TEST(quote("\x1b[31mred\n") == "'\\x1b[31mred\\x0a'");
  BOOST_TEST(quote("caf\xc3\xa9\x7f") == "'caf\\xc3\\xa9\\x7f'");
  BOOST_TEST(quote(std::string(64, 'a')) == "'" + std::string(64, 'a') + "'");
  BOOST_TEST(quote(std::string(65, 'a')) == "'" + std::string(64, 'a') + "...'");
}

BOOST_AUTO_TEST_CASE(shapes_read_as_in_python) {
  using tesela::io::detail::shape_text;
  using shape = std::vector<std::size_t>;
  BOOST_TEST(shape_text(shape{2, 0, 17}) == "[2, 0, 17]");
  BOOST_TEST(shape_text(shape{2}) == "[2]");
  BOOST_TEST(shape_text(shape{}) == "[]");
}

BOOST_AUTO_TEST_SUITE_END()
