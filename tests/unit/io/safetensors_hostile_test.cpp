// SPDX-License-Identifier: MIT
// safetensors files that lie: each is refused with one sentence before memory for a value is taken.
#include "tesela/core/error.hpp"
#include "tesela/io/safetensors.hpp"
#include "temporary_folder.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

using tesela::io_error;
using tesela::io::read_safetensors;
using tests::fill;
using tests::refusal;

std::string length_field(std::uint64_t length) {
  std::string bytes(sizeof length, '\0');
  std::memcpy(bytes.data(), &length, sizeof length);
  return bytes;
}

std::string file_of(const std::string& header, std::size_t payload) {
  return length_field(header.size()) + header + std::string(payload, '\0');
}

// {"a": {"dtype": "F32", "shape": <shape>, "data_offsets": <offsets>}}
std::string tensor(const std::string& shape, const std::string& offsets,
                   const std::string& name = "a") {
  return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":" + offsets +
         "}";
}

std::string one(const std::string& shape, const std::string& offsets) {
  return "{" + tensor(shape, offsets) + "}";
}

// Reads a file of `bytes` and returns the sentence it is refused with, behind the file's name.
std::string sentence(const std::string& bytes) {
  const tests::temporary_folder folder;
  fill(folder / "f", bytes);
  const std::string message = refusal<io_error>([&] { read_safetensors(folder / "f"); });
  const std::string name = "'" + (folder / "f").string() + "' ";
  BOOST_TEST(message.starts_with(name));
  return message.substr(std::min(name.size(), message.size()));
}

struct lie {
  std::string header;
  std::size_t payload;
  std::string sentence;
};

