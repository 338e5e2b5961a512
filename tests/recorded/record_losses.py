#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records PyTorch's losses: value and gradient of each, from float64 on float32 inputs.

    python3 record_losses.py data

One file, losses.safetensors: the inputs y, t, p, q, labels, weights, and for every loss "name/mean" (averaged over the
batch), "name/sum" and "name/gradient" (of the mean, with respect to its first argument).
"""
import json
import pathlib
import struct
import sys

import torch
from torch.nn import functional as F

torch.manual_seed(7)
BATCH, FEATURES = 37, 5


def write(path, tensors):
    header, payload = {}, b""
    for name, tensor in tensors.items():
        data = tensor.detach().float().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(payload), len(payload) + len(data)]}
        payload += data
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + payload)


y = (torch.randn(BATCH, FEATURES) * 3).float()
t = (torch.randn(BATCH, FEATURES) * 2).float()
p = torch.sigmoid(torch.randn(BATCH, FEATURES) * 2).float()     # probabilities, one by one
q = torch.softmax(torch.randn(BATCH, FEATURES) * 2, 1).float()  # distributions
q[3] = torch.tensor([0, 0, 1, 0, 0.0])
hard = (torch.rand(BATCH, FEATURES) > 0.5).float()
labels = torch.randint(0, FEATURES, (BATCH,))
weights = torch.tensor([1, 2, 0.5, 0, 3.0])
out = {"y": y, "t": t, "p": p, "q": q, "hard": hard, "labels": labels, "weights": weights}


def record(name, first, loss):
    """loss(x, reduction) as PyTorch reduces; gradient of its mean."""
    x = first.double().requires_grad_()
    mean = loss(x, "mean")
    (gradient,) = torch.autograd.grad(mean, x)
    out[f"{name}/mean"], out[f"{name}/gradient"] = mean.reshape(1), gradient
    if not name.startswith("kl"):
        out[f"{name}/sum"] = loss(first.double(), "sum").reshape(1)


T, Q, H, W = t.double(), q.double(), hard.double(), weights.double()
record("mse", y, lambda x, r: F.mse_loss(x, T, reduction=r))
record("l1", y, lambda x, r: F.l1_loss(x, T, reduction=r))
record("huber", y, lambda x, r: F.huber_loss(x, T, reduction=r, delta=1.0))
record("huber_2.5", y, lambda x, r: F.huber_loss(x, T, reduction=r, delta=2.5))
record("smooth_l1", y, lambda x, r: F.smooth_l1_loss(x, T, reduction=r, beta=1.0))
record("smooth_l1_0.5", y, lambda x, r: F.smooth_l1_loss(x, T, reduction=r, beta=0.5))
record("binary_cross_entropy", p, lambda x, r: F.binary_cross_entropy(x, H, reduction=r))
# Certainties, where logarithms and their derivatives are cut.
edges = torch.tensor([0, 1, 1e-20, 1e-13, 1 - 2**-24]).float()
out["edges"] = edges
record("binary_cross_entropy_yes", edges, lambda x, r: F.binary_cross_entropy(x, torch.ones_like(x), reduction=r))
record("binary_cross_entropy_no", edges, lambda x, r: F.binary_cross_entropy(x, torch.zeros_like(x), reduction=r))
record("binary_cross_entropy_with_logits", y, lambda x, r: F.binary_cross_entropy_with_logits(x, H, reduction=r))
record("kl_divergence", y, lambda x, r: F.kl_div(F.log_softmax(x, 1), Q, reduction="batchmean"))
record("kl_of_log_probabilities", q.clamp_min(1e-3).log(), lambda x, r: F.kl_div(x, Q, reduction="batchmean"))
record("nll", y, lambda x, r: F.nll_loss(x, labels, reduction=r))
record("cross_entropy", y, lambda x, r: F.cross_entropy(x, labels, reduction=r))
record("cross_entropy_soft", y, lambda x, r: F.cross_entropy(x, Q, reduction=r))
record("cross_entropy_smooth", y, lambda x, r: F.cross_entropy(x, labels, reduction=r, label_smoothing=0.1))
record("cross_entropy_weighted", y, lambda x, r: F.cross_entropy(x, labels, reduction=r, weight=W))
record("cross_entropy_both", y, lambda x, r: F.cross_entropy(x, labels, reduction=r, weight=W, label_smoothing=0.3))
record("half_squared_error", y, lambda x, r: 0.5 * ((x - T) ** 2).sum(1).mean() if r == "mean" else 0.5 * ((x - T) ** 2).sum())
record("minkowski_1.5", y, lambda x, r: ((x - T).abs() ** 1.5).sum(1).mean() if r == "mean" else ((x - T).abs() ** 1.5).sum())

A = torch.tensor([[2, 0.5, 0, 0, 0.1], [0.5, 1, 0.2, 0, 0], [0, 0.2, 3, -0.4, 0], [0, 0, -0.4, 1.5, 0.3], [0.1, 0, 0, 0.3, 0.8]])
out["covariance"] = A
normal = torch.distributions.MultivariateNormal
record("gaussian_likelihood", y, lambda x, r: getattr(-normal(x, covariance_matrix=A.double()).log_prob(T), r)())

folder = pathlib.Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
write(folder / "losses.safetensors", out)
