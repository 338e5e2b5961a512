// SPDX-License-Identifier: MIT
// safetensors: the exact bytes that are written, and that what is written is read back bit for bit.
#include "tesela/core/error.hpp"
#include "tesela/io/safetensors.hpp"
#include "recorded/recorded.hpp"
#include "temporary_folder.hpp"

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <boost/test/unit_test.hpp>

namespace {

using tesela::io_error;
using tesela::named_tensor;
using tesela::usage_error;
using tesela::io::read_safetensors;
using tesela::io::write_safetensors;
using tests::bytes_of;
using tests::fill;
using tests::refusal;
using metadata = std::map<std::string, std::string>;
using tensors = std::vector<named_tensor>;

// Equal bits, so that NaN equals itself and 0 differs from -0.
bool same(const tensors& a, const tensors& b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].name != b[i].name || a[i].shape != b[i].shape) return false;
    if (a[i].values.size() != b[i].values.size()) return false;
    for (std::size_t j = 0; j < a[i].values.size(); ++j) {
      if (std::bit_cast<std::uint32_t>(a[i].values[j]) !=
          std::bit_cast<std::uint32_t>(b[i].values[j])) {
        return false;
      }
    }
  }
  return true;
}

// The least that save_safetensors and load_safetensors ask of a model.
struct fake_model {
  tensors state{{"0.weight", {1, 2}, {1, 2}}, {"0.bias", {1}, {3}}};

