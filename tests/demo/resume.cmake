# SPDX-License-Identifier: MIT
# A run that ends after two epochs and goes on in another process writes the bytes of a run of four.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")

demo(--quick --epochs 4 --curve a.csv --save straight.safetensors --checkpoint straight.ckpt)
expect("the straight run fails" code EQUAL 0)
demo(--quick --epochs 2 --curve b.csv --checkpoint half.ckpt)
expect("the first half fails" code EQUAL 0)
demo(--quick --epochs 4 --curve b.csv --checkpoint half.ckpt --resume half.ckpt
  --save half.safetensors --threads 1)
expect("the second half fails" code EQUAL 0)
expect("it does not say so" out MATCHES "resumed from 'half.ckpt' after epoch 2\nepoch 3/4 ")
foreach(pair IN ITEMS "straight.safetensors;half.safetensors" "straight.ckpt;half.ckpt" "a.csv;b.csv")
  list(GET pair 0 one)
  list(GET pair 1 other)
  file(SHA256 "${WORK}/here/${one}" one_hash)
  file(SHA256 "${WORK}/here/${other}" other_hash)
  expect("${one} and ${other} differ" one_hash STREQUAL other_hash)
endforeach()

demo(--quick --epochs 4 --network mlp --resume half.ckpt)
expect("another network is not refused" code EQUAL 1)
expect("wrong sentence" err MATCHES "layer 0 is flatten giving 3072 in the program, but conv2d<6,5>")
demo(--quick --epochs 4 --seed 1 --resume half.ckpt)
expect("another seed is not refused" code EQUAL 2 AND err MATCHES "has seed 42")
