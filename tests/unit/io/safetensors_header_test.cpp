// SPDX-License-Identifier: MIT
// The JSON of a safetensors header, against nlohmann-json: on every text, valid or damaged, both
// refuse or both read the same; and what is written is what nlohmann-json would write.
#include "tesela/core/error.hpp"
#include "tesela/io/safetensors_header.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

namespace {

using tesela::named_tensor;
using tesela::io::detail::header_content;
using tesela::io::detail::header_entry;
using json = nlohmann::ordered_json;

// The tree of a text without repeated keys, which nlohmann-json itself would let pass.
std::optional<json> tree(std::string_view text) {
  if (text.find('\0') != text.npos || text.starts_with("\xEF\xBB\xBF")) return std::nullopt;
  std::vector<std::set<std::string>> open;
  bool repeated = false;
  const auto watch = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) open.emplace_back();
    if (event == json::parse_event_t::object_end) open.pop_back();
    if (event == json::parse_event_t::key) {
      repeated = repeated || !open.back().insert(parsed.get<std::string>()).second;
    }
    return true;
  };
  json result = json::parse(text, watch, false);
  if (result.is_discarded() || repeated) return std::nullopt;
  return result;
}

std::optional<std::vector<std::uint64_t>> numbers(const json& array) {
  if (!array.is_array()) return std::nullopt;
  for (const json& element : array) {
    if (!element.is_number_unsigned()) return std::nullopt;
  }
  return array.get<std::vector<std::uint64_t>>();
}

// What a header says by nlohmann-json and the format's rules; nothing when it breaks one.
std::optional<header_content> oracle(std::string_view text) {
  const std::optional<json> root = tree(text);
  if (!root || !root->is_object()) return std::nullopt;
  header_content content;
  for (const auto& [name, value] : root->items()) {
    if (!value.is_object()) return std::nullopt;
    if (name == "__metadata__") {
      for (const auto& [key, note] : value.items()) {
        if (!note.is_string()) return std::nullopt;
        content.metadata[key] = note.get<std::string>();
      }
      continue;
    }
    if (value.size() != 3 || !value.contains("dtype") || !value.contains("shape") ||
        !value.contains("data_offsets") || !value["dtype"].is_string()) {
      return std::nullopt;
    }
    const auto shape = numbers(value["shape"]), offsets = numbers(value["data_offsets"]);
    if (!shape || !offsets || shape->size() > 64 || offsets->size() != 2) return std::nullopt;
    content.entries.push_back({name, value["dtype"].get<std::string>(), *shape, *offsets});
  }
  return content;
}

std::optional<header_content> read(std::string_view text) {
  try {
    return tesela::io::detail::parse_header(text, "f");
  } catch (const tesela::io_error&) {
    return std::nullopt;
  }
}

bool same(const std::optional<header_content>& a, const std::optional<header_content>& b) {
  const auto equal = [](const header_entry& x, const header_entry& y) {
    return x.name == y.name && x.dtype == y.dtype && x.shape == y.shape && x.offsets == y.offsets;
  };
  if (!a || !b) return !a && !b;
  return a->metadata == b->metadata && std::equal(a->entries.begin(), a->entries.end(),
                                                  b->entries.begin(), b->entries.end(), equal);
}

// Headers in every spelling that JSON has for them.
class writer {
 public:
  std::string header() {
    std::string result = space() + "{";
    const std::size_t members = upto(3);
    const std::size_t metadata = upto(6);
    for (std::size_t i = 0; i < members; ++i) {
      result += (i > 0 ? "," : "") + space();
      if (i == metadata) {
        result += "\"__metadata__\"" + space() + ":" + notes();
      } else {
        result += text() + space() + ":" + tensor();
      }
      result += space();
    }
    return result + "}" + space();
  }

  std::size_t upto(std::size_t most) { return random_() % (most + 1); }
  char byte() { return static_cast<char>(random_()); }

 private:
  std::string space() {
    static const std::string all[] = {"", "", "", "", " ", "\n", "\t", "\r\n"};
    return all[upto(7)];
  }

  std::string text() {
    static const std::string pieces[] = {"a",
                                         "0.weight",
                                         "caf\xc3\xa9",
                                         "\xe2\x82\xac",
                                         "\xf0\x9f\x98\x80",
                                         "\\u00e9",
                                         "\\u0041",
                                         "\\uD83d\\uDe00",
                                         "\\n",
                                         "\\\"",
                                         "\\\\",
                                         "\\/",
                                         "\\b",
                                         "\\f",
                                         "\\r",
                                         "\\t",
                                         "\\u0000",
                                         "\\uffff",
                                         "\x7f",
                                         "\xed\x9f\xbf",
                                         "\xee\x80\x80",
                                         "\xf4\x8f\xbf\xbf"};
    std::string result = "\"";
    for (std::size_t i = upto(3); i > 0; --i) result += pieces[upto(std::size(pieces) - 1)];
    return result + "\"";
  }

