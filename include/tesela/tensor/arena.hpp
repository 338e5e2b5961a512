// SPDX-License-Identifier: MIT
// One flat, aligned piece of memory that a model, its gradient or a workspace lives in.
//
// Nothing in the library owns a tensor of its own: typed views point into arenas. Hence one pass for
// an optimiser, one block for a checkpoint, and no allocation once the arenas stand.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <span>

namespace tesela {

// A cache line, and the widest vector of the machines we run on (AVX-512).
inline constexpr std::size_t alignment_bytes = 64;
inline constexpr std::size_t alignment_floats = alignment_bytes / sizeof(float);

constexpr std::size_t round_up(std::size_t count, std::size_t multiple) {
  return (count + multiple - 1) / multiple * multiple;
}

// Zeroed on construction. Movable; copying is said aloud with `copy()`.
class arena {
 public:
  arena() = default;
  explicit arena(std::size_t floats)
      : values_(floats == 0 ? nullptr
                            : static_cast<float*>(::operator new(
                                  floats * sizeof(float), std::align_val_t{alignment_bytes}))),
        size_(floats) {
    clear();
  }

  float* data() { return values_.get(); }
  const float* data() const { return values_.get(); }
  std::size_t size() const { return size_; }
  std::span<float> values() { return {data(), size_}; }
  std::span<const float> values() const { return {data(), size_}; }

  void clear() {
    if (size_ != 0) std::memset(values_.get(), 0, size_ * sizeof(float));
  }

  arena copy() const {
    arena twin(size_);
    if (size_ != 0) std::memcpy(twin.data(), data(), size_ * sizeof(float));
    return twin;
  }

 private:
  struct release {
    void operator()(float* values) const {
      ::operator delete(values, std::align_val_t{alignment_bytes});
    }
  };
  std::unique_ptr<float, release> values_;
  std::size_t size_ = 0;
};

}  // namespace tesela
