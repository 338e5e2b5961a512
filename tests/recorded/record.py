#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records what PyTorch computes, as small safetensors files the C++ tests compare with.

Usage: record.py OUTPUT_FOLDER          writes every case (needs PyTorch, nothing else)
       record.py --show FILE...         lists names, shapes and checks of safetensors files (needs no PyTorch)

Inputs and parameters are float32 numbers drawn by Python's own generator with exact arithmetic, since PyTorch's
`randn` differs from processor to processor. Everything derived from them is computed in float64 and rounded once, at
the end, to float32: the recorded value is the correctly rounded answer, not another float32 program's rounding
errors. The same case is also run in float32, a network also from inputs with rounding errors. The largest difference
(at least half a unit in the last place of the largest value, unless all are exact) stands in the metadata as
`float32_error/<group>`, rounded up to a power of two: the scale for a tolerance. It alone may differ when another
processor runs this script.

A network's seed is chosen: near a kink (a relu input or a pooling gap close to zero) float32 may take the other branch,
and then no tolerance would be honest. `kink_margin` in the metadata is the distance that was kept.
"""

import json
import math
import os
import pathlib
import random
import struct
import sys

# ---------------------------------------------------------------------------------------------------------------------
# safetensors by hand: eight bytes little-endian header length, JSON header, contiguous payload


def write_safetensors(path, tensors, metadata):
    header, payload = {"__metadata__": {k: str(v) for k, v in metadata.items()}}, b""
    for name, tensor in tensors.items():
        data = tensor.detach().float().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape),
                        "data_offsets": [len(payload), len(payload) + len(data)]}
        payload += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + payload)


def read_safetensors(path):
    """The format as its specification states it; independent of the C++ reader on purpose."""
    data = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    assert data[8:9] == b"{" and length % 8 == 0, "header starts with '{' and is padded to 8 bytes"
    header, payload = json.loads(data[8:8 + length]), data[8 + length:]
    metadata, tensors, expected = header.pop("__metadata__", {}), {}, 0
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        begin, end = entry["data_offsets"]
        assert entry["dtype"] == "F32" and begin == expected and end - begin == 4 * math.prod(entry["shape"]), name
        tensors[name] = (entry["shape"], struct.unpack(f"<{(end - begin) // 4}f", payload[begin:end]))
        expected = end
    assert expected == len(payload), "the payload is covered to the last byte"
    return tensors, metadata


if len(sys.argv) > 2 and sys.argv[1] == "--show":
    for file in sys.argv[2:]:
        tensors, metadata = read_safetensors(file)
        print(f"{file}: {json.dumps(metadata)}")
        for name, (shape, values) in tensors.items():
            print(f"  {name} {shape} " + " ".join(f"{v:.9g}" for v in values[:4]) + (" ..." if len(values) > 4 else ""))
    sys.exit(0)
if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
    sys.exit(__doc__)

os.environ["ATEN_CPU_CAPABILITY"] = "default"  # the plain loops, on every processor
import torch  # noqa: E402
from torch import nn  # noqa: E402
from torch.nn import functional as F  # noqa: E402

OUT = pathlib.Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
torch.set_num_threads(1)
torch.backends.mkldnn.enabled = False


def seed(number):
    random.seed(number)


def normal(*shape):
    """Near enough to normal: mean 0, variance 1, sums of three uniform 16-bit integers, exact in float32."""
    count = math.prod(shape)
    values = [sum(random.getrandbits(16) - 32767.5 for _ in range(3)) / 32768 for _ in range(count)]
    return torch.tensor(values, dtype=torch.float32).view(shape)


def uniform(bound, *shape):
    values = [bound * ((2 * random.getrandbits(23) + 1) / 2**23 - 1) for _ in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float32).view(shape)


def integers(low, high, *shape):
    """From low to high, both included."""
    values = [low + int(random.random() * (high - low + 1)) for _ in range(math.prod(shape))]
    return torch.tensor(values).view(shape)


def permutation(count):
    return torch.tensor(sorted(range(count), key=lambda _: random.random()))


def initialise(network):
    """PyTorch's own default: uniform within 1 / sqrt(fan in), weights and biases."""
    state, bound = {}, 0.0
    for name, value in network.state_dict().items():
        bound = 1 / math.sqrt(math.prod(value.shape[1:])) if name.endswith("weight") else bound
        state[name] = uniform(bound, *value.shape)
    return state