  std::string array(std::size_t size) {
    static const std::string all[] = {"0", "1", "32", "4294967296", "18446744073709551615"};
    std::string result = "[" + space();
    for (std::size_t i = 0; i < size; ++i) result += (i > 0 ? "," : "") + space() + all[upto(4)];
    return result + space() + "]";
  }

  std::string tensor() {
    std::vector<std::string> fields{"\"dtype\":" + space() + "\"F32\"",
                                    "\"shape\"" + space() + ":" + array(upto(4)),
                                    "\"data_offsets\":" + array(2)};
    std::shuffle(fields.begin(), fields.end(), random_);
    return "{" + fields[0] + "," + space() + fields[1] + space() + "," + fields[2] + "}";
  }

  std::string notes() {
    std::string result = "{";
    const std::size_t count = upto(2);
    for (std::size_t i = 0; i < count; ++i) {
      result += (i > 0 ? "," : "") + text() + space() + ":" + space() + text();
    }
    return result + "}";
  }

  std::mt19937 random_{20240612};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(io_safetensors_header)

BOOST_AUTO_TEST_CASE(a_header_says_what_another_json_reader_reads_however_it_is_damaged) {
  static const std::string tokens[] = {"{",
                                       "}",
                                       "[",
                                       "]",
                                       ",",
                                       ":",
                                       "\"",
                                       "\\",
                                       "\\u",
                                       "d800",
                                       "null",
                                       "true",
                                       "false",
                                       "-",
                                       "0",
                                       "1.5",
                                       "e3",
                                       "E-1",
                                       ".",
                                       "1e999",
                                       "\x01",
                                       "\x1f",
                                       "\xc3",
                                       "\xff",
                                       "\xed\xa0\x80",
                                       "\xc0\xaf",
                                       "\xf4\x90\x80\x80",
                                       "\xf0\x80\x80\x80",
                                       "18446744073709551616",
                                       "\"dtype\"",
                                       "\"x\":0",
                                       "/**/",
                                       "\\ud800",
                                       "\\udc00"};
  writer random;
  std::size_t accepted = 0, refused = 0;
  for (int round = 0; round < 60'000; ++round) {
    std::string text = random.header();
    for (std::size_t changes = random.upto(3); changes > 0 && !text.empty(); --changes) {
      const std::size_t at = random.upto(text.size() - 1);
      switch (random.upto(4)) {
        case 0:
          text.erase(at, 1 + random.upto(3));
          break;
        case 1:
          text.insert(at, tokens[random.upto(std::size(tokens) - 1)]);
          break;
        case 2:
          text.replace(at, 1, tokens[random.upto(std::size(tokens) - 1)]);
          break;
        case 3:
          text.resize(at);
          break;
        default:
          text[at] = random.byte();
      }
    }
    const auto expected = oracle(text);
    ++(expected ? accepted : refused);
    BOOST_TEST_CONTEXT(text) { BOOST_REQUIRE(same(read(text), expected)); }
  }
  BOOST_TEST(accepted > 10'000U);
  BOOST_TEST(refused > 10'000U);
}

BOOST_AUTO_TEST_CASE(a_header_is_written_as_another_json_writer_writes_it_or_refused_with_it) {
  std::mt19937 random(20240613);
  const auto text = [&] {  // every byte, and mostly valid UTF-8
    static const std::string pieces[] = {"\xc3\xa9", "\xf0\x9f\x98\x80", "\xed\xa0\x80",
                                         "\xe2\x82"};
    std::string result;
    for (std::size_t i = random() % 5; i > 0; --i) {
      const std::size_t piece = random() % 8;
      result += piece < std::size(pieces) ? pieces[piece]
                                          : std::string(1, static_cast<char>(random() % 130));
    }
    return result;
  };
  std::size_t written = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::vector<named_tensor> tensors;
    std::map<std::string, std::string> metadata;
    for (std::size_t i = random() % 3; i > 0; --i) metadata[text()] = text();
    for (std::size_t i = random() % 3; i > 0; --i) tensors.push_back({text(), {2, 1}, {1, 2}});
    std::string expected = "{";
    try {
      if (!metadata.empty()) expected += "\"__metadata__\":" + nlohmann::json(metadata).dump();
      for (std::size_t i = 0; i < tensors.size(); ++i) {
        expected += (expected.size() > 1 ? "," : "") + json(tensors[i].name).dump() +
                    ":{\"dtype\":\"F32\",\"shape\":[2, 1],\"data_offsets\":[" +
                    std::to_string(8 * i) + "," + std::to_string(8 * i + 8) + "]}";
      }
      expected += "}";
      expected.append((8 - expected.size() % 8) % 8, ' ');
      ++written;
    } catch (const json::type_error&) {
      expected = "refused";
    }
    BOOST_REQUIRE(tesela::io::detail::header_text(tensors, metadata).value_or("refused") ==
                  expected);
  }
  BOOST_TEST(written > 1000U);
  BOOST_TEST(written < 19'000U);
}

BOOST_AUTO_TEST_SUITE_END()
