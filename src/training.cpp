// SPDX-License-Identifier: MIT
// Training as far as it does not depend on the network, its state, and files.
#include "tesela/io/safetensors.ipp"
#include "tesela/kernel/parallel.ipp"
#include "tesela/network/model.ipp"
#include "tesela/network/pass.ipp"
#include "tesela/network/state_dict.ipp"
#include "tesela/optim/cross_entropy.ipp"
#include "tesela/optim/optimizer.ipp"
#include "tesela/train/arena_pieces.ipp"
#include "tesela/train/engine.ipp"
#include "tesela/train/progress_bar.ipp"
#include "tesela/train/training_run.ipp"
#include "tesela/train/training_state.ipp"
