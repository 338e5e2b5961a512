// SPDX-License-Identifier: MIT
// Tensors outside any network: a shape in the type, numbers on the heap, and expressions between them.
//
//   tensor<2, 3> x{1, 2, 3, 4, 5, 6};                        // row-major
//   variable<"w", 4, 2> w(random...);                        // with a name, to differentiate by
//   tensor<4, 3> y = tanh(matmul(w, x)) + 1;                 // one pass behind the product
//
// An expression refers to a tensor's numbers and keeps them alive, so it may outlive the tensor; it sees
// what is assigned to the tensor later. Copies of a tensor are deep.
#pragma once

#include "tesela/autodiff/evaluate.hpp"
#include "tesela/core/error.hpp"
#include "tesela/core/kind.hpp"
#include "tesela/expr/shaped.hpp"
#include "tesela/tensor/arena.hpp"

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <tuple>
#include <type_traits>

namespace tesela {

namespace detail {

// An expression, into a tensor of a shape.
template <class X, class To>
struct assignment {
  using from = expr::shape_of<X>;
  static constexpr sentence complaint =
      stretches<from, To>() ? sentence()
                            : sentence("tesela: a tensor of shape ")
                                  << To::name() << " cannot hold an expression of shape "
                                  << from::name()
                                  << ": its shape must be the same, or stretch to it";
};

template <class X>
struct numbers_of_condition {
  static constexpr sentence complaint =
      "tesela: a tensor holds numbers, but gets a condition, which is true or false in every element: "
      "write where(x > 0, 1, 0)";
};

template <class Shape>
struct number_of_tensor {
  static constexpr sentence complaint = sentence("tesela: a tensor of shape ")
                                        << Shape::name()
                                        << " is no single number: write x[i] for one of its "
                                           "numbers, where(x > 0, a, b) for if and ?:, and "
                                           "exp(x), sqrt(x), max(x, y) without std::";
};

// tensor<3> x = v of a std::vector.
// A std::vector, an array, what forward returns: numbers that a tensor copies.
template <class T>
concept Range = !expr::Referable<T> && requires(const T& v) {
  v.begin();
  v.end();
};
template <class T>
concept FloatRange = Range<T> && std::is_convertible_v<const T&, std::span<const float>>;
template <class T, class Shape>
struct numbers_in {
  static constexpr sentence complaint = sentence("tesela: a tensor of shape ")
                                        << Shape::name() << " expects floats, but gets " << kind_of<T>()
                                        << ": write tensor<...> x = v of a std::vector<float> v";
};

template <class... X>
struct several_results {
  static constexpr sentence complaint =
      sentence("tesela: a tensor expects one result, but gets ")
      << sizeof...(X) << ", as gradient(loss, w, b) gives: write auto [dw, db] = gradient(loss, w, b)";
};

// A tensor with a name or without ("").
template <text Name, std::size_t... E>
class named_or_not : public expr::no_methods {
 public:
  using shape_type = extents<E...>;
  static constexpr shape_type shape{};
  static constexpr std::size_t size = shape_type::size;

  // All zero.
  named_or_not() : values_(std::make_shared<arena>(size + reach)) {}
  // Row-major; one number fills the tensor.
  named_or_not(std::initializer_list<float> numbers) : named_or_not() {
    assign(std::span(numbers.begin(), numbers.size()));
  }
  // Row by row: tensor<2, 3> x{{1, 2, 3}, {4, 5, 6}}.
  named_or_not(std::initializer_list<std::initializer_list<float>> rows) : named_or_not() {
    float* to = data();
    for (const auto& row : rows) {
      if (row.size() * rows.size() != size || (shape.rank == 2 && rows.size() != shape.values[0])) {
        throw usage_error("tensor: expected rows of " + std::string(shape_type::name().view()) +
                          ", but got " + std::to_string(rows.size()) + ", one of them with " +
                          std::to_string(row.size()) + " numbers");
      }
      to = std::copy(row.begin(), row.end(), to);
    }
  }
  // As many numbers as the tensor has, or one, counted when they are copied.
  template <FloatRange Numbers>
  named_or_not(const Numbers& numbers) : named_or_not() {
    assign(numbers);
  }
  template <Range Numbers>
  named_or_not(const Numbers&) : named_or_not() {
    (void)sizeof(tell<mistake_in<numbers_in<Numbers, shape_type>>>());
  }
  // Of gradients by several variables.
  template <class... X>
  named_or_not(const std::tuple<X...>&) : named_or_not() {
    (void)sizeof(tell<mistake_in<several_results<X...>>>());
  }
  // tensor<3> y{x + 1}: braces around an expression or a tensor.
  template <expr::Operand X>
  named_or_not(std::initializer_list<X> one) : named_or_not() {
    if (one.size() != 1) {
      throw usage_error("tensor: expected one expression, but got " + std::to_string(one.size()));
    }
    *this = *one.begin();
  }

