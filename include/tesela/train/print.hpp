// SPDX-License-Identifier: MIT
// Networks, models, results and tensors as words, for fmt::print("{}", x) and for std::cout << x:
//
//   input<3,32,32> | flatten | linear<10>        a network, or the network of a model
//   loss 0.4213, accuracy 85.10 %                metrics; targets have no accuracy
//   epoch 3 of 10: loss 0.4213, accuracy 85.10 %, validation loss 0.5012, accuracy 82.00 %
//   [[1, 2.5], [3, 4]]                           a tensor, the value of an expression, [1, 2.5] results of forward;
//                                                {:.3f} formats the numbers
//   stage  layers  forward  backward             and a line for every stage: explain(net)
#pragma once

#include "tesela/autodiff/tensor.hpp"
#include "tesela/data/compose.hpp"  // and fmt
#include "tesela/network/forward_results.hpp"
#include "tesela/network/network_type.hpp"
#include "tesela/network/summary.hpp"
#include "tesela/shape/shape.hpp"
#include "tesela/train/report.hpp"

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tesela {

std::string text_of(const metrics& m);
std::string text_of(const epoch_report& report);

template <class Net>
struct explanation;  // what explain(net) gives

namespace detail {

template <class T>
inline constexpr bool is_explanation = false;
template <class Net>
inline constexpr bool is_explanation<explanation<Net>> = true;
template <class T>
concept HasNetwork = requires { requires Network<typename T::network_type>; };
template <class T>
concept HasNumbers = expr::Referable<T> && requires(const T& tensor) { tensor.values(); };
template <class T>
inline constexpr bool is_results = false;
template <std::size_t Count>
inline constexpr bool is_results<forward_results<Count>> = true;
template <class T>
concept Bracketed = HasNumbers<T> || expr::HasValue<T> || is_results<T>;

// Axis after axis in brackets, every number by `each`, such as "{:.3f}".
std::string nested(std::span<const float> numbers, std::span<const std::size_t> shape, const char* each);

}  // namespace detail

template <detail::HasNetwork Model>
std::string text_of(const Model&) {
  return text_of(typename Model::network_type{});
}
template <class Net>
std::string text_of(const explanation<Net>& stages) {
  return stages.text();
}
template <detail::HasNumbers Tensor>
std::string text_of(const Tensor& tensor, const char* each = "{}") {
  return detail::nested(tensor.values(), Tensor::shape.values, each);
}

// An expression's value, computed for this.
template <expr::HasValue X>
std::string text_of(const X& expression, const char* each = "{}") {
  return text_of(typename detail::tensor_for<expr::shape_of<X>>::type(expression), each);
}

template <std::size_t Count>
std::string text_of(const forward_results<Count>& results, const char* each = "{}") {
  const std::size_t shape[] = {results.size()};
  return detail::nested(results, shape, each);
}

template <class T>
concept HasText = std::same_as<T, metrics> || std::same_as<T, epoch_report> || Network<T> ||
                  detail::HasNetwork<T> || detail::is_explanation<T> || detail::Bracketed<T>;

template <class T>
concept OutputStream = requires(T& stream) { stream.write("", 0).flush(); };

// The stream is asked first, so that a << of anything else instantiates little.
template <class Stream, class T>
  requires(OutputStream<Stream> && HasText<T>)
Stream& operator<<(Stream& stream, const T& value) {
  const std::string words = text_of(value);
  stream.write(words.data(), static_cast<std::ptrdiff_t>(words.size()));
  return stream;
}

}  // namespace tesela

// <fmt/ranges.h> would print a tensor, too, but flat.
FMT_BEGIN_NAMESPACE
template <class T, class Char>
struct is_range;
template <tesela::detail::Bracketed Tensor, class Char>
struct is_range<Tensor, Char> {
  static constexpr bool value = false;
};
FMT_END_NAMESPACE

// No specification behind the colon: fmt's own of text would need <fmt/format.h>, which takes long to read.
template <tesela::HasText T>
struct fmt::formatter<T> {
  constexpr auto parse(fmt::format_parse_context& context) { return context.begin(); }
  auto format(const T& value, fmt::format_context& context) const {
    return std::ranges::copy(tesela::text_of(value), context.out()).out;
  }
};

template <tesela::HasText Tensor>
  requires tesela::detail::Bracketed<Tensor>
struct fmt::formatter<Tensor> {
  constexpr auto parse(fmt::format_parse_context& context) {
    const auto end = std::find(context.begin(), context.end(), '}');
    each = std::string_view(context.begin(), static_cast<std::size_t>(end - context.begin()));
    return end;
  }
  auto format(const Tensor& tensor, fmt::format_context& context) const {
    const std::string words = tesela::text_of(tensor, ("{:" + std::string(each) + "}").c_str());
    return std::ranges::copy(words, context.out()).out;
  }

  std::string_view each;
};

#ifndef TESELA_COMPILED
#include "tesela/train/print.ipp"
#endif
