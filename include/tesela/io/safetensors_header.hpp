// SPDX-License-Identifier: MIT
// The JSON header of a safetensors file: its text from tensors, and what a text claims.
//
//   {"__metadata__": {"key": "text"}, "0.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets":
//   [0, 24]}}
//
// The text is read event by event, never built into a tree: the grammar above is a dozen states, so
// a value in the wrong place (nested 100 000 deep, for one) is refused at its first character, a
// key given twice is seen, and memory stays in proportion to the header. What the claims mean for
// the bytes behind the header is checked in safetensors.hpp. The only header that includes
// nlohmann-json.
#pragma once

#include "tesela/core/error.hpp"
#include "tesela/io/quote.hpp"
#include "tesela/tensor/named_tensor.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

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

// Receives nlohmann's events. Throws io_error, whose text is completed by `prefix` (the file's
// name).
class header_events {
 public:
  using json = nlohmann::json;

  explicit header_events(std::string prefix) : prefix_(std::move(prefix)) {}

  header_content take() && {
    refuse_duplicate_names();
    return std::move(content_);
  }

  bool null() { unexpected("null"); }
  bool boolean(bool value) { unexpected(value ? "true" : "false"); }
  bool number_integer(json::number_integer_t value) { unexpected(fmt::format("{}", value)); }
  bool number_float(json::number_float_t, const std::string& text) { unexpected(quote(text)); }
  bool binary(json::binary_t&) { unexpected("binary data"); }

  bool number_unsigned(json::number_unsigned_t value) {
    if (place_ == place::extent) {
      if (entry().shape.size() == safetensors_rank_limit) {
        fail(fmt::format("tensor {} has more than {} axes", quote(entry().name),
                         safetensors_rank_limit));
      }
      entry().shape.push_back(value);
    } else if (place_ == place::offset && entry().offsets.size() < 2) {
      entry().offsets.push_back(value);
    } else {
      unexpected(fmt::format("{}", value));
    }
    return true;
  }

  bool string(std::string& value) {
    if (place_ == place::dtype) {
      entry().dtype = std::move(value);
      place_ = place::field;
    } else if (place_ == place::metadata_value) {
      content_.metadata[key_] = std::move(value);
      place_ = place::metadata_key;
    } else {
      unexpected(quote(value));
    }
    return true;
  }

  bool start_object(std::size_t) {
    switch (place_) {
      case place::start:
        place_ = place::name;
        break;
      case place::tensor:
        place_ = place::field;
        break;
      case place::metadata:
        place_ = place::metadata_key;
        break;
      default:
        unexpected("an object");
    }
    return true;
  }

  bool key(std::string& text) {
    if (place_ == place::name && text == "__metadata__") {
      if (std::exchange(has_metadata_, true)) fail("it has '__metadata__' twice");
      place_ = place::metadata;
    } else if (place_ == place::name) {
      content_.entries.emplace_back().name = std::move(text);
      has_dtype_ = has_shape_ = has_offsets_ = false;
      place_ = place::tensor;
    } else if (place_ == place::metadata_key) {
      if (content_.metadata.contains(text)) {
        fail(fmt::format("it has the metadata key {} twice", quote(text)));
      }
      key_ = std::move(text);
      place_ = place::metadata_value;
    } else if (text == "dtype") {
      begin_field(text, has_dtype_, place::dtype);
    } else if (text == "shape") {
      begin_field(text, has_shape_, place::shape);
    } else if (text == "data_offsets") {
      begin_field(text, has_offsets_, place::offsets);
    } else {
      fail(
          fmt::format("tensor {} has the unknown field {}; dtype, shape and data_offsets are known",
                      quote(entry().name), quote(text)));
    }
    return true;
  }

  bool end_object() {
    if (place_ == place::field) {
      for (const auto& [present, name] : {std::pair{has_dtype_, "dtype"},
                                          {has_shape_, "shape"},
                                          {has_offsets_, "data_offsets"}}) {
        if (!present) fail(fmt::format("tensor {} has no {}", quote(entry().name), name));
      }
    }
    place_ = place_ == place::name ? place::end : place::name;
    return true;
  }

  bool start_array(std::size_t) {
    switch (place_) {
      case place::shape:
        place_ = place::extent;
        break;
      case place::offsets:
        place_ = place::offset;
        break;
      default:
        unexpected("an array");
    }
    return true;
  }

  bool end_array() {
    if (place_ == place::offset && entry().offsets.size() != 2) {
      fail(fmt::format("tensor {} has {} data_offsets, expected two: begin and end",
                       quote(entry().name), entry().offsets.size()));
    }
    place_ = place::field;
    return true;
  }