def error_metadata(exact, *rough):
    """float32_error per group; the group is the name up to its last '/' (or the whole name)."""
    groups = {}
    for name, value in exact.items():
        group = name.rsplit("/", 1)[0]
        error = max((value.double() - r[name].double()).abs().max().item() for r in rough)
        old_error, old_largest = groups.get(group, (0.0, 0.0))
        groups[group] = max(old_error, error), max(old_largest, value.abs().max().item())
    return {f"float32_error/{group}": repr(2.0 ** math.ceil(math.log2(max(error, largest / 2**24))) if error else 0.0)
            for group, (error, largest) in groups.items()}


# ---------------------------------------------------------------------------------------------------------------------
# single layers


def record_layer(case, function, inputs, metadata, upstream=None):
    """`inputs` are float32 leaves; `function` maps them to the output; the gradients of sum(output * upstream)."""
    if upstream is None:
        upstream = normal(*function(**inputs).shape)

    def run(dtype):
        leaves = {k: v.to(dtype).requires_grad_() for k, v in inputs.items()}
        output = function(**leaves)
        (output * upstream.to(dtype)).sum().backward()
        return {"output": output.detach(), **{f"gradient/{k}": v.grad for k, v in leaves.items()}}

    exact, rough = run(torch.float64), run(torch.float32)
    write_safetensors(OUT / f"{case}.safetensors", {**inputs, "upstream": upstream, **exact},
                      {**metadata, **error_metadata(exact, rough)})


def record_linear(case, batch, inputs, outputs):
    bound = 1 / math.sqrt(inputs)
    leaves = {"input": normal(batch, inputs), "weight": uniform(bound, outputs, inputs),
              "bias": normal(outputs)}
    record_layer(case, lambda input, weight, bias: F.linear(input, weight, bias), leaves,
                 {"layer": "linear", "batch": batch, "inputs": inputs, "outputs": outputs})


def pair(number):
    """(rows, columns) of one number or of both."""
    return number if isinstance(number, tuple) else (number, number)


def record_conv2d(case, batch, height, width, channels, filters, kernel, stride, padding, values=None, dilation=None):
    window = pair(kernel)
    bound = 1 / math.sqrt(channels * math.prod(window))
    leaves = values or {"input": normal(batch, channels, height, width),
                        "weight": uniform(bound, filters, channels, *window),
                        "bias": normal(filters)}
    record_layer(case, lambda input, weight, bias: F.conv2d(input, weight, bias, stride, padding, dilation or 1),
                 leaves,
                 {"layer": "conv2d", "batch": batch, "channels": channels, "height": height, "width": width,
                  "filters": filters, "kernel": kernel, "stride": stride, "padding": padding,
                  **({"dilation": dilation} if dilation else {})})


