#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records PyTorch's activations: values and derivatives over a grid with every kink, huge numbers and NaN.

Usage: record_activations.py OUTPUT_FOLDER          (needs PyTorch, nothing else)

`input` and `upstream` are float32. `value/<case>` and `gradient/<case>`, the gradient of sum(value * upstream), are
computed in float64 and rounded once. An activation alone has no rounding error worth recording.
"""

import json
import math
import pathlib
import struct
import sys

import torch
from torch import nn

if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
    sys.exit(__doc__)
OUT = pathlib.Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
torch.set_num_threads(1)


class Sin(nn.Module):
    def forward(self, x):
        return torch.sin(x)


CASES = {
    "identity": nn.Identity(), "relu": nn.ReLU(), "relu6": nn.ReLU6(),
    "leaky_relu": nn.LeakyReLU(), "leaky_relu_with<0.2>": nn.LeakyReLU(0.2),
    "elu": nn.ELU(), "elu_with<0.5>": nn.ELU(0.5), "celu": nn.CELU(), "celu_with<2>": nn.CELU(2.0), "selu": nn.SELU(),
    "gelu": nn.GELU(), "gelu_tanh": nn.GELU("tanh"), "silu": nn.SiLU(), "mish": nn.Mish(),
    "sigmoid": nn.Sigmoid(), "hard_sigmoid": nn.Hardsigmoid(), "tanh": nn.Tanh(),
    "hard_tanh": nn.Hardtanh(), "hard_tanh_with<-2,0.5>": nn.Hardtanh(-2, 0.5), "hard_swish": nn.Hardswish(),
    "softplus": nn.Softplus(), "softplus_with<2,20>": nn.Softplus(2), "softplus_with<0.5,1>": nn.Softplus(0.5, 1),
    "softsign": nn.Softsign(), "log_sigmoid": nn.LogSigmoid(), "tanhshrink": nn.Tanhshrink(),
    "softshrink": nn.Softshrink(), "softshrink_with<1>": nn.Softshrink(1.0),
    "hardshrink": nn.Hardshrink(), "hardshrink_with<1>": nn.Hardshrink(1.0), "sin": Sin(),
}

# Multiples of a quarter hit every kink; the rest lie between, far out, or are special.
GRID = [i / 4 for i in range(-28, 29)] + [-0.0]
for size in (1e-30, 1e-7, 0.001, 0.1, 0.6180339, 1.7, 2.7182817, 9.1, 10, 15.5, 19.9, 20, 20.1, 39.9, 40.1, 88, 100, 1e4,
             math.inf):
    GRID += [size, -size]
GRID.append(math.nan)

tensors = {"input": torch.tensor(GRID, dtype=torch.float32)}
tensors["upstream"] = torch.tensor([(1.5, -0.75, 2.0)[i % 3] for i in range(len(GRID))], dtype=torch.float32)
for name, module in CASES.items():
    x = tensors["input"].double().requires_grad_()
    y = module(x)
    (y * tensors["upstream"].double()).sum().backward()
    tensors[f"value/{name}"], tensors[f"gradient/{name}"] = y.detach(), x.grad

header, payload = {"__metadata__": {"torch": torch.__version__}}, b""
for name, tensor in tensors.items():
    data = tensor.detach().float().contiguous().numpy().astype("<f4").tobytes()
    header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(payload), len(payload) + len(data)]}
    payload += data
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
(OUT / "activations.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + payload)