  named_or_not(const named_or_not& other) : named_or_not() {
    std::copy_n(other.data(), size, data());
  }
  named_or_not(named_or_not&&) noexcept = default;
  named_or_not& operator=(const named_or_not& other) {
    std::copy_n(other.data(), size, data());
    return *this;
  }
  named_or_not& operator=(named_or_not&&) noexcept = default;

  // Evaluates an expression of this shape, or of one that stretches to it.
  template <expr::Numeric X, class Isa = static_isa>
  named_or_not(const X& expression) : named_or_not() {
    *this = expression;
  }
  // The tensor may stand in the expression.
  template <expr::Numeric X, class Isa = static_isa>
  named_or_not& operator=(const X& expression) {
    if constexpr (Wrong<assignment<X, shape_type>>) {
      (void)sizeof(tell<mistake_in<assignment<X, shape_type>>>());
    } else {
      evaluate_into<Isa>(*this, expression);
    }
    return *this;
  }

  // Another tensor is an expression, too.
  template <expr::Referable T>
  named_or_not(const T& other) : named_or_not() {
    *this = other.reference();
  }
  template <expr::Referable T>
  named_or_not& operator=(const T& other) {
    return *this = other.reference();
  }

  // Conditions hold no numbers.
  template <expr::Condition X>
  named_or_not(const X&) : named_or_not() {
    (void)sizeof(tell<mistake_in<numbers_of_condition<X>>>());
  }
  template <expr::Condition X>
  named_or_not& operator=(const X&) {
    (void)sizeof(tell<mistake_in<numbers_of_condition<X>>>());
    return *this;
  }

  // x = {1, 2, 3}, x = 1.
  named_or_not& operator=(std::initializer_list<float> numbers) {
    assign(numbers.size() == 0 ? std::span(&nothing, 1) : std::span(numbers.begin(), numbers.size()));
    return *this;
  }
  named_or_not& operator=(float number) { return *this = {number}; }
  template <FloatRange Numbers>
  named_or_not& operator=(const Numbers& numbers) {
    assign(numbers);
    return *this;
  }
  template <Range Numbers>
  named_or_not& operator=(const Numbers&) {
    (void)sizeof(tell<mistake_in<numbers_in<Numbers, shape_type>>>());
    return *this;
  }

  // By an expression, a tensor or a number.
  template <class X>
    requires expr::MixesWith<named_or_not, X>
  named_or_not& operator+=(const X& other) {
    if constexpr (Wrong<assignment<expr::expression_of<X>, shape_type>>) {
      (void)sizeof(tell<mistake_in<assignment<expr::expression_of<X>, shape_type>>>());
      return *this;
    } else {
      return *this = *this + other;
    }
  }
  template <class X>
    requires expr::MixesWith<named_or_not, X>
  named_or_not& operator-=(const X& other) {
    if constexpr (Wrong<assignment<expr::expression_of<X>, shape_type>>) {
      (void)sizeof(tell<mistake_in<assignment<expr::expression_of<X>, shape_type>>>());
      return *this;
    } else {
      return *this = *this - other;
    }
  }
  template <class X>
    requires expr::MixesWith<named_or_not, X>
  named_or_not& operator*=(const X& other) {
    if constexpr (Wrong<assignment<expr::expression_of<X>, shape_type>>) {
      (void)sizeof(tell<mistake_in<assignment<expr::expression_of<X>, shape_type>>>());
      return *this;
    } else {
      return *this = *this * other;
    }
  }
  template <class X>
    requires expr::MixesWith<named_or_not, X>
  named_or_not& operator/=(const X& other) {
    if constexpr (Wrong<assignment<expr::expression_of<X>, shape_type>>) {
      (void)sizeof(tell<mistake_in<assignment<expr::expression_of<X>, shape_type>>>());
      return *this;
    } else {
      return *this = *this / other;
    }
  }

