// SPDX-License-Identifier: MIT
// Test only: what every instruction set of this machine offers.
#pragma once

#include <hwy/highway.h>

#include <vector>

namespace tesela::test {

// make() of every instruction set, by HWY_DYNAMIC_DISPATCH in it.
template <class Make>
auto of_every_target(const Make& make) {
  std::vector<decltype(make())> all;
  for (auto left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1) {
    hwy::SetSupportedTargetsForTest(left & -left);
    hwy::GetChosenTarget().Update(hwy::SupportedTargets());
    all.push_back(make());
  }
  hwy::SetSupportedTargetsForTest(0);
  hwy::GetChosenTarget().DeInit();
  return all;
}

}  // namespace tesela::test
