// SPDX-License-Identifier: MIT
// Everything: one include for programs that build, train and run networks.
#pragma once

#include "tesela/core/config.hpp"
#include "tesela/core/error.hpp"
#include "tesela/core/seed.hpp"
#include "tesela/data/data.hpp"
#include "tesela/layer/activation.hpp"
#include "tesela/layer/conv2d.hpp"
#include "tesela/layer/flatten.hpp"
#include "tesela/layer/linear.hpp"
#include "tesela/layer/max_pool2d.hpp"
#include "tesela/network/init.hpp"
#include "tesela/network/memory_plan.hpp"
#include "tesela/network/model.hpp"
#include "tesela/network/network.hpp"
#include "tesela/network/workspace.hpp"
#include "tesela/optim/adam.hpp"
#include "tesela/optim/loss.hpp"
#include "tesela/optim/sgd.hpp"
#include "tesela/shape/shape.hpp"
#include "tesela/train/trainer.hpp"
