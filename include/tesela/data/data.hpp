// SPDX-License-Identifier: MIT
// Everything about data: sets, readers, generators, normalisation, splits and orders.
#pragma once

#include "tesela/data/cifar10.hpp"
#include "tesela/data/dataset.hpp"
#include "tesela/data/normalization.hpp"
#include "tesela/data/shapes.hpp"
#include "tesela/data/split.hpp"
