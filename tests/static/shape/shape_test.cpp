// SPDX-License-Identifier: MIT
// Shapes as types and values: extents, sizes, names, equality.
#include "tesela/shape/shape.hpp"

#include <type_traits>

using tesela::extents, tesela::shape;

static_assert(extents<3, 32, 32>::rank == 3);
static_assert(extents<3, 32, 32>::size == 3072);
static_assert(extents<7>::rank == 1 && extents<7>::size == 7);
static_assert(extents<>::rank == 0 && extents<>::size == 1);  // a scalar has one element
static_assert(extents<5, 0>::size == 0);
// Beyond 32 bits.
static_assert(extents<65536, 65536, 2>::size == 8'589'934'592);

static_assert(shape<3, 32, 33>[0] == 3 && shape<3, 32, 33>[1] == 32 && shape<3, 32, 33>[2] == 33);

static_assert(extents<3, 32, 32>::name() == "3x32x32");
static_assert(extents<10>::name() == "10");
static_assert(extents<>::name() == "");

static_assert(shape<3, 4> == shape<3, 4>);
static_assert(shape<3, 4> != shape<4, 3>);
static_assert(shape<3, 4> != shape<12>);  // the same size is not the same shape
static_assert(shape<3, 4> != shape<3, 4, 1>);
static_assert(shape<> == shape<>);

// A shape weighs nothing and can be a template argument.
static_assert(std::is_empty_v<extents<3, 4>>);
template <auto Shape>
struct tagged {
  static constexpr std::size_t size = Shape.size;
};
static_assert(tagged<shape<3, 4>>::size == 12);
