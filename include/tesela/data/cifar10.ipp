// SPDX-License-Identifier: MIT
// Definitions of cifar10.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/data/cifar10.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/data/dataset.hpp"
#include "tesela/data/normalization.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace tesela::data {

TESELA_INLINE std::vector<std::string> cifar10_class_names() {
  return {"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"};
}

namespace detail {

inline constexpr std::array<std::size_t, 3> cifar10_extents = {3, 32, 32};
inline constexpr std::size_t cifar10_image = 3 * 32 * 32;
inline constexpr std::size_t cifar10_record = 1 + cifar10_image;
inline constexpr std::size_t cifar10_records = 10'000;
inline constexpr std::size_t cifar10_file = cifar10_records * cifar10_record;  // 30 730 000
inline constexpr std::size_t cifar100_record = 2 + cifar10_image;

using file_handle = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

[[gnu::cold]] inline file_handle open_to_read(const std::filesystem::path& path) {
  file_handle file(std::fopen(path.string().c_str(), "rb"), &std::fclose);
  if (!file) {
    throw io_error(compose("cifar10: {} cannot be opened: {}", path.string(),
                           std::generic_category().message(errno)));
  }
  return file;
}

// What a file of the wrong size or content seems to be, as the end of a sentence; empty if unknown.
[[gnu::cold]] inline std::string cifar10_suspicion(const std::filesystem::path& path,
                                                   std::uintmax_t size) {
  std::array<char, 512> head{};
  const file_handle file = open_to_read(path);
  const std::string_view seen(head.data(), std::fread(head.data(), 1, head.size(), file.get()));
  if (seen.starts_with("\x1f\x8b")) {
    return ": it is gzip-compressed, extract the archive first (tar xzf)";
  }
  if (seen.size() > 262 && seen.substr(257, 5) == "ustar") {
    return ": it is a tar archive, extract it first (tar xf)";
  }
  if (seen.starts_with("\x80\x02") || seen.starts_with("\x80\x03") ||
      seen.starts_with("\x80\x04")) {
    return ": it is a Python pickle, get the binary version (cifar-10-binary.tar.gz)";
  }
  if (size != 0 && size % cifar100_record == 0 && size != cifar10_file) {
    return ": its records have 3074 bytes as in CIFAR-100, get CIFAR-10 (cifar-10-binary.tar.gz)";
  }
  return "";
}

// The folder with the batches: `directory` or its child of the official name.
[[gnu::cold]] inline std::filesystem::path cifar10_folder(const std::filesystem::path& directory) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const fs::file_status status = fs::status(directory, ignored);
  if (status.type() == fs::file_type::not_found) {
    throw data_error(
        compose("cifar10: there is no folder {}, expected the extracted cifar-10-batches-bin",
                directory.string()));
  }
  if (fs::is_regular_file(status)) {
    const std::string suspicion = cifar10_suspicion(directory, 0);
    throw data_error(compose("cifar10: {} is a file, expected the folder cifar-10-batches-bin{}",
                             directory.string(), suspicion));
  }
  if (!fs::is_directory(status)) {
    throw data_error(
        compose("cifar10: {} is no folder, expected cifar-10-batches-bin", directory.string()));
  }
  const fs::path child = directory / "cifar-10-batches-bin";
  return fs::is_directory(child, ignored) ? child : directory;
}

// Why a batch may be missing, as the end of a sentence.
[[gnu::cold]] inline std::string cifar10_remedy(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  const auto has = [&](const char* name) { return fs::exists(folder / name, ignored); };
  if (has("data_batch_1") || has("test_batch") || has("cifar-10-batches-py")) {
    return ": this is the Python version, get the binary version (cifar-10-binary.tar.gz)";
  }
  if (has("cifar-10-binary.tar.gz") || has("cifar-10-binary.tar")) {
    return ": extract the archive next to it first (tar xf)";
  }
  if (has("train.bin") && has("test.bin")) {
    return ": this is CIFAR-100, get CIFAR-10 (cifar-10-binary.tar.gz)";
  }
  return "";
}