void check_headers(const std::vector<lie>& lies, const std::string& prefix) {
  for (const lie& l : lies) {
    BOOST_TEST_CONTEXT(l.header.substr(0, 200)) {
      BOOST_TEST(sentence(file_of(l.header, l.payload)) == prefix + l.sentence);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(io_safetensors_hostile)

BOOST_AUTO_TEST_CASE(a_file_shorter_than_its_length_field_is_refused) {
  for (std::size_t bytes = 0; bytes < 8; ++bytes) {
    BOOST_TEST(sentence(std::string(bytes, '\0')) == "is not a safetensors file: it has " +
                                                         std::to_string(bytes) +
                                                         " bytes, expected at least 8");
  }
}

BOOST_AUTO_TEST_CASE(a_header_length_that_cannot_be_true_is_refused) {
  const std::string claims = "is not a safetensors file: it claims a header of ";
  for (const std::uint64_t length :
       {std::uint64_t{100'000'001}, std::uint64_t{1} << 63, ~std::uint64_t{0}}) {
    BOOST_TEST(sentence(length_field(length) + "{}") ==
               claims + std::to_string(length) + " bytes, the format allows 100000000");
  }
  BOOST_TEST(sentence(length_field(3) + "{}") ==
             "is no complete safetensors file: it claims a header of 3 bytes, but 2 bytes follow");
  BOOST_TEST(sentence(length_field(100'000'000)) ==
             "is no complete safetensors file: it claims a header of 100000000 bytes, but 0 bytes "
             "follow");
}

BOOST_AUTO_TEST_CASE(a_header_that_is_no_json_is_refused) {
  const std::string end_missing(100'000, '[');
  check_headers({{"", 0, "it is not valid JSON (byte 1 of the header)"},
                 {"{", 0, "it is not valid JSON (byte 2 of the header)"},
                 {"{}}", 0, "it is not valid JSON (byte 3 of the header)"},
                 {"{} {}", 0, "it is not valid JSON (byte 4 of the header)"},
                 {"{\"a\"}", 0, "it is not valid JSON (byte 5 of the header)"},
                 {"{,}", 0, "it is not valid JSON (byte 2 of the header)"},
                 {"// {}\n{}", 0, "it is not valid JSON (byte 1 of the header)"},
                 {"{\"\xff\":1}", 0, "it is not UTF-8 text (byte 3 of the header)"},
                 {"{\"\xc3\x28\":1}", 0, "it is not UTF-8 text (byte 4 of the header)"},
                 {"{\"\xed\xa0\x80\":1}", 0, "it is not UTF-8 text (byte 4 of the header)"},
                 {"{\"\\ud800\":1}", 0, "it is not valid JSON (byte 9 of the header)"},
                 {"{\"a\nb\":1}", 0, "it is not valid JSON (byte 4 of the header)"},
                 {"\xef\xbb\xbf{}", 0, "it starts with a byte order mark"},
                 {std::string("{}\0{}", 5), 0, "it contains a NUL byte"},
                 {"[]", 0, "it is an array, expected an object"},
                 {end_missing, 0, "it is an array, expected an object"},
                 {"\"a\"", 0, "it is 'a', expected an object"},
                 {"null", 0, "it is null, expected an object"},
                 {"true", 0, "it is true, expected an object"},
                 {"7", 0, "it is 7, expected an object"}},
                "has a broken safetensors header: ");
}

BOOST_AUTO_TEST_CASE(deep_nesting_is_refused_where_it_starts) {
  const std::string arrays(100'000, '[');
  std::string objects;
  for (int i = 0; i < 100'000; ++i) objects += "{\"a\":";
  check_headers(
      {{"{\"a\":" + arrays, 0, "tensor 'a' is an array, expected an object"},
       {objects, 0,
        "tensor 'a' has the unknown field 'a'; dtype, shape and data_offsets are known"},
       {one(arrays, "[0,4]"), 4,
        "tensor 'a' has in its shape an array, expected whole numbers below 2^64"},
       {"{\"__metadata__\":" + objects, 0, "the metadata key 'a' is an object, expected a text"}},
      "has a broken safetensors header: ");
}

BOOST_AUTO_TEST_CASE(a_field_of_the_wrong_kind_is_refused) {
  const std::string extents = ", expected whole numbers below 2^64";
  const std::string ends = ", expected two whole numbers: begin and end";
  check_headers(
      {{"{\"a\":null}", 0, "tensor 'a' is null, expected an object"},
       {"{\"a\":\"b\"}", 0, "tensor 'a' is 'b', expected an object"},
       {"{\"a\":{\"dtype\":1}}", 0, "tensor 'a' has as dtype 1, expected a text"},
       {"{\"a\":{\"dtype\":{}}}", 0, "tensor 'a' has as dtype an object, expected a text"},
       {"{\"a\":{\"shape\":4}}", 0, "tensor 'a' has as shape 4, expected an array"},
       {"{\"a\":{\"shape\":{}}}", 0, "tensor 'a' has as shape an object, expected an array"},
       {"{\"a\":{\"data_offsets\":0}}", 0, "tensor 'a' has as data_offsets 0, expected an array"},
       {one("[\"2\"]", "[0,4]"), 4, "tensor 'a' has in its shape '2'" + extents},
       {one("[null]", "[0,4]"), 4, "tensor 'a' has in its shape null" + extents},
       {one("[true]", "[0,4]"), 4, "tensor 'a' has in its shape true" + extents},
       {one("[-1]", "[0,4]"), 4, "tensor 'a' has in its shape -1" + extents},
       {one("[-0]", "[0,0]"), 0, "tensor 'a' has in its shape 0" + extents},
       {one("[1.0]", "[0,4]"), 4, "tensor 'a' has in its shape '1.0'" + extents},
       {one("[1e1]", "[0,40]"), 40, "tensor 'a' has in its shape '1e1'" + extents},
       {one("[1e999]", "[0,4]"), 4, "tensor 'a' has in its shape '1e999'" + extents},
       {one("[18446744073709551616]", "[0,4]"), 4,
        "tensor 'a' has in its shape '18446744073709551616'" + extents},
       {one("[" + std::string(300, '9') + "]", "[0,4]"), 4,
        "tensor 'a' has in its shape '" + std::string(64, '9') + "...'" + extents},
       {one("[1]", "[-4,0]"), 4, "tensor 'a' has in its data_offsets -4" + ends},
       {one("[1]", "[0,4.0]"), 4, "tensor 'a' has in its data_offsets '4.0'" + ends},
       {one("[1]", "[0,\"4\"]"), 4, "tensor 'a' has in its data_offsets '4'" + ends},
       {one("[1]", "[0,4,8]"), 8, "tensor 'a' has in its data_offsets 8" + ends},
       {one("[1]", "[[0,4]]"), 4, "tensor 'a' has in its data_offsets an array" + ends},
       {one("[1]", "[0]"), 4, "tensor 'a' has 1 data_offsets, expected two: begin and end"},
       {one("[1]", "[]"), 4, "tensor 'a' has 0 data_offsets, expected two: begin and end"}},
      "has a broken safetensors header: ");
}

BOOST_AUTO_TEST_CASE(a_field_that_is_missing_unknown_or_given_twice_is_refused) {
  check_headers(
      {{"{\"a\":{}}", 0, "tensor 'a' has no dtype"},
       {"{\"a\":{\"dtype\":\"F32\"}}", 0, "tensor 'a' has no shape"},
       {"{\"a\":{\"dtype\":\"F32\",\"shape\":[]}}", 4, "tensor 'a' has no data_offsets"},
       {"{\"a\":{\"shape\":[],\"data_offsets\":[0,4]}}", 4, "tensor 'a' has no dtype"},
       // The fields of one tensor do not count for the next.
       {"{" + tensor("[]", "[0,4]") + ",\"b\":{}}", 4, "tensor 'b' has no dtype"},
       {"{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 0, "tensor 'a' has dtype twice"},
       {"{\"a\":{\"shape\":[1],\"shape\":[1]}}", 0, "tensor 'a' has shape twice"},
       {"{\"a\":{\"data_offsets\":[0,4],\"data_offsets\":[0,4]}}", 4,
        "tensor 'a' has data_offsets twice"},
       {"{\"a\":{\"Shape\":[1]}}", 0,
        "tensor 'a' has the unknown field 'Shape'; dtype, shape and data_offsets are known"},
       {"{" + tensor("[1]", "[0,4]") + "," + tensor("[1]", "[4,8]") + "}", 8,
        "it has the tensor 'a' twice"},
       {"{" + tensor("[1]", "[0,4]") + "," + tensor("[1]", "[4,8]", "b") + "," +
            tensor("[1]", "[8,12]", "\\u0061") + "}",
        12, "it has the tensor 'a' twice"}},
      "has a broken safetensors header: ");
}

BOOST_AUTO_TEST_CASE(metadata_is_texts_and_nothing_else) {
  check_headers(
      {{"{\"__metadata__\":[]}", 0, "'__metadata__' is an array, expected an object"},
       {"{\"__metadata__\":\"a\"}", 0, "'__metadata__' is 'a', expected an object"},
       {"{\"__metadata__\":{\"a\":1}}", 0, "the metadata key 'a' is 1, expected a text"},
       {"{\"__metadata__\":{\"a\":[\"b\"]}}", 0,
        "the metadata key 'a' is an array, expected a text"},
       {"{\"__metadata__\":{\"a\":null}}", 0, "the metadata key 'a' is null, expected a text"},
       {"{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}", 0, "it has the metadata key 'a' twice"},
       {"{\"__metadata__\":{},\"__metadata__\":{}}", 0, "it has '__metadata__' twice"},
       {"{" + tensor("[1]", "[0,4]", "__metadata__") + "}", 4,
        "the metadata key 'shape' is an array, expected a text"}},
      "has a broken safetensors header: ");
}

BOOST_AUTO_TEST_CASE(only_f32_is_read_and_another_dtype_names_its_tensor) {
  const auto typed = [](const std::string& dtype) {
    return "{\"0.weight\":{\"dtype\":\"" + dtype + "\",\"shape\":[2],\"data_offsets\":[0,4]}}";
  };
  for (const char* dtype :
       {"BOOL", "F4", "F6_E2M3", "F6_E3M2", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "I16",
        "U16", "F16", "BF16", "I32", "U32", "F64", "I64", "U64", "C64"}) {
    BOOST_TEST(sentence(file_of(typed(dtype), 4)) ==
               std::string("cannot be read as safetensors: tensor '0.weight' has the dtype ") +
                   dtype + ", expected F32: convert it before saving (in PyTorch, .float())");
  }
  for (const char* dtype : {"f32", "F33", "", "FLOAT32", "F32 "}) {
    BOOST_TEST(sentence(file_of(typed(dtype), 4)) ==
               std::string("cannot be read as safetensors: tensor '0.weight' has the unknown "
                           "dtype '") +
                   dtype + "'");
  }
}

BOOST_AUTO_TEST_CASE(a_shape_that_disagrees_with_its_bytes_is_refused) {
  const auto disagrees = [](const std::string& shape, int bytes) {
    return "tensor 'a' has the data_offsets [0, 4], but its shape " + shape + " takes " +
           std::to_string(bytes) + " bytes";
  };
  const auto large = [](const std::string& shape) {
    return "tensor 'a' has the shape " + shape + ", which is too large";
  };
  std::string many = "[1", rank_64 = "[1";
  for (int i = 0; i < 64; ++i) many += ",1";
  for (int i = 0; i < 63; ++i) rank_64 += ",1";
  check_headers(
      {{one("[2]", "[0,4]"), 4, disagrees("[2]", 8)},
       {one("[2,0]", "[0,4]"), 4, disagrees("[2, 0]", 0)},
       {one("[1,1,2]", "[0,4]"), 4, disagrees("[1, 1, 2]", 8)},
       // Both from the reference implementation's tests; then what wraps to 4 bytes, to 0 bytes,
       // and what a zero must not hide.
       {one("[2,18446744073709551614]", "[0,4]"), 4, large("[2, 18446744073709551614]")},
       {one("[2,9223372036854775807]", "[0,4]"), 4, large("[2, 9223372036854775807]")},
       {one("[4611686018427387905]", "[0,4]"), 4, large("[4611686018427387905]")},
       {one("[4294967296,4294967296]", "[0,0]"), 0, large("[4294967296, 4294967296]")},
       {one("[4294967296,4294967296,0]", "[0,0]"), 0, large("[4294967296, 4294967296, 0]")},
       // A terabyte is claimed, four bytes are there: refused without asking for the memory.
       {one("[274877906944]", "[0,1099511627776]"), 4,
        "tensor 'a' has the data_offsets [0, 1099511627776], but the file has 4 bytes of data"}},
      "cannot be read as safetensors: ");
  check_headers({{one(many + "]", "[0,4]"), 4, "tensor 'a' has more than 64 axes"}},
                "has a broken safetensors header: ");
  BOOST_TEST(sentence(file_of(one(rank_64 + "]", "[0,8]"), 8)).find("axes") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(data_that_overlaps_leaves_a_hole_or_is_not_covered_is_refused) {
  const auto two = [](const std::string& first, const std::string& second) {
    return "{" + tensor("[1]", first) + "," + tensor("[1]", second, "b") + "}";
  };
  std::string ten = "{" + tensor("[1]", "[0,4]");
  for (char name = 'b'; name < 'k'; ++name) ten += "," + tensor("[1]", "[0,4]", {name});
  check_headers(
      {{one("[1]", "[4,0]"), 4,
        "tensor 'a' has the data_offsets [4, 0], which end before they begin"},
       {one("[1]", "[0,4]"), 3,
        "tensor 'a' has the data_offsets [0, 4], but the file has 3 bytes of data"},
       {one("[1]", "[18446744073709551612,18446744073709551615]"), 4,
        "tensor 'a' has the data_offsets [18446744073709551612, 18446744073709551615], but the "
        "file "
        "has 4 bytes of data"},
       {two("[0,4]", "[2,6]"), 6,
        "tensor 'b' has the data_offsets [2, 6], which overlap the tensor that ends at 4"},
       {two("[0,4]", "[0,4]"), 4,
        "tensor 'b' has the data_offsets [0, 4], which overlap the tensor that ends at 4"},
       {ten + "}", 4,
        "tensor 'b' has the data_offsets [0, 4], which overlap the tensor that ends at 4"},
       {two("[0,4]", "[8,12]"), 12,
        "tensor 'b' has the data_offsets [8, 12], which leave a hole: expected to begin at 4"},
       {one("[1]", "[4,8]"), 8,
        "tensor 'a' has the data_offsets [4, 8], which leave a hole: expected to begin at 0"},
       {one("[1]", "[0,4]"), 5, "its tensors cover 4 bytes, but the file has 5 bytes of data"},
       {"{}", 1, "its tensors cover 0 bytes, but the file has 1 bytes of data"},
       // An empty tensor inside another's bytes is an overlap too.
       {"{" + tensor("[2]", "[0,8]") + "," + tensor("[0]", "[4,4]", "b") + "}", 8,
        "tensor 'b' has the data_offsets [4, 4], which overlap the tensor that ends at 8"}},
      "cannot be read as safetensors: ");
}

BOOST_AUTO_TEST_CASE(a_hostile_name_is_shown_harmless_and_short) {
  const std::string escape = sentence(file_of("{\"\\u001b[2J\\u0000\":1}", 0));
  BOOST_TEST(escape ==
             "has a broken safetensors header: tensor '\\x1b[2J\\x00' is 1, expected an object");
  const std::string large = sentence(file_of("{\"" + std::string(1'000'000, 'a') + "\":1}", 0));
  BOOST_TEST(large == "has a broken safetensors header: tensor '" + std::string(64, 'a') +
                          "...' is 1, expected an object");
}

BOOST_AUTO_TEST_CASE(what_is_unusual_but_allowed_is_read) {
  const tests::temporary_folder folder;
  const auto read = [&](const std::string& header, std::size_t payload) {
    fill(folder / "f", file_of(header, payload));
    return read_safetensors(folder / "f");
  };
  BOOST_TEST(read("{}", 0).tensors.empty());
  BOOST_TEST(read(" \t\r\n{}\n   ", 0).tensors.empty());
  BOOST_TEST(read("{\"__metadata__\":{}}", 0).metadata.empty());
  BOOST_TEST(read("{\"__metadata__\":{\"\":\"\\u0000\"}}", 0).metadata.at("") ==
             std::string(1, '\0'));
  // The order of the data counts, not the order of the text; metadata may come last.
  const auto swapped = read("{" + tensor("[1]", "[8,12]", "b") + "," + tensor("[2]", "[0,8]") +
                                ",\"__metadata__\":{\"k\":\"v\"}}",
                            12);
  BOOST_REQUIRE(swapped.tensors.size() == 2U);
  BOOST_TEST(swapped.tensors[0].name == "a");
  BOOST_TEST(swapped.tensors[1].name == "b");
  BOOST_TEST(swapped.metadata.at("k") == "v");
  // A scalar, an empty tensor, an empty one with a huge extent; names the format does not forbid.
  const auto odd = read("{" + tensor("[]", "[0,4]", "") + "," + tensor("[2,0]", "[4,4]", "../x") +
                            "," + tensor("[0,18446744073709551615]", "[4,4]", "\\u0000") + "}",
                        4);
  BOOST_REQUIRE(odd.tensors.size() == 3U);
  BOOST_TEST(odd.tensors[0].values.size() == 1U);
  BOOST_TEST(odd.tensors[1].name == "../x");
  BOOST_TEST(odd.tensors[1].values.empty());
  BOOST_TEST(odd.tensors[2].name == std::string(1, '\0'));
}

BOOST_AUTO_TEST_CASE(a_hundred_thousand_tiny_tensors_are_read) {
  std::string header = "{";
  for (std::size_t i = 0; i < 100'000; ++i) {
    const std::string begin = std::to_string(4 * i), end = std::to_string(4 * (i + 1));
    header += (i > 0 ? "," : "") + tensor("[1]", "[" + begin + "," + end + "]", std::to_string(i));
  }
  const tests::temporary_folder folder;
  fill(folder / "f", file_of(header + "}", 400'000));
  BOOST_TEST(read_safetensors(folder / "f").tensors.size() == 100'000U);
}

// Whatever becomes of a valid file, reading it either throws io_error or gives tensors that account
// for every byte of the payload.
BOOST_AUTO_TEST_CASE(a_damaged_file_is_refused_or_accounts_for_every_byte) {
  const std::string valid =
      file_of("{\"__metadata__\":{\"k\":\"v\"}," + tensor("[2,3]", "[0,24]") + "," +
                  tensor("[0]", "[24,24]", "e") + "," + tensor("[]", "[24,28]", "s") + "}",
              28);
  std::mt19937 random(20240611);
  const std::string_view alphabet =
      "\"{}[],:0123456789.-eE\\u \0\xff"
      "aF32";
  const tests::temporary_folder folder;
  std::size_t accepted = 0, refused = 0;
  for (int round = 0; round < 4000; ++round) {
    std::string bytes = valid;
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      const std::size_t at = random() % bytes.size();
      switch (random() % 4) {
        case 0:
          bytes[at] = alphabet[random() % alphabet.size()];
          break;
        case 1:
          bytes.erase(at, 1 + random() % 4);
          break;
        case 2:
          bytes.insert(at, 1, alphabet[random() % alphabet.size()]);
          break;
        default:
          bytes[at] = static_cast<char>(random());
      }
    }
    // Keep half of the length fields true, so that most damage reaches the header's parser.
    if (random() % 2 == 0 && bytes.size() > 36)
      bytes.replace(0, 8, length_field(bytes.size() - 36));
    fill(folder / "f", bytes);
    try {
      const auto content = read_safetensors(folder / "f");
      std::uint64_t length = 0, covered = 0;
      std::memcpy(&length, bytes.data(), sizeof length);
      for (const auto& t : content.tensors) covered += 4 * t.values.size();
      BOOST_REQUIRE(covered == bytes.size() - 8 - length);
      ++accepted;
    } catch (const io_error&) {
      ++refused;
    }
  }
  BOOST_TEST(accepted > 100U);
  BOOST_TEST(refused > 100U);
}

BOOST_AUTO_TEST_SUITE_END()
