// SPDX-License-Identifier: MIT
// A function that is looked at and not kept: what is handed one is compiled once, whoever calls.
#pragma once

#include <concepts>
#include <memory>
#include <type_traits>

namespace tesela {

template <class Signature>
class function_view;

// For parameters: the function must be alive as long as the view is used.
template <class Result, class... Arguments>
class function_view<Result(Arguments...)> {
 public:
  template <class F>
    requires(!std::same_as<F, function_view> && std::is_invocable_r_v<Result, const F&, Arguments...>)
  function_view(const F& f)
      : function_(std::addressof(f)), call_([](const void* what, Arguments... arguments) -> Result {
          return (*static_cast<const F*>(what))(arguments...);
        }) {}

  Result operator()(Arguments... arguments) const { return call_(function_, arguments...); }

 private:
  const void* function_;
  Result (*call_)(const void*, Arguments...);
};

}  // namespace tesela
