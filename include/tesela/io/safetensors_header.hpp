// SPDX-License-Identifier: MIT
// The JSON header of a safetensors file: its text from tensors, and what a text claims.
//
//   {"__metadata__": {"key": "text"}, "0.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets":
//   [0, 24]}}
//
// The text is read value by value, never built into a tree: a value in the wrong place (nested
// 100 000 deep, for one) is refused at its first character, a key given twice is seen, and memory
// stays in proportion to the header. What the claims mean for the bytes behind the header is
// checked in safetensors.hpp.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/io/json_scanner.hpp"
#include "tesela/io/quote.hpp"
#include "tesela/tensor/named_tensor.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tesela::io::detail {

// The reference implementation's limit; a length field beyond it is an attack or another format.
inline constexpr std::uint64_t safetensors_header_limit = 100'000'000;

// PyTorch's limit on axes. Without one, "[1,1,1,...]" turns two bytes of file into eight of memory.
inline constexpr std::size_t safetensors_rank_limit = 64;

struct header_entry {
  std::string name;
  std::string dtype;
  std::vector<std::uint64_t> shape;
  std::vector<std::uint64_t> offsets;  // two: begin and end, counted from the end of the header
};

struct header_content {
  std::vector<header_entry> entries;  // in the order of the text
  std::map<std::string, std::string> metadata;
};

// Reads the grammar above. Throws io_error, whose messages begin with `prefix` (the file's name).
class header_reader {
 public:
  header_reader(std::string_view text, std::string_view prefix)
      : json_(text, prefix), prefix_(prefix) {}

  [[gnu::cold]] header_content read() && {
    expect(json_kind::object, "it is", "an object");
    json_.members([&](std::string name) {
      if (name == "__metadata__") {
        metadata();
      } else {
        tensor(std::move(name));
      }
    });
    json_.finish();
    refuse_duplicate_names();
    return std::move(content_);
  }

 private:
  [[gnu::cold]] void metadata() {
    if (std::exchange(has_metadata_, true)) fail("it has '__metadata__' twice");
    expect(json_kind::object, "'__metadata__' is", "an object");
    json_.members([&](std::string key) {
      if (content_.metadata.contains(key)) {
        fail(compose("it has the metadata key {} twice", quote(key)));
      }
      json_value value = json_.value();
      if (value.kind != json_kind::text) {
        unexpected(compose("the metadata key {} is", quote(key)), value, "a text");
      }
      content_.metadata[std::move(key)] = std::move(value.text);
    });
  }

