// SPDX-License-Identifier: MIT
// Files on disk: reading exactly what is asked for, and replacing a file all or nothing.
//
// POSIX calls, because the guarantees need them: fsync, O_EXCL, and fstat on the file that was
// opened. Every failure is an io_error that names the path and the system's reason.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace tesela::io {

namespace detail {

[[noreturn, gnu::cold]] inline void fail_with_errno(std::string_view action,
                                                    const std::filesystem::path& path, int code) {
  throw io_error(
      compose("cannot {} '{}': {}", action, path.string(), std::generic_category().message(code)));
}

// Owns an open file; closing twice is impossible, and a close that fails is not ignored by
// accident.
class descriptor {
 public:
  descriptor() = default;
  explicit descriptor(int number) : number_(number) {}
  descriptor(descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  descriptor& operator=(descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~descriptor() { close(); }

  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }

  // False when the system reports a write that failed late (a full network disk, for one).
  bool close() { return number_ < 0 || ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_ = -1;
};

}  // namespace detail

// A regular file open for reading, from its first byte on. `size()` is its size when it was opened.
class input_file {
 public:
  [[gnu::cold]] explicit input_file(std::filesystem::path path) : path_(std::move(path)) {
    // O_NONBLOCK: opening a FIFO must not wait for a writer that never comes.
    file_ = detail::descriptor(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat status {};
    if (!file_.is_open() || ::fstat(file_.number(), &status) != 0) {
      detail::fail_with_errno("read", path_, errno);
    }
    if (!S_ISREG(status.st_mode)) {
      throw io_error(compose("cannot read '{}': it is {}, not a file", path_.string(),
                             S_ISDIR(status.st_mode) ? "a folder" : "a pipe or device"));
    }
    size_ = static_cast<std::uint64_t>(status.st_size);
  }

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }

  // The next `count` bytes; throws when the file has become shorter than it was.
  void read(void* to, std::size_t count) {
    auto* bytes = static_cast<std::byte*>(to);
    for (std::size_t done = 0; done < count;) {
      const ssize_t got = ::read(file_.number(), bytes + done, count - done);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) detail::fail_with_errno("read", path_, errno);
      if (got == 0) {
        throw io_error(
            compose("cannot read '{}': it ended {} bytes early, so it was changed "
                    "while being read",
                    path_.string(), count - done));
      }
      done += static_cast<std::size_t>(got);
    }
  }

 private:
  std::filesystem::path path_;
  detail::descriptor file_;
  std::uint64_t size_ = 0;
};

// A file that appears under its name only when it is complete:
//   atomic_file file(path);  file.write(...);  file.commit();
//
// The bytes go to a temporary file in the same folder; `commit` forces them to the disk and
// renames. Without `commit`, or when anything fails, the temporary file goes and what stood at
// `path` stays. A process that is killed may leave the temporary file, never a half-written target.
class atomic_file {
 public:
  [[gnu::cold]] explicit atomic_file(const std::filesystem::path& path)
      : path_(path), target_(path) {
    namespace fs = std::filesystem;
    std::error_code ignored;
    // Write through a symbolic link rather than replace the link by a file.
    if (fs::is_symlink(fs::symlink_status(path, ignored))) {
      target_ = fs::weakly_canonical(path, ignored);
      if (ignored) target_ = path;
    }
    struct stat old {};
    const bool replaces = ::stat(target_.c_str(), &old) == 0;
    // Renaming over a device such as /dev/null would destroy it.
    if (replaces && !S_ISREG(old.st_mode)) {
      throw io_error(compose("cannot write '{}': it is {}, not a file", path_.string(),
                             S_ISDIR(old.st_mode) ? "a folder" : "a pipe or device"));
    }
    open_temporary();
    // Best effort: a file its owner made private stays private.
    if (replaces && ::fchmod(file_.number(), old.st_mode & 07777) != 0) ignored.clear();
  }

  atomic_file(const atomic_file&) = delete;
  atomic_file& operator=(const atomic_file&) = delete;
  ~atomic_file() { discard(); }

  void write(const void* from, std::size_t count) {
    const auto* bytes = static_cast<const std::byte*>(from);
    while (count > 0) {
      const ssize_t put = ::write(file_.number(), bytes, count);
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) detail::fail_with_errno("write", path_, errno);
      bytes += put;
      count -= static_cast<std::size_t>(put);
    }
  }

  [[gnu::cold]] void commit() {
    if (::fsync(file_.number()) != 0) detail::fail_with_errno("write", path_, errno);
    if (!file_.close()) detail::fail_with_errno("write", path_, errno);
    if (std::rename(temporary_.c_str(), target_.c_str()) != 0) {
      detail::fail_with_errno("write", path_, errno);
    }
    temporary_.clear();
    // The rename itself survives a power cut once the folder is on the disk. Some file systems
    // refuse to sync a folder; the file is complete either way, so that is no failure.
    const detail::descriptor folder(::open(folder_of(target_).c_str(), O_RDONLY | O_CLOEXEC));
    if (folder.is_open()) static_cast<void>(::fsync(folder.number()));
  }

 private:
  static std::filesystem::path folder_of(const std::filesystem::path& path) {
    return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  }

  // O_EXCL and not mkstemp: the file gets the permissions the user's umask asks for.
  [[gnu::cold]] void open_temporary() {
    int code = EEXIST;
    for (int attempt = 0; code == EEXIST && attempt < 1000; ++attempt) {
      std::filesystem::path name = target_;
      name += compose(".{}-{}.tmp", ::getpid(), attempt);
      file_ =
          detail::descriptor(::open(name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
      code = file_.is_open() ? 0 : errno;
      if (code == 0) temporary_ = std::move(name);
    }
    if (code == ENOENT) {
      throw io_error(compose("cannot write '{}': the folder '{}' does not exist; create it first",
                             path_.string(), folder_of(target_).string()));
    }
    if (code != 0) detail::fail_with_errno("write", path_, code);
  }

  [[gnu::cold]] void discard() {
    file_.close();
    if (!temporary_.empty()) static_cast<void>(::unlink(temporary_.c_str()));
    temporary_.clear();
  }

  std::filesystem::path path_;       // as the caller named it, for messages
  std::filesystem::path target_;     // what it names, symbolic links followed
  std::filesystem::path temporary_;  // empty once renamed or removed
  detail::descriptor file_;
};

}  // namespace tesela::io
