#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records PyTorch's softmax and log_softmax over the channels of images and over features.

    python3 record_softmax.py data

One file, softmax.safetensors: for "image" and "features" x and upstream, and for "softmax" and "log_softmax" of each
the output, and the gradient of sum(output * upstream) with respect to a bias added to x, one a channel; from float64
on float32 inputs.
"""
import json
import pathlib
import struct
import sys

import torch
from torch.nn import functional as F

torch.manual_seed(7)
out = {}
for name, shape in {"image": (37, 3, 4, 2), "features": (37, 7)}.items():
    x, upstream = 3 * torch.randn(shape), torch.randn(shape)
    out[f"{name}/x"], out[f"{name}/upstream"] = x, upstream
    for what, function in {"softmax": F.softmax, "log_softmax": F.log_softmax}.items():
        bias = torch.zeros(shape[1], dtype=torch.float64, requires_grad=True)
        y = function(x.double() + bias.reshape(-1, *([1] * (len(shape) - 2))), dim=1)
        (gradient,) = torch.autograd.grad((y * upstream.double()).sum(), bias)
        out[f"{name}/{what}/output"] = y.detach().float()
        out[f"{name}/{what}/bias_gradient"] = gradient.float()

header, payload = {}, b""
for name, tensor in out.items():
    data = tensor.contiguous().numpy().astype("<f4").tobytes()
    header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(payload), len(payload) + len(data)]}
    payload += data
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
(folder / "softmax.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + payload)