// Throws unless `path` is a regular file of the right size; nothing is opened before that is known,
// so that a FIFO cannot block.
[[gnu::cold]] inline void check_cifar10_file(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code failure;
  const fs::file_status status = fs::status(path, failure);
  if (status.type() == fs::file_type::not_found) {
    throw data_error(compose("cifar10: {} is missing, expected a file of {} bytes{}", path.string(),
                             cifar10_file, cifar10_remedy(path.parent_path())));
  }
  if (!fs::status_known(status)) {
    throw io_error(compose("cifar10: {} cannot be examined: {}", path.string(), failure.message()));
  }
  if (!fs::is_regular_file(status)) {
    throw data_error(
        compose("cifar10: {} is {}, expected a regular file of {} bytes", path.string(),
                fs::is_directory(status) ? "a directory" : "not a regular file", cifar10_file));
  }
  const std::uintmax_t size = fs::file_size(path);
  if (size != cifar10_file) {
    throw data_error(compose("cifar10: {} has {} bytes, expected {} (10000 records of 3073){}",
                             path.string(), size, cifar10_file, cifar10_suspicion(path, size)));
  }
}

// Reads exactly `into.size()` bytes or throws; `done` bytes of the file were read before.
inline void read_fully(std::FILE* file, const std::filesystem::path& path, std::size_t done,
                       std::span<std::uint8_t> into) {
  errno = 0;
  const std::size_t count = std::fread(into.data(), 1, into.size(), file);
  if (count == into.size()) return;
  if (std::ferror(file) != 0) {
    throw io_error(compose("cifar10: {} cannot be read behind byte {}: {}", path.string(),
                           done + count, std::generic_category().message(errno)));
  }
  throw data_error(compose("cifar10: {} ended after {} bytes, expected {}: it shrank meanwhile",
                           path.string(), done + count, cifar10_file));
}

// Appends the images and labels of one batch.
inline void read_cifar10_batch(const std::filesystem::path& path, std::vector<std::uint8_t>& images,
                               std::vector<std::int32_t>& labels) {
  constexpr std::size_t records_at_once = 100;
  const file_handle file = open_to_read(path);
  std::vector<std::uint8_t> records(records_at_once * cifar10_record);
  for (std::size_t i = 0; i < cifar10_records; ++i) {
    if (i % records_at_once == 0) read_fully(file.get(), path, i * cifar10_record, records);
    const std::uint8_t* record = records.data() + i % records_at_once * cifar10_record;
    if (record[0] > 9) {
      throw data_error(compose("cifar10: {} record {} has label {}, expected 0 to 9{}",
                               path.string(), i, record[0], cifar10_suspicion(path, cifar10_file)));
    }
    labels.push_back(record[0]);
    images.insert(images.end(), record + 1, record + cifar10_record);
  }
}

// Two batches of the same bytes are a copy by mistake: training on it would look fine and be wrong.
// The comparison of different batches ends within their first bytes.
inline void check_cifar10_batches_differ(std::span<const std::filesystem::path> paths,
                                         const std::vector<const std::uint8_t*>& batches) {
  for (std::size_t j = 1; j < batches.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      if (std::memcmp(batches[i], batches[j], cifar10_records * cifar10_image) == 0) {
        throw data_error(compose("cifar10: {} holds the same images as {}, expected other ones",
                                 paths[j].string(), paths[i].filename().string()));
      }
    }
  }
}

}  // namespace detail

TESELA_INLINE train_and_test cifar10(const std::filesystem::path& directory) {
  const std::filesystem::path folder = detail::cifar10_folder(directory);
  std::array<std::filesystem::path, 6> paths;
  for (std::size_t i = 0; i < 5; ++i) paths[i] = folder / compose("data_batch_{}.bin", i + 1);
  paths[5] = folder / "test_batch.bin";
  for (const auto& path : paths) detail::check_cifar10_file(path);

  struct part {
    std::vector<std::uint8_t> images;
    std::vector<std::int32_t> labels;
    void reserve(std::size_t samples) {
      images.reserve(samples * detail::cifar10_image + dataset::padding_bytes);
      labels.reserve(samples);
    }
    dataset finish() {
      return normalize_minus_one_to_one(dataset::from_bytes(
          detail::cifar10_extents, cifar10_class_names(), std::move(images), std::move(labels)));
    }
  };
  part train, test;
  train.reserve(5 * detail::cifar10_records);
  test.reserve(detail::cifar10_records);
  std::vector<const std::uint8_t*> batches;
  for (std::size_t i = 0; i < 6; ++i) {
    part& into = i < 5 ? train : test;
    const std::size_t begin = into.images.size();
    detail::read_cifar10_batch(paths[i], into.images, into.labels);
    batches.push_back(into.images.data() + begin);
  }
  detail::check_cifar10_batches_differ(paths, batches);
  return {train.finish(), test.finish()};
}

}  // namespace tesela::data