def record_max_pool2d(case, batch, channels, height, width, kernel, stride, input=None):
    # Distinct values a hundredth apart: no window has a tie unless the case brings its own input.
    count = batch * channels * height * width
    if input is None:
        input = ((permutation(count).float() - count // 2) / 64).view(batch, channels, height, width)
    record_layer(case, lambda input: F.max_pool2d(input, kernel, stride), {"input": input},
                 {"layer": "max_pool2d", "batch": batch, "channels": channels, "height": height, "width": width,
                  "kernel": kernel, "stride": stride})


def record_cross_entropy(case, logits, labels):
    """Mean over the batch; there is no upstream gradient, the loss is the last node."""
    def run(dtype):
        leaf = logits.to(dtype).requires_grad_()
        loss = F.cross_entropy(leaf, labels)
        loss.backward()
        each = F.cross_entropy(leaf.detach(), labels, reduction="none")
        return {"loss": loss.detach(), "loss_each": each, "gradient/logits": leaf.grad}

    exact, rough = run(torch.float64), run(torch.float32)
    write_safetensors(OUT / f"{case}.safetensors", {"logits": logits, "labels": labels.float(), **exact},
                      {"layer": "cross_entropy", "batch": logits.shape[0], "classes": logits.shape[1],
                       **error_metadata(exact, rough)})


def record_layers():
    seed(1)
    record_linear("linear_3_5", 4, 3, 5)
    record_linear("linear_17_10", 19, 17, 10)
    record_linear("linear_1_1", 1, 1, 1)

    record_conv2d("conv2d_3_6_k5", 3, 8, 8, 3, 6, 5, 1, 0)
    record_conv2d("conv2d_2_4_k3_p1", 3, 7, 7, 2, 4, 3, 1, 1)
    record_conv2d("conv2d_3_5_k3_s2", 3, 9, 9, 3, 5, 3, 2, 0)
    record_conv2d("conv2d_3_5_k3_s2_floor", 2, 8, 8, 3, 5, 3, 2, 0)  # the last row and column are never read
    record_conv2d("conv2d_3_4_k3_s2_p1", 3, 8, 8, 3, 4, 3, 2, 1)
    record_conv2d("conv2d_1_2_k1", 3, 4, 4, 1, 2, 1, 1, 0)
    record_conv2d("conv2d_4_7_k2_s2", 3, 6, 6, 4, 7, 2, 2, 0)
    record_conv2d("conv2d_2_3_k5_p2", 3, 6, 6, 2, 3, 5, 1, 2)
    record_conv2d("conv2d_3_4_k3_9x6", 19, 9, 6, 3, 4, 3, 1, 0)
    record_conv2d("conv2d_2_3_k3_s2_p1_9x6", 1, 9, 6, 2, 3, 3, 2, 1)
    record_conv2d("conv2d_1_1_k3_p3", 2, 1, 1, 1, 1, 3, 1, 3)  # most windows lie wholly in the padding
    # The 2x2 worked example of the lectures and its perturbed variant, checked by hand:
    # first image -> [[0.4, 1.1], [1.4, 3.0]], shifted -> [[3.0, 1.4], [1.1, 0.4]],
    # perturbed -> [[0.44, 1.09], [1.42, 3.07]].
    images = torch.tensor([[[[0, 0, 0], [0, 1, 2], [0, 3, 4]]], [[[1, 2, 0], [3, 4, 0], [0, 0, 0]]],
                           [[[0, 0, 0], [0, 1.1, 1.9], [0, 3, 4.2]]]], dtype=torch.float32)
    weight = torch.tensor([[[[0.1, 0.2], [0.3, 0.4]]]])
    record_conv2d("conv2d_worked_example", 3, 3, 3, 1, 1, 2, 1, 0,
                  {"input": images, "weight": weight, "bias": torch.zeros(1)})

    record_max_pool2d("max_pool2d_k2", 3, 4, 8, 6, 2, 2)
    record_max_pool2d("max_pool2d_k3", 3, 2, 9, 9, 3, 3)
    record_max_pool2d("max_pool2d_k3_s2", 3, 2, 9, 7, 3, 2)
    record_max_pool2d("max_pool2d_k2_s1", 3, 2, 5, 6, 2, 1)
    record_max_pool2d("max_pool2d_k2_floor", 19, 1, 7, 7, 2, 2)
    # Ties: PyTorch gives the whole gradient to the first largest element in row-major order.
    record_max_pool2d("max_pool2d_k2_ties", 4, 2, 6, 6, 2, 2, integers(-1, 1, 4, 2, 6, 6).float())
    record_max_pool2d("max_pool2d_k3_s1_ties", 2, 1, 6, 6, 3, 1, integers(-1, 1, 2, 1, 6, 6).float())

    # The derivative at 0 and at -0 is 0.
    values = torch.cat([normal(17), torch.tensor([0.0, -0.0, 1e-30, -1e-30, 3e38, -3e38])]).view(1, 23)
    record_layer("relu", lambda input: F.relu(input), {"input": values}, {"layer": "relu"})

    record_cross_entropy("cross_entropy", normal(5, 10), torch.tensor([3, 0, 9, 3, 7]))
    wide = uniform(50, 5, 10)
    wide[0, 4], wide[1, 4] = 50, -50
    record_cross_entropy("cross_entropy_wide", wide, torch.tensor([4, 4, 0, 9, 5]))
    huge = torch.zeros(4, 10)
    huge[0, 1], huge[1, 2], huge[2, 3], huge[2, 5] = 1e4, -1e4, 1e4, 1e4  # hit, missed, a tie, uniform
    record_cross_entropy("cross_entropy_huge", huge, torch.tensor([1, 2, 3, 8]))


def record_windows():
    """Windows that are not square, and windows with gaps between their taps."""
    seed(2)
    record_conv2d("conv2d_3_4_k3x5", 3, 8, 8, 3, 4, (3, 5), 1, 0)
    record_conv2d("conv2d_2_5_k5x2_s2x1_p1x0", 3, 7, 7, 2, 5, (5, 2), (2, 1), (1, 0))
    record_conv2d("conv2d_3_4_k1x5_1x19", 19, 1, 19, 3, 4, (1, 5), (1, 2), (0, 2))  # a signal
    record_conv2d("conv2d_3_4_k3_d2", 3, 8, 8, 3, 4, 3, 1, 0, dilation=2)
    record_conv2d("conv2d_2_3_k3_s2_p2_d3", 3, 9, 9, 2, 3, 3, 2, 2, dilation=3)
    record_conv2d("conv2d_2_3_k2x3_s2x3_p3x1_d1x2", 3, 6, 6, 2, 3, (2, 3), (2, 3), (3, 1), dilation=(1, 2))
    record_conv2d("conv2d_4_3_k3_p4_d4_3x5", 3, 3, 5, 4, 3, 3, 1, 4, dilation=4)
    # Taps wider apart than the image: at most one sees it.
    record_conv2d("conv2d_1_2_k2_p3_d5", 2, 2, 2, 1, 2, 2, 1, 3, dilation=5)

    record_max_pool2d("max_pool2d_k2x3", 3, 2, 6, 6, (2, 3), (2, 3))
    record_max_pool2d("max_pool2d_k2x3_s2x1", 3, 2, 7, 7, (2, 3), (2, 1))
    record_max_pool2d("max_pool2d_k3x1_s1x2_ties", 2, 2, 6, 6, (3, 1), (1, 2), integers(-1, 1, 2, 2, 6, 6).float())


# ---------------------------------------------------------------------------------------------------------------------
# whole networks

OPTIMISERS = {
    "sgd_momentum": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9),
    "sgd_momentum_decay": lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, weight_decay=0.01, nesterov=False),
    "adam": lambda p: torch.optim.Adam(p, lr=1e-3),
    "adam_decay": lambda p: torch.optim.Adam(p, lr=1e-2, betas=(0.8, 0.95), eps=1e-6, weight_decay=0.01),
}