  tensors state_dict() const { return state; }
  void load_state_dict(std::span<const named_tensor> given) {
    if (given.size() != state.size()) throw usage_error("expected 2 tensors, found another number");
    state.assign(given.begin(), given.end());
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(io_safetensors)

BOOST_AUTO_TEST_CASE(the_bytes_of_a_file_are_those_of_the_specification) {
  const tests::temporary_folder folder;
  const tensors two{{"0.weight", {1, 2}, {1.0f, -2.0f}}, {"0.bias", {}, {0.5f}}};
  write_safetensors(folder / "f", two, {{"format", "pt"}});
  const std::string header =
      "{\"__metadata__\":{\"format\":\"pt\"},"
      "\"0.weight\":{\"dtype\":\"F32\",\"shape\":[1, 2],\"data_offsets\":[0,8]},"
      "\"0.bias\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}";
  const std::string padded = header + std::string(7 - (header.size() + 7) % 8, ' ');
  BOOST_TEST(padded.size() % 8 == 0U);
  const std::string length{static_cast<char>(padded.size()), 0, 0, 0, 0, 0, 0, 0};
  using namespace std::string_view_literals;
  BOOST_TEST(bytes_of(folder / "f") ==
             length + padded + std::string("\0\0\x80\x3f\0\0\0\xc0\0\0\0\x3f"sv));
}

BOOST_AUTO_TEST_CASE(a_file_without_tensors_is_an_empty_object) {
  const tests::temporary_folder folder;
  write_safetensors(folder / "f", {});
  BOOST_TEST(bytes_of(folder / "f") == std::string("\x08\0\0\0\0\0\0\0{}      ", 16));
  BOOST_TEST(read_safetensors(folder / "f").tensors.empty());
}

BOOST_AUTO_TEST_CASE(the_payload_is_aligned_for_every_length_of_the_header) {
  const tests::temporary_folder folder;
  for (std::size_t letters = 1; letters <= 16; ++letters) {
    const tensors one{{std::string(letters, 'n'), {1}, {1}}};
    write_safetensors(folder / "f", one);
    const std::string bytes = bytes_of(folder / "f");
    BOOST_TEST((bytes.size() - 4) % 8 == 0U);
    BOOST_TEST(bytes[8] == '{');
    BOOST_TEST(same(read_safetensors(folder / "f").tensors, one));
  }
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back_bit_for_bit) {
  const tests::temporary_folder folder;
  std::mt19937 random(7);
  const std::vector<std::string> odd{"",
                                     "0.weight",
                                     "a\"b\\c/../d",
                                     "\x1b[31m\n\t",
                                     "caf\xc3\xa9",
                                     "\xf0\x9f\x98\x80",
                                     std::string("\0", 1)};
  const auto text = [&] { return odd[random() % odd.size()]; };
  for (int round = 0; round < 200; ++round) {
    tensors written;
    for (auto count = random() % 9; count > 0; --count) {
      named_tensor& t = written.emplace_back();
      t.name = std::to_string(count) + text();
      std::size_t elements = 1;
      for (auto rank = random() % 5; rank > 0; --rank) {
        t.shape.push_back(random() % 6);
        elements *= t.shape.back();
      }
      t.values.resize(elements);
      for (float& value : t.values) value = std::bit_cast<float>(std::uint32_t(random()));
    }
    metadata notes;
    for (auto count = random() % 4; count > 0; --count) notes[text()] = text();
    write_safetensors(folder / "f", written, notes);
    const auto read = read_safetensors(folder / "f");
    BOOST_REQUIRE(same(read.tensors, written));
    BOOST_REQUIRE(read.metadata == notes);
  }
}

BOOST_AUTO_TEST_CASE(values_that_are_no_numbers_pass_as_they_are) {
  using limits = std::numeric_limits<float>;
  const tests::temporary_folder folder;
  const tensors written{
      {"x",
       {8},
       {limits::quiet_NaN(), std::bit_cast<float>(0xffabcdefU), limits::infinity(),
        -limits::infinity(), -0.0f, limits::denorm_min(), limits::max(), limits::lowest()}}};
  write_safetensors(folder / "f", written);
  BOOST_TEST(same(read_safetensors(folder / "f").tensors, written));
}

BOOST_AUTO_TEST_CASE(tensors_that_contradict_themselves_are_not_written) {
  const tests::temporary_folder folder;
  fill(folder / "f", "old");
  const std::string prefix = "cannot write '" + (folder / "f").string() + "': ";
  const auto message = [&](const tensors& bad, const metadata& notes = {}) {
    return refusal<usage_error>([&] { write_safetensors(folder / "f", bad, notes); });
  };
  BOOST_TEST(message({{"a", {2, 3}, {1, 2, 3, 4, 5}}}) ==
             prefix + "tensor 'a' has the shape [2, 3] but 5 values");
  BOOST_TEST(message({{"a", {}, {}}}) == prefix + "tensor 'a' has the shape [] but 0 values");
  const std::size_t half = std::size_t{1} << (4 * sizeof(std::size_t));
  const std::string huge = std::to_string(half);
  BOOST_TEST(message({{"a", {half, half}, {}}}) ==
             prefix + "tensor 'a' has the shape [" + huge + ", " + huge + "] but 0 values");
  BOOST_TEST(message({{"a", {1}, {1}}, {"b", {1}, {1}}, {"a", {1}, {1}}}) ==
             prefix + "two tensors are named 'a'");
  BOOST_TEST(message({{"__metadata__", {1}, {1}}}) ==
             prefix + "a tensor cannot be named '__metadata__'");
  BOOST_TEST(message({{"\xff", {1}, {1}}}) ==
             prefix + "a tensor's name or the metadata is not UTF-8 text");
  BOOST_TEST(message({}, {{"k", "\xff"}}) ==
             prefix + "a tensor's name or the metadata is not UTF-8 text");
  BOOST_TEST(message({}, {{"k", std::string(100'000'000, 'v')}}) ==
             prefix +
                 "its header takes 100000032 bytes, more than the 100000000 the format allows");
  BOOST_TEST(bytes_of(folder / "f") == "old");
  BOOST_TEST(folder.entries() == 1);
}

BOOST_AUTO_TEST_CASE(a_model_is_saved_and_loaded_by_name) {
  const tests::temporary_folder folder;
  fake_model trained, fresh;
  trained.state[0].values = {7, 8};
  tesela::io::save_safetensors(trained, folder / "m.safetensors");
  tesela::io::load_safetensors(fresh, folder / "m.safetensors");
  BOOST_TEST(same(fresh.state, trained.state));
}

BOOST_AUTO_TEST_CASE(a_model_that_refuses_a_file_says_which_file) {
  const tests::temporary_folder folder;
  const std::string path = (folder / "m.safetensors").string();
  write_safetensors(path, {});
  fake_model model;
  BOOST_TEST(refusal<io_error>([&] { tesela::io::load_safetensors(model, path); }) ==
             "cannot load '" + path + "': expected 2 tensors, found another number");
  BOOST_TEST(same(model.state, fake_model().state));
}

BOOST_AUTO_TEST_CASE(files_of_another_writer_are_read) {
  // Made by record.py, which writes the format by hand; the values are worked out on paper.
  const recorded::values example("conv2d_worked_example");
  BOOST_TEST((example.tensor("output").shape == std::vector<std::size_t>{3, 1, 2, 2}));
  const std::vector<float> expected{0.4f, 1.1f, 1.4f,  3.0f,  3.0f,  1.4f,
                                    1.1f, 0.4f, 0.44f, 1.09f, 1.42f, 3.07f};
  BOOST_TEST(example["output"] == expected, boost::test_tools::tolerance(1e-6f)
                                                << boost::test_tools::per_element());
  BOOST_TEST(example.number("kernel") == 2U);
}

BOOST_AUTO_TEST_CASE(a_recorded_case_that_lacks_something_says_what) {
  const recorded::values cnn("small_cnn");
  BOOST_TEST(cnn.state("initial").size() == 8U);
  BOOST_TEST(cnn.state("initial")[0].name == "0.weight");
  BOOST_TEST(cnn.labels("labels.0").size() == 5U);
  BOOST_TEST(cnn.scalar("loss.0") == cnn["sgd_momentum/losses"][0]);
  BOOST_TEST(refusal<std::out_of_range>([&] { cnn.tensor("x"); }) == "small_cnn has no tensor x");
  BOOST_TEST(refusal<std::out_of_range>([&] { cnn.state("x"); }) == "small_cnn has no group x");
  BOOST_TEST(refusal<std::out_of_range>([&] { cnn.text("x"); }) == "small_cnn has no metadata x");
}

BOOST_AUTO_TEST_SUITE_END()
