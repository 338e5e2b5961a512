// SPDX-License-Identifier: MIT
// From expressions over tensors to their numbers: what is bound to which place, and one run of it all.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/error.hpp"
#include "tesela/core/meta.hpp"
#include "tesela/expr/program.hpp"
#include "tesela/expr/shaped.hpp"
#include "tesela/expr/tensor_plan.hpp"
#include "tesela/kernel/isa-inl.hpp"
#include "tesela/kernel/parallel.hpp"
#include "tesela/tensor/arena.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

namespace tesela {

namespace expr {

// A tensor in an expression; it keeps the numbers alive.
template <text Name, class Extents>
struct tensor_reference : base {
  std::shared_ptr<const arena> values;

  static constexpr bool named = sizeof(Name.value) > 1;
  const float* data() const { return values->data(); }
};

// Whether a node has no number of its own: the formal arguments of losses, activations and rules.
namespace detail {
template <class Node>
inline constexpr bool is_formal = false;
template <std::size_t I>
inline constexpr bool is_formal<operand<I>> = true;
template <std::size_t I, class Extents>
inline constexpr bool is_formal<array<I, Extents>> = true;

template <class... Node>
constexpr bool any_formal(node_list<Node...>) {
  return (is_formal<Node> || ...);
}
}  // namespace detail

// What can be computed: tensors and numbers are below, no formal argument.
template <class T>
concept HasValue = Numeric<T> && !detail::any_formal(detail::nodes_below<T>{});

// An expression that was derived from another one: Formula's parameters are Origin's numbers.
template <class Formula, class Origin>
struct derived : base {
  Origin a;
};

// Two expressions kept together, for their numbers.
template <class A, class B>
struct both_of : base {
  A a;
  B b;
};

namespace detail {

template <text Name, class E>
inline constexpr std::size_t scalar_count<tensor_reference<Name, E>> =
    tensor_reference<Name, E>::named ? 0 : 1;
template <class Formula, class Origin>
inline constexpr std::size_t scalar_count<derived<Formula, Origin>> = scalar_count<Origin>;
template <class A, class B>
inline constexpr std::size_t scalar_count<both_of<A, B>> = scalar_count<A> + scalar_count<B>;

template <text Name, class E, std::size_t First>
struct lifted<tensor_reference<Name, E>, First> {
  using type = std::conditional_t<tensor_reference<Name, E>::named, variable<Name, E>, array<First, E>>;
};
template <class Formula, class Origin, std::size_t First>
struct lifted<derived<Formula, Origin>, First> {
  using type = typename shifted<Formula, First>::type;
};

template <text Name, class E>
struct shape_of_node<tensor_reference<Name, E>> {
  using type = E;
};
template <class Formula, class Origin>
struct shape_of_node<derived<Formula, Origin>> : shape_of_node<Formula> {};

// What holds an expression's numbers.
template <class E>
struct origin_of {
  using type = E;
};
template <class Formula, class Origin>
struct origin_of<derived<Formula, Origin>> {
  using type = Origin;
};

}  // namespace detail

}  // namespace expr

namespace detail {

// Numbers and places of the tensors of several expressions.
template <std::size_t Count>
class bindings {
 public:
  struct named_place {
    std::string_view name;
    std::size_t size;
    const float* data;
  };

  // From the next `collect` on, numbers are counted from `first`; with `again` they must be the same.
  void begin(std::size_t first, bool again) {
    next_ = first;
    again_ = again;
  }
  void take(const expr::scalar& number) {
    if (again_ && !(numbers_[next_] == number.value)) complain();
    numbers_[next_++] = number.value;
  }
  template <text Name, class E>
  void take(const expr::tensor_reference<Name, E>& tensor) {
    if constexpr (expr::tensor_reference<Name, E>::named) {
      for (const named_place& known : named_) {
        if (known.name != Name.view() || known.size != E::size) continue;
        if (known.data == tensor.data()) return;
        throw usage_error("evaluate: two different variables are called " +
                          std::string(Name.view()) + ": one name, one variable");
      }
      named_.push_back({Name.view(), E::size, tensor.data()});
    } else {
      if (again_ && places_[next_] != tensor.data()) complain();
      sizes_[next_] = E::size;
      places_[next_++] = tensor.data();
    }
  }

  const float* numbers() const { return numbers_.data(); }
  template <std::size_t K, class E>
  const float* operator()(expr::array<K, E>) const {
    return places_[K];
  }
  template <text Name, class E>
  const float* operator()(expr::variable<Name, E>) const {
    for (const named_place& known : named_) {
      if (known.name == Name.view() && known.size == E::size) return known.data;
    }
    return nullptr;  // not reached: every variable of the program was collected
  }

