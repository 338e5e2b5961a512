// SPDX-License-Identifier: MIT
// A run of training in a file: written after every epoch, gone on from after an interruption.
//
//   trainer.fit(train, {.epochs = 10}, checkpoint{"cnn.ckpt"});
//
//   io::resume(trainer, "cnn.ckpt");                             // in another process, later
//   trainer.fit(train, {.epochs = 10}, checkpoint{"cnn.ckpt"});  // ends with the same bytes
//
// The file is a safetensors file: its parameters have PyTorch's names, beside them stand the
// optimiser's slots and the state of training as text (train/training_state.hpp). It is replaced all
// or nothing, so a run that is killed while it writes leaves the checkpoint of the epoch before.
#pragma once

#include "tesela/core/diagnostics.hpp"
#include "tesela/core/error.hpp"
#include "tesela/data/compose.hpp"
#include "tesela/io/misuse.hpp"
#include "tesela/io/safetensors.hpp"

#include <filesystem>
#include <utility>

namespace tesela {

// The callback that writes the file after every epoch: checkpoint{"cnn.ckpt"}. Name it behind
// early_stopping in the call of `fit`, so that it sees the epoch judged.
class checkpoint {
 public:
  explicit checkpoint(std::filesystem::path path) : path_(std::move(path)) {}
  template <class... Given>
    requires Wrong<io::detail::checkpoint_call<checkpoint, Given...>>
  explicit checkpoint(Given&&...) {
    (void)sizeof(tell<mistake_in<io::detail::checkpoint_call<checkpoint, Given...>>>());
  }

  // A path that cannot be written is found before training and not after its first epoch.
  template <class Trainer, class Options>
  void begin(Trainer&, const Options&) const {
    io::check_can_write(path_);
  }

  template <class Trainer, class Report>
  void epoch(Trainer& trainer, const Report&) const {
    const auto state = trainer.state();
    io::write_safetensors(path_, state.tensors, state.metadata);
  }

 private:
  std::filesystem::path path_;
};

namespace io {

// Gives model and optimiser what the checkpoint holds; the trainer's next `fit` goes on behind its
// last epoch, and needs the same data, seed and batch size to end as the interrupted run would have.
// Throws io_error and changes nothing when the file is damaged, of another network or optimiser.
template <class Trainer>
  requires(!Wrong<detail::resume_call<Trainer&, const std::filesystem::path&>>)
void resume(Trainer& trainer, const std::filesystem::path& path) {
  safetensors_content content = read_safetensors(path);
  try {
    trainer.load_state(std::move(content.tensors), content.metadata);
  } catch (const error& refusal) {
    throw io_error(compose("cannot resume from '{}': {}", path.string(), refusal.what()));
  }
}
template <class... Given>
  requires Wrong<detail::resume_call<Given...>>
auto resume(Given&&...) {
  return sizeof(tell<mistake_in<detail::resume_call<Given...>>>());
}

}  // namespace io

}  // namespace tesela
