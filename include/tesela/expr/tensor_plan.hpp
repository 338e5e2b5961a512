// SPDX-License-Identifier: MIT
// How a program of tensors runs: which results are stored, and which loops compute them, as constants.
//
// Elementwise nodes live in registers, inside the loop of whoever reads them. Stored are the results, and
// what a reduction, a matrix product, a slice or a transposition gives or takes. A node's step is the
// number of such things that must be finished before it; everything of one step that runs over the same
// shape is one loop, one pass over memory: the value of a loss and its gradient, for example.
//
// With Lanes > 1 every array has that many numbers per element, innermost: independent samples, over which
// nothing is ever reduced.
#pragma once

#include "tesela/expr/program.hpp"
#include "tesela/expr/shaped.hpp"
#include "tesela/tensor/arena.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

namespace tesela::expr {

inline constexpr std::size_t most_axes = 8;

// A shape as numbers.
struct shape_facts {
  std::size_t rank = 0, size = 1;
  std::array<std::size_t, most_axes> extents{};

  template <class Shape>
  static constexpr shape_facts of() {
    static_assert(Shape::rank <= most_axes, "tensors of more than 8 axes are not supported");
    shape_facts facts{Shape::rank, Shape::size, {}};
    for (std::size_t i = 0; i < Shape::rank; ++i) facts.extents[i] = Shape::values[i];
    return facts;
  }
  constexpr bool operator==(const shape_facts&) const = default;
};

enum class node_role {
  number,       // literal or parameter
  array,        // an input
  elementwise,
  reduction,
  product,
  copy,         // slice, pad, and a transposition that anybody else reads
  turned,       // a transposition on the left of products: they turn their strides
  view,         // a reshape: the same memory
};

struct node_facts {
  node_role role = node_role::elementwise;
  shape_facts shape, child_shape;  // of its own; of its first operand
  std::size_t children = 0;
  std::array<std::size_t, 3> child{};
  bool condition = false;
  bool stored = false;
  std::size_t step = 0, ready = 0;  // runs in this step; may be read from that one on
  std::size_t offset = 0;           // in the room, in floats
};

namespace detail {

template <class Node>
constexpr node_role role_of = node_role::elementwise;
template <std::uint32_t Bits>
inline constexpr node_role role_of<literal<Bits>> = node_role::number;
template <std::size_t K>
inline constexpr node_role role_of<parameter<K>> = node_role::number;
template <std::size_t I, class E>
inline constexpr node_role role_of<array<I, E>> = node_role::array;
template <text Name, class E>
inline constexpr node_role role_of<variable<Name, E>> = node_role::array;
template <std::size_t Axes, class A>
inline constexpr node_role role_of<unary<op::sum<Axes>, A>> = node_role::reduction;
template <std::size_t Axes, class A>
inline constexpr node_role role_of<unary<op::largest<Axes>, A>> = node_role::reduction;
template <class A, class B>
inline constexpr node_role role_of<binary<op::matmul, A, B>> = node_role::product;
template <class A>
inline constexpr node_role role_of<unary<op::transpose, A>> = node_role::turned;
template <class E, class A>
inline constexpr node_role role_of<unary<op::reshape<E>, A>> = node_role::view;
template <class Begin, class E, class A>
inline constexpr node_role role_of<unary<op::slice<Begin, E>, A>> = node_role::copy;
template <class Begin, class E, class A>
inline constexpr node_role role_of<unary<op::pad<Begin, E>, A>> = node_role::copy;

}  // namespace detail

// The nodes of one loop.
template <std::size_t Nodes>
struct loop_facts {
  std::size_t step = 0;
  shape_facts shape;
  bool flat = false;                     // every array is as large as the loop, or a single number
  std::array<bool, Nodes> output{};      // stored here
  std::array<bool, Nodes> computed{};    // in registers
  std::array<bool, Nodes> loaded{};
  bool scattered = false;                // a reduction that keeps some elements apart
  std::size_t reductions = 0;            // of everything to one number
};

template <std::size_t Lanes, class... Root>
class tensor_plan {
 public:
  using program_type = program<Root...>;
  using nodes = typename program_type::nodes;
  static constexpr std::size_t node_count = nodes::size, lanes = Lanes;