  float* data() { return values_->data(); }
  const float* data() const { return values_->data(); }
  std::span<float> values() { return {data(), size}; }
  std::span<const float> values() const { return {data(), size}; }
  // All numbers, row by row: for (float& number : x).
  float* begin() { return data(); }
  float* end() { return data() + size; }
  const float* begin() const { return data(); }
  const float* end() const { return data() + size; }
  // By the position in memory, row-major.
  float& operator[](std::size_t i) { return data()[i]; }
  float operator[](std::size_t i) const { return data()[i]; }

  template <class... Index>
    requires(sizeof...(Index) > 0 && (std::is_integral_v<Index> && ...))
  float operator()(const Index&...) const {
    return (void)sizeof(tell<mistake_in<expr::detail::called_tensor<Index...>>>()), 0.0f;
  }

  // Where C++ wants a number or a yes or no. (In the bodies, since fmt asks of what it prints whether it is
  // convertible.)
  operator float() const { return sizeof(tell<mistake_in<number_of_tensor<shape_type>>>()); }
  explicit operator bool() const { return sizeof(tell<mistake_in<number_of_tensor<shape_type>>>()); }

  auto reference() const { return expr::tensor_reference<Name, shape_type>{{}, values_}; }

 private:
  // Vectors may read beyond the last number.
  static constexpr std::size_t reach = alignment_floats;
  static constexpr float nothing = 0;  // what braces without numbers fill a tensor with

  void assign(std::span<const float> numbers) {
    if (numbers.size() == 1) {
      std::fill_n(data(), size, numbers[0]);
    } else if (numbers.size() == size) {
      std::copy(numbers.begin(), numbers.end(), data());
    } else {
      throw usage_error("tensor: expected " + std::to_string(size) + " numbers (" +
                        std::string(shape_type::name().view()) + ") or one, but got " +
                        std::to_string(numbers.size()));
    }
  }

  std::shared_ptr<arena> values_;
};

}  // namespace detail

template <std::size_t... E>
class tensor : public detail::named_or_not<"", E...> {
 public:
  using detail::named_or_not<"", E...>::named_or_not;
  using detail::named_or_not<"", E...>::operator=;
};

// tensor c = matmul(a, b): an expression knows its shape. (A guide has to spell out the extents.)
namespace detail {
template <class X, std::size_t Rank>
concept OfRank = expr::Operand<X> && expr::shape_of<expr::expression_of<X>>::rank == Rank;
// 0 where there is no such axis: clang asks before it looks at the constraint.
template <class X, std::size_t Axis>
inline constexpr std::size_t extent_of = [] {
  using shape = expr::shape_of<expr::expression_of<X>>;
  if constexpr (Axis < shape::rank) return shape::values[Axis];
  return std::size_t{0};
}();
}  // namespace detail
template <detail::OfRank<0> X>
tensor(const X&) -> tensor<>;
template <detail::OfRank<1> X>
tensor(const X&) -> tensor<detail::extent_of<X, 0>>;
template <detail::OfRank<2> X>
tensor(const X&) -> tensor<detail::extent_of<X, 0>, detail::extent_of<X, 1>>;
template <detail::OfRank<3> X>
tensor(const X&) -> tensor<detail::extent_of<X, 0>, detail::extent_of<X, 1>, detail::extent_of<X, 2>>;
template <detail::OfRank<4> X>
tensor(const X&) -> tensor<detail::extent_of<X, 0>, detail::extent_of<X, 1>, detail::extent_of<X, 2>,
                           detail::extent_of<X, 3>>;

// tensor x{1, 2, 3}: its shape would have to be guessed.
namespace detail {
inline constexpr std::size_t no_shape = static_cast<std::size_t>(-1);
template <std::size_t... E>
struct tensor_without_shape {
  static constexpr sentence complaint =
      "tesela: the shape of a tensor is part of its type: write tensor<3> x{1, 2, 3}, or "
      "tensor<2, 3> x for zeros";
};
}  // namespace detail
template <std::size_t... E>
  requires((E == detail::no_shape) || ...)
class tensor<E...> : public detail::refused, public expr::base {
  char told[sizeof(tell<mistake_in<detail::tensor_without_shape<E...>>>())];

