// SPDX-License-Identifier: MIT
// Definitions of safetensors.hpp.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/io/file.hpp"
#include "tesela/io/quote.hpp"
#include "tesela/io/safetensors.hpp"
#include "tesela/io/safetensors_header.hpp"
#include "tesela/tensor/named_tensor.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tesela::io {

static_assert(std::endian::native == std::endian::little && std::numeric_limits<float>::is_iec559,
              "safetensors stores little-endian IEEE floats; this machine would need conversion");

namespace detail {

[[gnu::cold]] inline void check_dtype(const header_entry& entry, std::string_view prefix) {
  constexpr std::array<std::string_view, 19> known{
      "BOOL", "F4",  "F6_E2M3", "F6_E3M2", "U8",  "I8",  "F8_E5M2", "F8_E4M3", "F8_E8M0", "I16",
      "U16",  "F16", "BF16",    "I32",     "U32", "F64", "I64",     "U64",     "C64"};
  if (entry.dtype == "F32") return;
  if (std::find(known.begin(), known.end(), entry.dtype) == known.end()) {
    throw io_error(compose("{}tensor {} has the unknown dtype {}", prefix, quote(entry.name),
                           quote(entry.dtype)));
  }
  throw io_error(compose(
      "{}tensor {} has the dtype {}, expected F32: convert it before saving (in PyTorch, .float())",
      prefix, quote(entry.name), entry.dtype));
}

// The number of bytes that dtype and shape ask for; refuses what does not fit 64 bits on the way.
inline std::uint64_t byte_count(const header_entry& entry, std::string_view prefix) {
  std::uint64_t bytes = sizeof(float);
  for (const std::uint64_t extent : entry.shape) {
    if (extent > std::numeric_limits<std::size_t>::max() ||
        (extent != 0 && bytes > std::numeric_limits<std::uint64_t>::max() / extent)) {
      throw io_error(compose("{}tensor {} has the shape {}, which is too large", prefix,
                             quote(entry.name), shape_text(entry.shape)));
    }
    bytes *= extent;
  }
  return bytes;
}

// The ranges follow each other without hole or overlap, from the payload's first to its last byte.
// Leaves the entries in the order of their data.
[[gnu::cold]] inline void check_layout(std::vector<header_entry>& entries, std::uint64_t payload,
                                       std::string_view prefix) {
  // Not std::stable_sort: with libstdc++ 12 it makes clang 19 warn in the user's program.
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto &left = entries[a].offsets, &right = entries[b].offsets;
    return left != right ? left < right : a < b;  // empty tensors keep their order
  });
  std::vector<header_entry> sorted;
  sorted.reserve(entries.size());
  for (const std::size_t i : order) sorted.push_back(std::move(entries[i]));
  entries = std::move(sorted);

  std::uint64_t expected = 0;
  for (const header_entry& entry : entries) {
    check_dtype(entry, prefix);
    const std::uint64_t begin = entry.offsets[0], end = entry.offsets[1];
    const auto refuse = [&](std::string_view why) {
      throw io_error(compose("{}tensor {} has the data_offsets [{}, {}], {}", prefix,
                             quote(entry.name), begin, end, why));
    };
    if (begin > end) refuse("which end before they begin");
    if (end > payload) refuse(compose("but the file has {} bytes of data", payload));
    if (begin < expected) refuse(compose("which overlap the tensor that ends at {}", expected));
    if (begin > expected) refuse(compose("which leave a hole: expected to begin at {}", expected));
    if (end - begin != byte_count(entry, prefix)) {
      refuse(compose("but its shape {} takes {} bytes", shape_text(entry.shape),
                     byte_count(entry, prefix)));
    }
    expected = end;
  }
  if (expected != payload) {
    throw io_error(compose("{}its tensors cover {} bytes, but the file has {} bytes of data",
                           prefix, expected, payload));
  }
}

