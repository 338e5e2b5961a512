// SPDX-License-Identifier: MIT
// Sets of samples, and where they come from.
#include "tesela/data/cifar10.ipp"
#include "tesela/data/dataset.ipp"
#include "tesela/data/normalization.ipp"
#include "tesela/data/shapes.ipp"
#include "tesela/data/split.ipp"
