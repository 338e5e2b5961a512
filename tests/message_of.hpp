// SPDX-License-Identifier: MIT
// Test only: the sentence of the exception that a call must throw.
#pragma once

#include <string>

// Only an exception of type Error counts; any other fails the test case.
template <class Error, class Call>
std::string message_of(Call&& call) {
  try {
    call();
  } catch (const Error& e) {
    return e.what();
  }
  return "nothing was thrown";
}