def watch_kinks(network, margins):
    """Appends to `margins` how far each forward pass stays from a branch of relu or max pooling."""
    def relu(module, inputs, output):
        margins.append(inputs[0].detach().abs().min().item())

    def pool(module, inputs, output):
        windows = inputs[0].detach().unfold(2, module.kernel_size, module.stride)
        windows = windows.unfold(3, module.kernel_size, module.stride).flatten(4)
        top = windows.topk(2, dim=4).values
        gap = (top[..., 0] - top[..., 1])[top[..., 0] > 0]  # all-zero windows: relu stops that gradient anyway
        if gap.numel():
            margins.append(gap.min().item())

    for module in network:
        if isinstance(module, nn.ReLU):
            module.register_forward_hook(relu)
        if isinstance(module, nn.MaxPool2d):
            module.register_forward_hook(pool)


def perturbed(tensor):
    """In float64, every value off by up to a unit in the last place of float32."""
    return tensor.double() * (1 + uniform(2.0**-23, *tensor.shape).double())


def run_network(build, initial, inputs, labels, optimisers, recorded_steps, dtype):
    margins, results = [], {}

    def fresh():
        network = build().to(dtype)
        network.load_state_dict({k: v.to(dtype) for k, v in initial.items()})
        watch_kinks(network, margins)
        return network

    for i in range(2):
        network = fresh()
        logits = network(inputs[i].to(dtype))
        loss = F.cross_entropy(logits, labels[i])
        loss.backward()
        results[f"logits.{i}"], results[f"loss.{i}"] = logits.detach(), loss.detach()
        if i == 0:
            results.update({f"gradient/{k}": p.grad for k, p in network.named_parameters()})
    for name in optimisers:
        network, losses = fresh(), []
        optimiser = OPTIMISERS[name](network.parameters())
        for step in range(1, max(recorded_steps) + 1):
            which = (step - 1) % 2
            optimiser.zero_grad()
            loss = F.cross_entropy(network(inputs[which].to(dtype)), labels[which])
            loss.backward()
            optimiser.step()
            losses.append(loss.item())
            if step in recorded_steps:
                results.update({f"{name}/after{step}/{k}": v.clone() for k, v in network.state_dict().items()})
        results[f"{name}/losses"] = torch.tensor(losses, dtype=dtype)
    return results, min(margins)


