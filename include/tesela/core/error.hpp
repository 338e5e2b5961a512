// SPDX-License-Identifier: MIT
// The exceptions a user may catch: each message is one sentence that names what is wrong, what was
// expected, what was found and, where there is one, the remedy.
#pragma once

#include <stdexcept>

namespace tesela {

struct error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A dataset on disk or in memory is not what it claims to be.
struct data_error : error {
  using error::error;
};

// A file could not be read, written or trusted.
struct io_error : error {
  using error::error;
};

// An argument is outside its range, or a call does not fit the object it is made on.
struct usage_error : error {
  using error::error;
};

// Training cannot go on: the loss is no longer a finite number.
struct training_error : error {
  using error::error;
};

}  // namespace tesela