 private:
  template <class... Node>
  static constexpr auto facts_of(meta::list<Node...>) {
    std::array<node_facts, node_count> facts{};
    std::size_t i = 0;
    (describe<Node>(facts[i++], typename children_of<Node>::type{}), ...);
    return facts;
  }
  template <class Node, class... Child>
  static constexpr void describe(node_facts& node, meta::list<Child...>) {
    node.role = detail::role_of<Node>;
    node.shape = shape_facts::of<shape_of<Node>>();
    node.condition = is_condition<Node>;
    node.children = sizeof...(Child);
    if constexpr (sizeof...(Child) != 0) {
      node.child = {program_type::template index<Child>...};
      node.child_shape = shape_facts::of<shape_of<meta::at<meta::list<Child...>, 0>>>();
    }
  }

  static constexpr bool needs_memory(node_role role) {
    return role == node_role::product || role == node_role::copy || role == node_role::turned ||
           role == node_role::view;
  }

  struct whole_plan {
    std::array<node_facts, node_count> node{};
    std::size_t steps = 0, floats = 0;
  };

 public:
  static constexpr whole_plan plan = [] {
    whole_plan p;
    p.node = facts_of(nodes{});
    auto& node = p.node;
    // A transposition is only a matter of strides where products alone read it, and on it side.
    for (std::size_t i = 0; i < node_count; ++i) {
      for (std::size_t k = 0; k < node[i].children; ++k) {
        node_facts& child = node[node[i].child[k]];
        if (child.role != node_role::turned) continue;
        if (node[i].role != node_role::product || k != 0) child.role = node_role::copy;
      }
    }
    for (const std::size_t r : program_type::result_index) {
      if (node[r].role == node_role::turned) node[r].role = node_role::copy;
      node[r].stored = true;
    }
    for (std::size_t i = 0; i < node_count; ++i) {
      if (node[i].role != node_role::elementwise && node[i].role != node_role::number) {
        node[i].stored = true;
      }
      for (std::size_t k = 0; k < node[i].children; ++k) {
        if (needs_memory(node[i].role)) node[node[i].child[k]].stored = true;
      }
    }
    for (std::size_t i = 0; i < node_count; ++i) {
      node_facts& it = node[i];
      for (std::size_t k = 0; k < it.children; ++k) {
        it.step = std::max(it.step, node[it.child[k]].ready);
      }
      const bool alias = it.role == node_role::array || it.role == node_role::view ||
                         it.role == node_role::turned;
      it.ready = it.step + (it.stored && !alias ? 1 : 0);
      if (it.stored && !alias) {
        p.steps = std::max(p.steps, it.ready);
        it.offset = p.floats;
        // Vectors may read beyond the last element.
        p.floats += round_up(it.shape.size * Lanes + alignment_floats, alignment_floats);
      }
    }
    return p;
  }();