def record_network(case, text, build, shape, batches, chosen_seed, optimisers=tuple(OPTIMISERS),
                   recorded_steps=(1, 2, 5), margin=1e-5, dead=0.25):
    """The seed is one that passes the checks below."""
    seed(chosen_seed)
    initial = initialise(build())
    inputs = [normal(batch, *shape) for batch in batches]
    labels = [integers(0, 9, batch) for batch in batches]
    exact, kept = run_network(build, initial, inputs, labels, optimisers, recorded_steps, torch.float64)
    # What float32 may do to each value: PyTorch's own run, and four exact runs from inputs with rounding errors, which
    # unlike it are the same on every processor.
    rough = [run_network(build, {k: perturbed(v) for k, v in initial.items()}, [perturbed(v) for v in inputs], labels,
                         optimisers, recorded_steps, torch.float64)[0] for _ in range(4)]
    hanging = max((exact[k] - r[k]).abs().max().item() for r in rough for k in exact if "/after" in k)
    rough.append(run_network(build, initial, inputs, labels, optimisers, recorded_steps, torch.float32)[0])
    # A unit that relu keeps silent on the whole batch compares zero with zero: few of those.
    silent = max((v == 0).double().mean().item() for k, v in exact.items() if k.startswith("gradient/"))
    # Adam divides a gradient by its own size: one that nearly cancels to zero moves its weight by up to the
    # learning rate in a direction that rounding decides. None of those.
    if kept < margin or silent > dead or hanging > 1e-6:
        sys.exit(f"{case}: choose another seed: kink margin {kept:.1e}, silent {silent:.2f}, hanging {hanging:.1e}")
    tensors = {f"initial/{k}": v for k, v in initial.items()}
    for i in range(2):
        tensors[f"input.{i}"], tensors[f"labels.{i}"] = inputs[i], labels[i].float()
    parameters = sum(v.numel() for v in initial.values())
    write_safetensors(OUT / f"{case}.safetensors", {**tensors, **exact},
                      {"network": text, "seed": chosen_seed, "parameters": parameters, "kink_margin": f"{kept:.1e}",
                       **error_metadata(exact, *rough)})
    print(f"{case}: seed {chosen_seed}, {parameters} parameters, kink margin {kept:.1e}")


def record_networks():
    record_network(
        "small_cnn",
        "3x12x12: conv2d 4 k3, relu, pool 2, conv2d 6 k3, relu, pool 2, flatten, linear 16, relu, linear 10",
        lambda: nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 6, 3), nn.ReLU(),
                              nn.MaxPool2d(2), nn.Flatten(), nn.Linear(6, 16), nn.ReLU(), nn.Linear(16, 10)),
        (3, 12, 12), (5, 5), 305)
    record_network(
        "strided_cnn",
        "3x11x9: conv2d 5 k3 s2 p1, relu, conv2d 7 k3 s2 p1, relu, pool 2 s1, flatten, linear 10",
        lambda: nn.Sequential(nn.Conv2d(3, 5, 3, 2, 1), nn.ReLU(), nn.Conv2d(5, 7, 3, 2, 1), nn.ReLU(),
                              nn.MaxPool2d(2, 1), nn.Flatten(), nn.Linear(28, 10)),
        (3, 11, 9), (5, 3), 3)
    record_network(
        "small_mlp", "3x4x4: flatten, linear 12, relu, linear 10",
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(48, 12), nn.ReLU(), nn.Linear(12, 10)),
        (3, 4, 4), (5, 2), 1)
    record_network(
        "m07",
        "3x32x32: conv2d 6 k5, relu, pool 2, conv2d 16 k5, relu, pool 2, flatten, linear 120, relu, linear 80, relu, "
        "linear 10",
        lambda: nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(),
                              nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 80),
                              nn.ReLU(), nn.Linear(80, 10)),
        (3, 32, 32), (3, 3), 5, optimisers=("adam",), recorded_steps=(2,), margin=5e-6, dead=0.6)


record_layers()
record_windows()
record_networks()
total = sum(file.stat().st_size for file in OUT.glob("*.safetensors"))
print(f"{len(list(OUT.glob('*.safetensors')))} files, {total} bytes, PyTorch {torch.__version__}")