  // Whether `size` floats at `to` share memory with a tensor; `same` is true where they are all of it.
  bool overlaps(const float* to, std::size_t size, bool& same) const {
    bool any = false;
    const auto look = [&](const float* data, std::size_t floats) {
      if (data == nullptr || data >= to + size || to >= data + floats) return;
      any = true;
      same = same && data == to && floats == size;
    };
    for (std::size_t k = 0; k < Count; ++k) look(places_[k], sizes_[k]);
    for (const named_place& known : named_) look(known.data, known.size);
    return any;
  }

 private:
  [[noreturn]] static void complain() {
    throw usage_error(
        "evaluate: two results were derived from formulas of the same form with different numbers or "
        "tensors: evaluate them one by one");
  }

  static constexpr std::size_t room = Count == 0 ? 1 : Count;
  std::array<float, room> numbers_{};
  std::array<const float*, room> places_{};
  std::array<std::size_t, room> sizes_{};
  std::vector<named_place> named_;
  std::size_t next_ = 0;
  bool again_ = false;
};

// Where the numbers of each of several expressions begin: results with the same origin share them.
template <class... X>
struct shared_numbers {
  template <class A, class B>
  static constexpr bool same = std::is_same_v<typename expr::detail::origin_of<A>::type,
                                              typename expr::detail::origin_of<B>::type>;
  struct table {
    std::array<std::size_t, sizeof...(X)> first{};
    std::array<bool, sizeof...(X)> again{};
    std::size_t count = 0;
  };
  template <class One, std::size_t I>
  static constexpr void add(table& all) {
    std::size_t j = 0;
    bool found = false;
    const auto look = [&](bool is_same) {
      if (!found && j < I && is_same) {
        found = true;
        all.first[I] = all.first[j];
        all.again[I] = true;
      }
      ++j;
    };
    (look(same<One, X>), ...);
    if (found) return;
    all.first[I] = all.count;
    all.count += expr::detail::scalar_count<One>;
  }
  static constexpr table value = [] {
    table all;
    [&]<std::size_t... I>(std::index_sequence<I...>) { (add<X, I>(all), ...); }
    (std::index_sequence_for<X...>{});
    return all;
  }();
};

template <class Indices, class... X>
struct joint_plan;
template <std::size_t... I, class... X>
struct joint_plan<std::index_sequence<I...>, X...> {
  using type = expr::tensor_plan<
      1, typename expr::detail::lifted<X, shared_numbers<X...>::value.first[I]>::type...>;
};

template <class... Node>
constexpr bool any_refused(meta::list<Node...>) {
  return (is_refused<Node> || ...);
}

// A program with a tensor that was refused where it was made does not run: the mistake has been told.
template <class Isa, class Plan, class Bindings, std::size_t Results>
void run_plan(const Bindings& bound, const std::array<float*, Results>& into) {
  if constexpr (!any_refused(typename Plan::nodes{})) {
    const arena room(Plan::plan.floats);
    Isa::template run_tensors<Plan>(bound, bound.numbers(), const_cast<float*>(room.data()), into.data(),
                                    hardware_threads());
  }
}

// Results may not overlap any tensor of the expressions.
template <class Isa, class... X>
void run_program(const std::array<float*, sizeof...(X)>& into, const X&... expressions) {
  using shared = shared_numbers<X...>;
  using plan = typename joint_plan<std::index_sequence_for<X...>, X...>::type;
  bindings<shared::value.count> bound;
  std::size_t i = 0;
  ((bound.begin(shared::value.first[i], shared::value.again[i]), ++i,
    expr::detail::collect(expressions, bound)),
   ...);
  run_plan<Isa, plan>(bound, into);
}

// Into a tensor that may stand in the expression: where an element depends on others of it, by way of a
// copy.
template <class Isa, class Tensor, class X>
void evaluate_into(Tensor& to, const X& expression) {
  const auto whole = expr::expand<typename Tensor::shape_type>(expression);
  using whole_type = std::remove_cv_t<decltype(whole)>;
  using plan = typename joint_plan<std::index_sequence<0>, whole_type>::type;
  bindings<shared_numbers<whole_type>::value.count> bound;
  bound.begin(0, false);
  expr::detail::collect(whole, bound);
  bool same = true;
  const bool overlaps = bound.overlaps(to.data(), Tensor::size, same);
  if (!overlaps || (same && plan::elementwise)) {
    run_plan<Isa, plan>(bound, std::array<float*, 1>{to.data()});
  } else {
    arena aside(Tensor::size + alignment_floats);
    run_plan<Isa, plan>(bound, std::array<float*, 1>{aside.data()});
    std::copy_n(aside.data(), Tensor::size, to.data());
  }
}

}  // namespace detail

}  // namespace tesela
