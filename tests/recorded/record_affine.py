#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records the affine map of PyTorch's BatchNorm in inference, of mean 0 and variance 1.

    python3 record_affine.py data

One file, affine.safetensors: for "image" and "features" x, weight, bias, upstream, output, and the gradients of
sum(output * upstream) with respect to weight and bias; from float64 on float32 inputs.
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
    x, upstream = torch.randn(shape), torch.randn(shape)
    weight, bias = torch.randn(shape[1]), torch.randn(shape[1])
    w, b = weight.double().requires_grad_(), bias.double().requires_grad_()
    zeros = torch.zeros(shape[1]).double()
    y = F.batch_norm(x.double(), zeros, zeros + 1, w, b, training=False, eps=0)
    dw, db = torch.autograd.grad((y * upstream.double()).sum(), (w, b))
    for what, tensor in {"x": x, "weight": weight, "bias": bias, "upstream": upstream, "output": y,
                         "weight_gradient": dw, "bias_gradient": db}.items():
        out[f"{name}/{what}"] = tensor.detach().float().contiguous()

header, payload = {}, b""
for name, tensor in out.items():
    data = tensor.numpy().astype("<f4").tobytes()
    header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(payload), len(payload) + len(data)]}
    payload += data
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
(folder / "affine.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + payload)