[[gnu::cold]] inline void check_tensors(std::span<const named_tensor> tensors,
                                        std::string_view prefix) {
  std::vector<std::string_view> names;
  for (const named_tensor& t : tensors) {
    // Refuses what `byte_count` would refuse when the file is read back.
    std::size_t elements = 1;
    bool overflow = false;
    for (const std::size_t extent : t.shape) {
      overflow = overflow || (extent != 0 && elements > std::size_t(-1) / sizeof(float) / extent);
      elements *= extent;
    }
    if (overflow || elements != t.values.size()) {
      throw usage_error(compose("{}tensor {} has the shape {} but {} values", prefix, quote(t.name),
                                shape_text(t.shape), t.values.size()));
    }
    if (t.name == "__metadata__") {
      throw usage_error(compose("{}a tensor cannot be named '__metadata__'", prefix));
    }
    names.push_back(t.name);
  }
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice != names.end()) {
    throw usage_error(compose("{}two tensors are named {}", prefix, quote(*twice)));
  }
}

}  // namespace detail

[[gnu::cold]] TESELA_INLINE void write_safetensors(
    const std::filesystem::path& path, std::span<const named_tensor> tensors,
    const std::map<std::string, std::string>& metadata) {
  const std::string prefix = compose("cannot write '{}': ", path.string());
  detail::check_tensors(tensors, prefix);
  const std::optional<std::string> header = detail::header_text(tensors, metadata);
  if (!header) throw usage_error(prefix + "a tensor's name or the metadata is not UTF-8 text");
  if (header->size() > detail::safetensors_header_limit) {
    throw usage_error(compose("{}its header takes {} bytes, more than the {} the format allows",
                              prefix, header->size(), detail::safetensors_header_limit));
  }
  atomic_file file(path);
  const std::uint64_t length = header->size();
  file.write(&length, sizeof length);
  file.write(header->data(), header->size());
  for (const named_tensor& t : tensors) {
    file.write(t.values.data(), sizeof(float) * t.values.size());
  }
  file.commit();
}

[[gnu::cold]] TESELA_INLINE void check_can_write(const std::filesystem::path& path) {
  const atomic_file attempt(path);
}

[[gnu::cold]] TESELA_INLINE safetensors_content read_safetensors(const std::filesystem::path& path) {
  input_file file(path);
  const std::string name = path.string();
  if (file.size() < 8) {
    throw io_error(compose("'{}' is not a safetensors file: it has {} bytes, expected at least 8",
                           name, file.size()));
  }
  std::uint64_t length = 0;
  file.read(&length, sizeof length);
  const std::uint64_t rest = file.size() - sizeof length;
  if (length > detail::safetensors_header_limit) {
    throw io_error(
        compose("'{}' is not a safetensors file: it claims a header of {} bytes, the "
                "format allows {}",
                name, length, detail::safetensors_header_limit));
  }
  if (length > rest) {
    throw io_error(
        compose("'{}' is no complete safetensors file: it claims a header of {} bytes, "
                "but {} bytes follow",
                name, length, rest));
  }
  std::string text(static_cast<std::size_t>(length), '\0');
  file.read(text.data(), text.size());
  detail::header_content header = detail::parse_header(text, name);
  detail::check_layout(header.entries, rest - length,
                       compose("'{}' cannot be read as safetensors: ", name));

  safetensors_content content;
  content.metadata = std::move(header.metadata);
  content.tensors.reserve(header.entries.size());
  for (detail::header_entry& entry : header.entries) {
    named_tensor& t = content.tensors.emplace_back();
    t.name = std::move(entry.name);
    t.shape.assign(entry.shape.begin(), entry.shape.end());
    t.values.resize(static_cast<std::size_t>(entry.offsets[1] - entry.offsets[0]) / sizeof(float));
    file.read(t.values.data(), sizeof(float) * t.values.size());
  }
  return content;
}

}  // namespace tesela::io
