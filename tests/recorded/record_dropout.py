#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records by what PyTorch's dropout multiplies what it keeps, forward and back.

    python3 record_dropout.py data

One file, dropout.safetensors: for every probability "p/value" and "p/gradient", of an input of ones in float32.
"""
import json
import pathlib
import struct
import sys

import torch
from torch.nn import functional as F

torch.manual_seed(7)
out = {}
for name in ("0", "0.1", "0.25", "0.3", "0.5", "0.9", "1"):
    x = torch.ones(10_000, requires_grad=True)
    y = F.dropout(x, float(name), training=True)
    (gradient,) = torch.autograd.grad(y.sum(), x)
    assert len(y.unique()) <= 2 and y.equal(gradient)
    assert F.dropout(x, float(name), training=False).equal(x)
    out[f"{name}/value"], out[f"{name}/gradient"] = y.max().reshape(1), gradient.max().reshape(1)

header, payload = {}, b""
for name, tensor in out.items():
    data = tensor.detach().numpy().astype("<f4").tobytes()
    header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(payload), len(payload) + len(data)]}
    payload += data
text = json.dumps(header, separators=(",", ":")).encode()
text += b" " * (-len(text) % 8)
folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
(folder / "dropout.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + payload)