  [[gnu::cold]] void tensor(std::string name) {
    header_entry& entry = content_.entries.emplace_back();
    entry.name = std::move(name);
    expect(json_kind::object, subject("is"), "an object");
    std::array<bool, 3> present{};
    json_.members([&](const std::string& key) {
      const auto field = std::find(fields.begin(), fields.end(), key);
      if (field == fields.end()) {
        fail(subject(compose("has the unknown field {}; dtype, shape and data_offsets are known",
                             quote(key))));
      }
      const auto index = static_cast<std::size_t>(field - fields.begin());
      if (std::exchange(present[index], true)) fail(subject(compose("has {} twice", key)));
      if (index == 0) {
        entry.dtype = expect(json_kind::text, subject("has as dtype"), "a text").text;
      } else if (index == 1) {
        shape(entry);
      } else {
        offsets(entry);
      }
    });
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (!present[i]) fail(subject(compose("has no {}", fields[i])));
    }
  }

  [[gnu::cold]] void shape(header_entry& entry) {
    expect(json_kind::array, subject("has as shape"), "an array");
    json_.elements([&] {
      const json_value extent = json_.value();
      if (extent.kind != json_kind::whole) {
        unexpected(subject("has in its shape"), extent, "whole numbers below 2^64");
      }
      if (entry.shape.size() == safetensors_rank_limit) {
        fail(subject(compose("has more than {} axes", safetensors_rank_limit)));
      }
      entry.shape.push_back(extent.number);
    });
  }

  [[gnu::cold]] void offsets(header_entry& entry) {
    expect(json_kind::array, subject("has as data_offsets"), "an array");
    json_.elements([&] {
      const json_value end = json_.value();
      if (end.kind != json_kind::whole || entry.offsets.size() == 2) {
        unexpected(subject("has in its data_offsets"), end, "two whole numbers: begin and end");
      }
      entry.offsets.push_back(end.number);
    });
    if (entry.offsets.size() != 2) {
      fail(subject(
          compose("has {} data_offsets, expected two: begin and end", entry.offsets.size())));
    }
  }

  [[gnu::cold]] void refuse_duplicate_names() const {
    // Sorting, not hashing: names chosen to collide cannot make it slow.
    std::vector<std::string_view> names;
    names.reserve(content_.entries.size());
    for (const header_entry& e : content_.entries) names.push_back(e.name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) fail(compose("it has the tensor {} twice", quote(*twice)));
  }

  [[gnu::cold]] json_value expect(json_kind kind, std::string_view about, std::string_view expected) {
    json_value found = json_.value();
    if (found.kind != kind) unexpected(about, found, expected);
    return found;
  }

  // A sentence about the tensor that is being read.
  [[gnu::cold]] std::string subject(std::string_view predicate) const {
    return compose("tensor {} {}", quote(content_.entries.back().name), predicate);
  }

  [[noreturn, gnu::cold]] void unexpected(std::string_view about, const json_value& found,
                               std::string_view expected) const {
    fail(compose("{} {}, expected {}", about,
                 found.kind == json_kind::text ? quote(found.text) : found.text, expected));
  }

  [[noreturn, gnu::cold]] void fail(std::string_view sentence) const {
    throw io_error(compose("{}{}", prefix_, sentence));
  }

  static constexpr std::array<std::string_view, 3> fields{"dtype", "shape", "data_offsets"};

  json_scanner json_;
  std::string_view prefix_;
  header_content content_;
  bool has_metadata_ = false;
};

// `file` is the file's name, for messages.
[[gnu::cold]] inline header_content parse_header(std::string_view text, std::string_view file) {
  const std::string prefix = compose("'{}' has a broken safetensors header: ", file);
  // What hides behind a NUL makes a file mean different things to different readers.
  if (text.find('\0') != text.npos) throw io_error(prefix + "it contains a NUL byte");
  if (text.starts_with("\xEF\xBB\xBF")) throw io_error(prefix + "it starts with a byte order mark");
  if (const auto at = not_utf8(text)) {
    throw io_error(compose("{}it is not UTF-8 text (byte {} of the header)", prefix, *at + 1));
  }
  return header_reader(text, prefix).read();
}

// Padded with spaces to a multiple of 8, so that the payload of a mapped file is aligned. The
// tensors lie one behind the other in the given order. Nothing when a name or the metadata is no
// UTF-8.
[[gnu::cold]] inline std::optional<std::string> header_text(
    std::span<const named_tensor> tensors, const std::map<std::string, std::string>& metadata) {
  std::string text;
  bool is_utf8 = true;
  const auto add_text = [&](std::string_view words, char separator) {
    const std::optional<std::string> quoted = json_text(words);
    is_utf8 = is_utf8 && quoted;
    text += separator;
    if (quoted) text += *quoted;
  };
  for (const auto& [key, value] : metadata) {
    if (text.empty()) text = "{\"__metadata__\":";
    add_text(key, text.back() == ':' ? '{' : ',');
    add_text(value, ':');
  }
  if (!metadata.empty()) text += '}';
  std::uint64_t begin = 0;
  for (const named_tensor& t : tensors) {
    const std::uint64_t end = begin + sizeof(float) * t.values.size();
    add_text(t.name, text.empty() ? '{' : ',');
    text += compose(":{{\"dtype\":\"F32\",\"shape\":{},\"data_offsets\":[{},{}]}}",
                    shape_text(t.shape), begin, end);
    begin = end;
  }
  text += text.empty() ? "{}" : "}";
  if (!is_utf8) return std::nullopt;
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

}  // namespace tesela::io::detail
