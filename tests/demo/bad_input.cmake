# SPDX-License-Identifier: MIT
# Bad input gets one sentence on stderr that names the flag or file, exit code 1 (data) or 2 (usage),
# and leaves no file behind.
include("${CMAKE_CURRENT_LIST_DIR}/run.cmake")
find_program(truncate truncate REQUIRED)
find_program(dd dd REQUIRED)

function(refused code_wanted sentence)
  demo(${ARGN})
  expect("${ARGN}: wanted code ${code_wanted}" code EQUAL code_wanted)
  # A build without SIMD says so first.
  expect("${ARGN}: wanted '${sentence}'"
    err MATCHES "^(warning: built without SIMD[^\n]*\n)?error: ${sentence}[^\n]*\n$")
  file(GLOB files "${WORK}/here/*")
  expect("${ARGN}: left ${files}" NOT files)
endfunction()

# How the program is called.
refused(2 "--batch: must be a whole number from 1 to 8192, not '0'" --batch 0)
refused(2 "--batch: must be a whole number from 1 to 8192, not '-64'" --batch -64)
refused(2 "--epochs: must be a whole number from 1 to 1000000, not '0'" --epochs 0)
refused(2 "--epochs: must be a whole number from 1 to 1000000, not '1.5'" --epochs 1.5)
refused(2 "--threads: must be a whole number from 1 to 1024, not '0'" --threads 0)
refused(2 "--seed: must be a whole number from 0 to [0-9]+, not '-1'" --seed -1)
foreach(rate IN ITEMS nan inf 0 -1 fast 1e-50)
  refused(2 "--learning-rate: must be a positive number, not '${rate}'" --learning-rate ${rate})
endforeach()
foreach(fraction IN ITEMS nan 1 -0.1)
  refused(2 "--validation: must be at least 0 and below 1, not '${fraction}'"
    --validation ${fraction})
endforeach()
refused(2 "--network: must be one of cnn, m07, mlp, m01, not 'vgg'" --network vgg)
refused(2 "--optimizer: must be one of adam, sgd, not 'lion'" --optimizer lion)
refused(2 "unknown flag --fast" --fast)
refused(2 "unknown flag extra" extra)
refused(2 "--data needs a value" --data)
refused(2 "--curve: learning curve: 'x.jpg' must end in .png, .svg or .csv" --curve x.jpg)
refused(2 "--json and --save name the same file 'a'" --json a --save a)
refused(2 "split: a fraction of [0-9.]+ leaves" --quick --validation 0.0001)

# Where results shall go is tried before training.
foreach(flag IN ITEMS --json --save --checkpoint)
  refused(1 "${flag}: cannot write '/no/such/x': the folder '/no/such' does not exist"
    ${flag} /no/such/x)
  refused(1 "${flag}: cannot write '${WORK}': it is a folder, not a file" ${flag} ${WORK})
endforeach()
refused(1 "--curve: cannot write '/no/such/x.png'" --curve /no/such/x.png)

# Data.
refused(1 "cifar10: there is no folder /no/such" --data /no/such)
refused(1 "cifar10: .*run.cmake is a file, expected the folder" --data
  ${CMAKE_CURRENT_LIST_DIR}/run.cmake)
file(MAKE_DIRECTORY "${WORK}/empty")
refused(1 "cifar10: .*data_batch_1.bin is missing" --data ${WORK}/empty)

set(batches "${WORK}/batches")
file(MAKE_DIRECTORY "${batches}")
foreach(name IN ITEMS data_batch_1 data_batch_2 data_batch_3 data_batch_4 data_batch_5 test_batch)
  execute_process(COMMAND "${truncate}" -s 30730000 "${batches}/${name}.bin")
endforeach()
execute_process(COMMAND "${truncate}" -s 30729999 "${batches}/data_batch_3.bin")
refused(1 "cifar10: .*data_batch_3.bin has 30729999 bytes, expected 30730000" --data ${batches})
execute_process(COMMAND "${truncate}" -s 30730000 "${batches}/data_batch_3.bin")
string(ASCII 11 eleven)
file(WRITE "${WORK}/label" "${eleven}")
execute_process(COMMAND "${dd}" if=${WORK}/label of=${batches}/data_batch_1.bin bs=1 seek=6146
  conv=notrunc ERROR_QUIET)
refused(1 "cifar10: .*data_batch_1.bin record 2 has label 11, expected 0 to 9" --data ${batches})
file(REMOVE "${batches}/data_batch_5.bin")
file(MAKE_DIRECTORY "${batches}/data_batch_5.bin")
refused(1 "cifar10: .*data_batch_5.bin is a directory, expected a regular file" --data ${batches})

# A checkpoint to go on from.
refused(1 "cannot read '/no/such': No such file" --resume /no/such)
refused(1 "'.*/label' is not a safetensors file" --quick --resume ${WORK}/label)

# Training that diverges is no result.
refused(1 "step [0-9]+: the loss is not finite" --quick --optimizer sgd --learning-rate 1e30
  --json figures.json)