 private:
  static constexpr bool in_loop(const node_facts& it) {
    return it.stored && (it.role == node_role::elementwise || it.role == node_role::number ||
                          it.role == node_role::reduction);
  }
  static constexpr const shape_facts& loop_shape(const node_facts& it) {
    return it.role == node_role::reduction ? it.child_shape : it.shape;
  }
  struct all_loops {
    std::array<loop_facts<node_count>, node_count> loop{};
    std::size_t count = 0;
  };
  static constexpr all_loops make_loops() {
    all_loops result;
    for (std::size_t i = 0; i < node_count; ++i) {
      const node_facts& it = plan.node[i];
      if (!in_loop(it)) continue;
      std::size_t l = 0;
      while (l < result.count && !(result.loop[l].step == it.step &&
                                   result.loop[l].shape == loop_shape(it))) {
        ++l;
      }
      if (l == result.count) {
        ++result.count;
        result.loop[l].step = it.step;
        result.loop[l].shape = loop_shape(it);
      }
      loop_facts<node_count>& mine = result.loop[l];
      mine.output[i] = true;
      if (it.role == node_role::reduction) {
        need(mine, it.child[0]);
        if (it.shape.size == 1 && Lanes == 1) {
          ++mine.reductions;
        } else {
          mine.scattered = true;
        }
      } else {
        need(mine, i);
      }
    }
    for (std::size_t l = 0; l < result.count; ++l) {
      loop_facts<node_count>& mine = result.loop[l];
      mine.flat = !mine.scattered;
      for (std::size_t i = 0; i < node_count; ++i) {
        if (!mine.loaded[i]) continue;
        const std::size_t size = plan.node[i].shape.size;
        if (size != mine.shape.size && !(size == 1 && Lanes == 1)) mine.flat = false;
      }
    }
    return result;
  }
  // Marks what must be in registers for node i: what is stored elsewhere is loaded.
  static constexpr void need(loop_facts<node_count>& mine, std::size_t i) {
    const node_facts& it = plan.node[i];
    const bool here = mine.output[i] && it.role != node_role::reduction;
    if (it.stored && !here && it.ready <= mine.step) {
      mine.loaded[i] = true;
      return;
    }
    if (mine.computed[i]) return;
    mine.computed[i] = true;
    for (std::size_t k = 0; k < it.children; ++k) need(mine, it.child[k]);
  }
  static constexpr all_loops all = make_loops();

 public:
  static constexpr std::size_t loop_count = all.count;
  static constexpr auto loops = [] {
    std::array<loop_facts<node_count>, loop_count> exactly{};
    for (std::size_t l = 0; l < loop_count; ++l) exactly[l] = all.loop[l];
    return exactly;
  }();

  // Whether an element of a result depends only on the elements at its own place.
  static constexpr bool elementwise = [] {
    for (const node_facts& it : plan.node) {
      if (it.role == node_role::product || it.role == node_role::copy ||
          it.role == node_role::turned || it.role == node_role::view) {
        return false;
      }
    }
    return loop_count == 1 && loops[0].flat && loops[0].reductions == 0;
  }();

  // Of a loop: the elements next to each other, and how many such rows there are.
  static constexpr std::size_t inner(std::size_t loop) {
    const loop_facts<node_count>& it = loops[loop];
    if (it.flat) return it.shape.size * Lanes;
    if (Lanes > 1) return Lanes;
    return it.shape.rank == 0 ? 1 : it.shape.extents[it.shape.rank - 1];
  }
  static constexpr std::size_t outer(std::size_t loop) {
    return loops[loop].shape.size * Lanes / inner(loop);
  }
  // Whether node i is it number along the inner elements of a loop.
  static constexpr bool uniform(std::size_t loop, std::size_t i) {
    if (Lanes > 1) return plan.node[i].role == node_role::number;
    const shape_facts& shape = plan.node[i].shape;
    if (inner(loop) == 1) return false;
    return loops[loop].flat ? shape.size == 1
                            : shape.rank == 0 || shape.extents[shape.rank - 1] == 1;
  }
  // Where row `row` of a loop begins in an array of node i's shape, in elements.
  static constexpr std::size_t row_offset(std::size_t loop, std::size_t i, std::size_t row) {
    const shape_facts &whole = loops[loop].shape, &mine = plan.node[i].shape;
    if (loops[loop].flat) return 0;
    std::size_t offset = 0, stride = 1;
    for (std::size_t k = 0; k < whole.rank; ++k) {  // from the last axis
      const std::size_t extent = whole.extents[whole.rank - 1 - k];
      std::size_t at = 0;
      if (k != 0 || Lanes > 1) {
        at = row % extent;
        row /= extent;
      }
      if (k < mine.rank) {
        const std::size_t own = mine.extents[mine.rank - 1 - k];
        if (own != 1) offset += at * stride;
        stride *= own;
      }
    }
    return offset * Lanes;
  }
};

}  // namespace tesela::expr
