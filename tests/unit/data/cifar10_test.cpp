// SPDX-License-Identifier: MIT
// The CIFAR-10 reader on good files, and on every broken one we could think of.
#include "tesela/data/cifar10.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "message_of.hpp"

namespace {

namespace fs = std::filesystem;
using tesela::data_error;
using tesela::io_error;
using tesela::data::cifar10;

constexpr std::uintmax_t record_size = 3073;
constexpr std::uintmax_t file_size = 30'730'000;

// A folder of six good files: sparse, all black airplanes but for the first record of each, whose
// image begins with the number of the file.
class folder {
 public:
  folder() {
    std::string name = (fs::temp_directory_path() / "tesela-cifar10-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    root_ = name;
    for (int i = 0; i < 6; ++i) {
      write(names[i], std::string_view("\0", 1));
      resize(names[i], file_size);
      put(names[i], 1, static_cast<char>(i + 1));
    }
  }
  ~folder() { fs::remove_all(root_); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;

  const fs::path& path() const { return root_; }
  std::string operator/(const std::string& name) const { return (root_ / name).string(); }

  void write(const std::string& name, std::string_view content) const {
    std::ofstream(root_ / name, std::ios::binary) << content;
  }
  void resize(const std::string& name, std::uintmax_t size) const {
    fs::resize_file(root_ / name, size);
  }
  void put(const std::string& name, std::uintmax_t offset, char value) const {
    std::fstream file(root_ / name, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(value);
  }
  void remove(const std::string& name) const { fs::remove(root_ / name); }

  inline static const std::string names[6] = {"data_batch_1.bin", "data_batch_2.bin",
                                              "data_batch_3.bin", "data_batch_4.bin",
                                              "data_batch_5.bin", "test_batch.bin"};

 private:
  fs::path root_;
};

// What the reader says about the folder, with the folder's own path cut to "@".
template <class Error = data_error>
std::string refusal(const folder& files, const fs::path& path) {
  std::string message = message_of<Error>([&] { cifar10(path); });
  const std::string root = files.path().string();
  for (std::size_t at = message.find(root); at != std::string::npos; at = message.find(root)) {
    message.replace(at, root.size(), "@");
  }
  return message;
}

template <class Error = data_error>
std::string refusal(const folder& files) {
  return refusal<Error>(files, files.path());
}

BOOST_AUTO_TEST_SUITE(cifar10_reader)

BOOST_AUTO_TEST_CASE(five_files_make_the_training_set_and_one_the_test_set) {
  const folder files;
  // The last record of batch 2: a truck whose first red, green and blue pixels are 255, 128 and 51.
  const std::uintmax_t last = 9999 * record_size;
  files.put("data_batch_2.bin", last, 9);
  files.put("data_batch_2.bin", last + 1, static_cast<char>(255));
  files.put("data_batch_2.bin", last + 1025, static_cast<char>(128));
  files.put("data_batch_2.bin", last + 2049, 51);
  files.put("data_batch_2.bin", last + 3072, 102);
  files.put("test_batch.bin", 7 * record_size, 3);

  const auto [train, test] = cifar10(files.path());
  BOOST_TEST(train.size() == 50'000U);
  BOOST_TEST(test.size() == 10'000U);
  BOOST_TEST((train.extents() == std::array<std::size_t, 3>{3, 32, 32}));
  BOOST_TEST((train.class_names() == std::vector<std::string>{"airplane", "automobile", "bird",
                                                              "cat", "deer", "dog", "frog", "horse",
                                                              "ship", "truck"}));
  BOOST_TEST(
      (train.per_class_counts() == std::vector<std::size_t>{49'999, 0, 0, 0, 0, 0, 0, 0, 0, 1}));
  BOOST_TEST(train.label(19'999) == 9);
  BOOST_TEST(test.label(7) == 3);
  BOOST_TEST(test.per_class_counts()[3] == 1U);

  const auto close = boost::test_tools::tolerance(1e-6F);
  std::vector<float> image(3072);
  train.copy_sample(19'999, image);
  BOOST_TEST(image[0] == 1.0F, close);
  BOOST_TEST(image[1] == -1.0F);
  BOOST_TEST(image[1024] == 128 / 127.5F - 1, boost::test_tools::tolerance(1e-4F));
  BOOST_TEST(image[2048] == -0.6F, close);
  BOOST_TEST(image[3071] == -0.2F, close);
  for (std::size_t batch = 0; batch < 5; ++batch) {
    train.copy_sample(batch * 10'000, image);
    BOOST_TEST(image[0] == static_cast<float>(batch + 1) / 127.5F - 1, close);
  }
}

BOOST_AUTO_TEST_CASE(the_folder_around_the_official_one_will_do) {
  const folder files;
  fs::create_directory(files.path() / "cifar-10-batches-bin");
  for (const std::string& name : folder::names) {
    fs::rename(files.path() / name, files.path() / "cifar-10-batches-bin" / name);
  }
  BOOST_TEST(cifar10(files.path()).test.size() == 10'000U);
  files.remove("cifar-10-batches-bin/test_batch.bin");
  BOOST_TEST(refusal(files) ==
             "cifar10: @/cifar-10-batches-bin/test_batch.bin is missing, expected a file of "
             "30730000 bytes");
}

BOOST_AUTO_TEST_CASE(a_path_that_is_no_folder_is_refused) {
  const folder files;
  BOOST_TEST(refusal(files, files / "nowhere") ==
             "cifar10: there is no folder @/nowhere, expected the extracted cifar-10-batches-bin");
  BOOST_TEST(refusal(files, "") ==
             "cifar10: there is no folder , expected the extracted cifar-10-batches-bin");
  BOOST_TEST(refusal(files, files / "test_batch.bin") ==
             "cifar10: @/test_batch.bin is a file, expected the folder cifar-10-batches-bin");
  files.write("cifar-10-binary.tar.gz", "\x1f\x8b\x08 and so on");
  BOOST_TEST(refusal(files, files / "cifar-10-binary.tar.gz") ==
             "cifar10: @/cifar-10-binary.tar.gz is a file, expected the folder "
             "cifar-10-batches-bin: it is gzip-compressed, extract the archive first (tar xzf)");
  BOOST_REQUIRE(mkfifo((files / "pipe").c_str(), 0600) == 0);
  BOOST_TEST(refusal(files, files / "pipe") ==
             "cifar10: @/pipe is no folder, expected cifar-10-batches-bin");
}

BOOST_AUTO_TEST_CASE(each_of_the_six_files_may_be_missing) {
  const folder files;
  for (const std::string& name : folder::names) {
    fs::rename(files.path() / name, files.path() / "aside");
    BOOST_TEST(refusal(files) ==
               "cifar10: @/" + name + " is missing, expected a file of 30730000 bytes");
    fs::rename(files.path() / "aside", files.path() / name);
  }
}

BOOST_AUTO_TEST_CASE(a_missing_file_is_explained_where_the_folder_tells_why) {
  const folder files;
  files.remove("data_batch_1.bin");
  const std::string missing =
      "cifar10: @/data_batch_1.bin is missing, expected a file of 30730000 bytes";
  const auto with = [&](const std::vector<std::string>& others) {
    for (const std::string& name : others) files.write(name, "");
    const std::string message = refusal(files);
    for (const std::string& name : others) files.remove(name);
    return message;
  };
  const std::string python =
      missing + ": this is the Python version, get the binary version (cifar-10-binary.tar.gz)";
  BOOST_TEST(with({}) == missing);
  BOOST_TEST(with({"data_batch_1"}) == python);
  BOOST_TEST(with({"test_batch"}) == python);
  BOOST_TEST(with({"cifar-10-batches-py"}) == python);
  const std::string archive = missing + ": extract the archive next to it first (tar xf)";
  BOOST_TEST(with({"cifar-10-binary.tar.gz"}) == archive);
  BOOST_TEST(with({"cifar-10-binary.tar"}) == archive);
  BOOST_TEST(with({"train.bin", "test.bin"}) ==
             missing + ": this is CIFAR-100, get CIFAR-10 (cifar-10-binary.tar.gz)");
}

BOOST_AUTO_TEST_CASE(a_file_of_any_other_size_is_refused) {
  const folder files;
  const auto with_size = [&](std::uintmax_t size) {
    files.resize("data_batch_3.bin", size);
    return refusal(files);
  };
  const auto sentence = [](const std::string& size) {
    return "cifar10: @/data_batch_3.bin has " + size +
           " bytes, expected 30730000 (10000 records of 3073)";
  };
  for (const std::uintmax_t size :
       {std::uintmax_t{0}, std::uintmax_t{1}, std::uintmax_t{3072}, std::uintmax_t{3073},
        file_size - 1, file_size + 1, file_size + record_size, std::uintmax_t{1} << 33}) {
    BOOST_TEST(with_size(size) == sentence(std::to_string(size)));
  }
  const std::string cifar100 =
      ": its records have 3074 bytes as in CIFAR-100, get CIFAR-10 (cifar-10-binary.tar.gz)";
  BOOST_TEST(with_size(3074) == sentence("3074") + cifar100);
  BOOST_TEST(with_size(30'740'000) == sentence("30740000") + cifar100);
}

BOOST_AUTO_TEST_CASE(a_file_of_another_format_is_recognised) {
  const folder files;
  const auto with = [&](std::string_view content) {
    files.write("test_batch.bin", content);
    const std::string message = refusal(files);
    const std::string size = std::to_string(content.size());
    const std::string expected = "cifar10: @/test_batch.bin has " + size +
                                 " bytes, expected 30730000 (10000 records of 3073)";
    BOOST_TEST(message.substr(0, expected.size()) == expected);
    return message.substr(expected.size());
  };
  BOOST_TEST(with("\x1f\x8b\x08") ==
             ": it is gzip-compressed, extract the archive first (tar xzf)");
  std::string tar(1024, '\0');
  tar.replace(257, 5, "ustar");
  BOOST_TEST(with(tar) == ": it is a tar archive, extract it first (tar xf)");
  const std::string pickle =
      ": it is a Python pickle, get the binary version (cifar-10-binary.tar.gz)";
  BOOST_TEST(with("\x80\x02}q") == pickle);
  BOOST_TEST(with("\x80\x03}q") == pickle);
  BOOST_TEST(with("\x80\x04}q") == pickle);
  BOOST_TEST(with("plain text") == "");
}

BOOST_AUTO_TEST_CASE(a_label_beyond_9_is_refused_with_its_file_and_record) {
  const folder files;
  files.put("data_batch_4.bin", 1234 * record_size, 10);
  BOOST_TEST(refusal(files) ==
             "cifar10: @/data_batch_4.bin record 1234 has label 10, expected 0 to 9");
  files.put("data_batch_4.bin", 1234 * record_size, 0);
  files.put("test_batch.bin", 9999 * record_size, static_cast<char>(255));
  BOOST_TEST(refusal(files) ==
             "cifar10: @/test_batch.bin record 9999 has label 255, expected 0 to 9");
}

BOOST_AUTO_TEST_CASE(text_of_the_right_size_is_refused_by_its_first_label) {
  const folder files;
  files.write("data_batch_1.bin", std::string(file_size, 'a'));
  BOOST_TEST(refusal(files) ==
             "cifar10: @/data_batch_1.bin record 0 has label 97, expected 0 to 9");
  files.put("data_batch_1.bin", 0, 0x1f);
  files.put("data_batch_1.bin", 1, static_cast<char>(0x8b));
  BOOST_TEST(refusal(files) ==
             "cifar10: @/data_batch_1.bin record 0 has label 31, expected 0 to 9: it is "
             "gzip-compressed, extract the archive first (tar xzf)");
}

BOOST_AUTO_TEST_CASE(what_is_no_regular_file_is_refused_without_opening_it) {
  const folder files;
  files.remove("data_batch_2.bin");
  fs::create_directory(files.path() / "data_batch_2.bin");
  BOOST_TEST(
      refusal(files) ==
      "cifar10: @/data_batch_2.bin is a directory, expected a regular file of 30730000 bytes");
  files.remove("data_batch_2.bin");
  BOOST_REQUIRE(mkfifo((files / "data_batch_2.bin").c_str(), 0600) == 0);  // to open it would block
  BOOST_TEST(refusal(files) ==
             "cifar10: @/data_batch_2.bin is not a regular file, expected a regular file of "
             "30730000 bytes");
  files.remove("data_batch_2.bin");
  fs::create_symlink("/dev/zero", files.path() / "data_batch_2.bin");
  BOOST_TEST(refusal(files) ==
             "cifar10: @/data_batch_2.bin is not a regular file, expected a regular file of "
             "30730000 bytes");
}

BOOST_AUTO_TEST_CASE(a_file_that_cannot_be_examined_is_an_io_error) {
  const folder files;
  files.remove("data_batch_2.bin");
  fs::create_symlink("data_batch_2.bin", files.path() / "data_batch_2.bin");
  BOOST_TEST(refusal<io_error>(files) ==
             "cifar10: @/data_batch_2.bin cannot be examined: Too many levels of symbolic links");
  files.remove("data_batch_2.bin");
  fs::create_symlink("nowhere", files.path() / "data_batch_2.bin");
  BOOST_TEST(refusal(files) ==
             "cifar10: @/data_batch_2.bin is missing, expected a file of 30730000 bytes");
}

BOOST_AUTO_TEST_CASE(a_symbolic_link_to_a_good_file_is_followed) {
  const folder files;
  fs::rename(files.path() / "data_batch_2.bin", files.path() / "elsewhere");
  fs::create_symlink("elsewhere", files.path() / "data_batch_2.bin");
  BOOST_TEST(cifar10(files.path()).train.size() == 50'000U);
}

BOOST_AUTO_TEST_CASE(two_files_of_the_same_images_are_refused) {
  const folder files;
  files.put("data_batch_5.bin", 1, 2);  // as in batch 2
  BOOST_TEST(
      refusal(files) ==
      "cifar10: @/data_batch_5.bin holds the same images as data_batch_2.bin, expected other "
      "ones");
  // One bit in the last image makes another file.
  files.put("data_batch_5.bin", file_size - 1, 1);
  BOOST_TEST(cifar10(files.path()).train.size() == 50'000U);
  // A test set that is part of the training set would flatter every network.
  files.put("test_batch.bin", 1, 4);
  BOOST_TEST(refusal(files) ==
             "cifar10: @/test_batch.bin holds the same images as data_batch_4.bin, expected other "
             "ones");
}

// These happen between the check and the reading, so the reading itself is called.
BOOST_AUTO_TEST_CASE(a_file_that_shrinks_or_vanishes_while_it_is_read_is_refused) {
  const folder files;
  const auto reading = [&](const std::string& name) {
    std::vector<std::uint8_t> images;
    std::vector<std::int32_t> labels;
    tesela::data::detail::read_cifar10_batch(files.path() / name, images, labels);
  };
  files.resize("data_batch_1.bin", 1'000'000);
  BOOST_TEST(message_of<data_error>([&] { reading("data_batch_1.bin"); }) ==
             "cifar10: " + files / "data_batch_1.bin" +
                 " ended after 1000000 bytes, expected 30730000: it shrank meanwhile");
  files.resize("data_batch_1.bin", 0);
  BOOST_TEST(message_of<data_error>([&] { reading("data_batch_1.bin"); }) ==
             "cifar10: " + files / "data_batch_1.bin" +
                 " ended after 0 bytes, expected 30730000: it shrank meanwhile");
  BOOST_TEST(message_of<io_error>([&] { reading("nowhere"); }) ==
             "cifar10: " + files / "nowhere" + " cannot be opened: No such file or directory");
  fs::create_directory(files.path() / "folder");  // opens, but reading it is an error
  BOOST_TEST(message_of<io_error>([&] { reading("folder"); }) ==
             "cifar10: " + files / "folder" + " cannot be read behind byte 0: Is a directory");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