 public:
  template <class... Given>
  tensor(const Given&...) {}
  float operator[](std::size_t) const;
};
template <class... Given>
  requires(sizeof...(Given) != 0 && !(expr::Referable<Given> || ...))
tensor(const Given&...) -> tensor<detail::no_shape>;

// All mentions of a name in an expression are one tensor: what derivatives are taken by.
template <text Name, std::size_t... E>
class variable : public detail::named_or_not<Name, E...> {
 public:
  using detail::named_or_not<Name, E...>::named_or_not;
  using detail::named_or_not<Name, E...>::operator=;
};

// variable<2, 3>.
namespace detail {
template <std::size_t... E>
struct variable_without_name {
  static constexpr sentence complaint =
      "tesela: a variable has a name, by which derivatives know it, in front of its shape: write "
      "variable<\"w\", 2, 3> w";
};
}  // namespace detail
template <text Name, std::size_t... E>
  requires(Name.view().empty())
class variable<Name, E...> : public detail::refused, public expr::base {
  char told[sizeof(tell<mistake_in<detail::variable_without_name<E...>>>())];

 public:
  template <class... Given>
  variable(const Given&...) {}
  template <class Given>
  variable(std::initializer_list<Given>) {}
};
// variable w{x}, variable w = x + 1.
template <class... Given>
  requires(sizeof...(Given) != 0)
variable(const Given&...) -> variable<"">;

namespace detail {
// The tensor that holds a result; a single number is a float.
template <class Shape>
struct tensor_for;
template <std::size_t... E>
struct tensor_for<extents<E...>> {
  using type = tensor<E...>;
};
}  // namespace detail

// The results of several expressions, everything they share computed once: a tensor each, or a float
// where the result is a single number.
//
//   auto [l, dw, db] = evaluate(loss, dw_expression, db_expression);
template <class Isa = static_isa, expr::Numeric... X>
auto evaluate(const X&... expressions) {
  std::tuple<typename detail::tensor_for<expr::shape_of<X>>::type...> results;
  std::apply([&](auto&... into) { detail::run_program<Isa>({into.data()...}, expressions...); },
             results);
  const auto unwrapped = [](auto& result) {
    if constexpr (std::remove_reference_t<decltype(result)>::shape_type::rank == 0) {
      return result[0];
    } else {
      return std::move(result);
    }
  };
  if constexpr (sizeof...(X) == 1) {
    return unwrapped(std::get<0>(results));
  } else {
    return std::apply([&](auto&... one) { return std::tuple{unwrapped(one)...}; }, results);
  }
}

// What has no numbers to compute.
namespace detail {
template <class X>
constexpr sentence evaluated() {
  if constexpr (expr::Numeric<X>) {
    return {};
  } else if constexpr (expr::Condition<X>) {
    return "a condition: write where(x > 0, 1, 0)";
  } else if constexpr (expr::Referable<X>) {
    return "a tensor, which holds its numbers: write x.values() or x[i]";
  } else if constexpr (requires { std::tuple_size<X>::value; }) {
    return "several at once: take them apart, auto [dw, db] = gradient(loss, w, b), and write "
           "evaluate(dw, db)";
  } else {
    return kind_of<X>() << ": write evaluate(sum(x))";
  }
}
template <class... X>
struct evaluate_expressions {
  static constexpr sentence complaint = [] {
    sentence wrong;
    ((wrong = evaluated<X>(), wrong.empty()) && ...);
    if (wrong.empty()) return wrong;
    return sentence("tesela: evaluate expects expressions, but gets ") << wrong;
  }();
};
}  // namespace detail

template <class... X>
  requires Wrong<detail::evaluate_expressions<X...>>
auto evaluate(const X&...) {
  return sizeof(tell<mistake_in<detail::evaluate_expressions<X...>>>());
}

}  // namespace tesela