  bool parse_error(std::size_t position, const std::string&, const json::exception& error) {
    const std::string_view reason = error.what();
    const bool text = reason.find("UTF-8") != std::string_view::npos;
    fail(fmt::format("it is not {} (byte {} of the header)", text ? "UTF-8 text" : "valid JSON",
                     position));
  }

 private:
  // What may come next.
  enum class place {
    start,
    name,
    tensor,
    field,
    dtype,
    shape,
    extent,
    offsets,
    offset,
    metadata,
    metadata_key,
    metadata_value,
    end
  };

  header_entry& entry() { return content_.entries.back(); }

  void begin_field(std::string_view name, bool& present, place next) {
    if (std::exchange(present, true)) {
      fail(fmt::format("tensor {} has {} twice", quote(entry().name), name));
    }
    place_ = next;
  }

  void refuse_duplicate_names() {
    // Sorting, not hashing: names chosen to collide cannot make it slow.
    std::vector<std::string_view> names;
    names.reserve(content_.entries.size());
    for (const header_entry& e : content_.entries) names.push_back(e.name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) fail(fmt::format("it has the tensor {} twice", quote(*twice)));
  }

  [[noreturn]] void fail(std::string_view sentence) const {
    throw io_error(fmt::format("{}{}", prefix_, sentence));
  }

  [[noreturn]] void unexpected(std::string_view found) {
    struct rule {
      place at;
      std::string_view subject, expected;
    };
    static constexpr rule rules[] = {
        {place::tensor, "tensor {} is", "an object"},
        {place::dtype, "tensor {} has as dtype", "a text"},
        {place::shape, "tensor {} has as shape", "an array"},
        {place::extent, "tensor {} has in its shape", "whole numbers below 2^64"},
        {place::offsets, "tensor {} has as data_offsets", "an array"},
        {place::offset, "tensor {} has in its data_offsets", "two whole numbers: begin and end"},
        {place::metadata, "'__metadata__' is", "an object"},
        {place::metadata_value, "the metadata key {} is", "a text"}};
    for (const rule& r : rules) {
      if (r.at != place_) continue;
      const std::string name = quote(place_ == place::metadata_value ? key_
                                     : place_ == place::metadata     ? std::string()
                                                                     : entry().name);
      fail(fmt::format("{} {}, expected {}", fmt::format(fmt::runtime(r.subject), name), found,
                       r.expected));
    }
    fail(fmt::format("it is {}, expected an object", found));
  }

  std::string prefix_;
  header_content content_;
  place place_ = place::start;
  std::string key_;
  bool has_metadata_ = false;
  bool has_dtype_ = false;
  bool has_shape_ = false;
  bool has_offsets_ = false;
};

// `file` is the file's name, for messages.
inline header_content parse_header(std::string_view text, std::string_view file) {
  const std::string prefix = fmt::format("'{}' has a broken safetensors header: ", file);
  // nlohmann takes a NUL for the end of the text and skips a byte order mark; JSON allows neither,
  // and what hides behind a NUL makes a file mean different things to different readers.
  if (text.find('\0') != text.npos) throw io_error(prefix + "it contains a NUL byte");
  if (text.starts_with("\xEF\xBB\xBF")) throw io_error(prefix + "it starts with a byte order mark");
  header_events events(prefix);
  nlohmann::json::sax_parse(text.begin(), text.end(), &events);
  return std::move(events).take();
}

// Padded with spaces to a multiple of 8, so that the payload of a mapped file is aligned. The
// tensors lie one behind the other in the given order. Throws nlohmann's type_error on a name that
// is no UTF-8.
inline std::string header_text(std::span<const named_tensor> tensors,
                               const std::map<std::string, std::string>& metadata) {
  std::string text = "{";
  const auto separator = [&] { return text.size() > 1 ? "," : ""; };
  if (!metadata.empty()) text += "\"__metadata__\":" + nlohmann::json(metadata).dump();
  std::uint64_t begin = 0;
  for (const named_tensor& t : tensors) {
    const std::uint64_t end = begin + sizeof(float) * t.values.size();
    text +=
        fmt::format("{}{}:{{\"dtype\":\"F32\",\"shape\":{},\"data_offsets\":[{},{}]}}", separator(),
                    nlohmann::json(t.name).dump(), shape_text(t.shape), begin, end);
    begin = end;
  }
  text += "}";
  text.append((8 - text.size() % 8) % 8, ' ');
  return text;
}

}  // namespace tesela::io::detail
