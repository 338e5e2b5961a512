# SPDX-License-Identifier: MIT
# A short run: its lines, its JSON, its files, and the same figures for any number of threads.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")

demo(--quick --epochs 3 --json figures.json --curve curve.csv --save net.safetensors --threads 1)
expect("the demo fails" code EQUAL 0)
expect("it complains" NOT err OR err MATCHES "^warning: built without SIMD [^\n]*\n$")
string(REGEX MATCHALL "(^|\n)epoch [^\n]*" epochs "${out}")
list(LENGTH epochs count)
expect("wanted one plain line an epoch, found ${count}" count EQUAL 3)
string(ASCII 27 escape)
expect("a pipe got escape sequences" NOT out MATCHES "[\r${escape}]")
expect("no test accuracy" out MATCHES "\ntest accuracy [0-9.]+ %")
expect("no class" out MATCHES "\n  circle +[0-9.]+ %")
expect("no summary" out MATCHES "3 +conv2d<16,5> +16x10x10 +2,416 +240,000 +6,400\n")

file(READ "${WORK}/here/figures.json" json)
foreach(field IN ITEMS network dataset epochs batch threads seed train_accuracy test_accuracy
    images_per_second simd_target seconds version optimizer learning_rate)
  string(JSON ${field} ERROR_VARIABLE failure GET "${json}" ${field})
  if(failure)
    message(SEND_ERROR "figures.json lacks ${field}: ${json}")
  endif()
endforeach()
expect("wrong figures: ${json}" network STREQUAL "m07" AND dataset STREQUAL "shapes"
  AND epochs EQUAL 3 AND batch EQUAL 64 AND threads EQUAL 1 AND seed EQUAL 42
  AND test_accuracy GREATER 0 AND test_accuracy LESS 1 AND images_per_second GREATER 0
  AND optimizer STREQUAL "adam" AND learning_rate EQUAL 0.001)
string(JSON one_thread GET "${json}" test_loss)
file(SHA256 "${WORK}/here/net.safetensors" one_thread_bytes)
file(STRINGS "${WORK}/here/curve.csv" curve)
list(LENGTH curve count)
expect("the curve has ${count} lines" count EQUAL 4)
file(GLOB files RELATIVE "${WORK}/here" "${WORK}/here/*")
list(JOIN files " " files)
expect("files: ${files}" files STREQUAL "curve.csv figures.json net.safetensors")

demo(--quick --epochs 3 --json figures.json --curve curve.csv --save net.safetensors --threads 3)
file(READ "${WORK}/here/figures.json" json)
string(JSON three_threads GET "${json}" test_loss)
file(SHA256 "${WORK}/here/net.safetensors" three_threads_bytes)
expect("three threads give another loss" one_thread STREQUAL three_threads)
expect("three threads give other weights" one_thread_bytes STREQUAL three_threads_bytes)

demo(--quick --epochs 1 --network mlp --optimizer sgd --normalization z-score --validation 0
  --patience 2 --batch 7 --json figures.json --curve curve.csv --seed 1)
expect("other flags fail" code EQUAL 0)
file(READ "${WORK}/here/figures.json" json)
string(JSON network GET "${json}" network)
string(JSON optimizer GET "${json}" optimizer)
string(JSON validation GET "${json}" validation_images)
expect("wrong figures: ${json}" network STREQUAL "m01" AND optimizer STREQUAL "sgd"
  AND validation EQUAL 0)
