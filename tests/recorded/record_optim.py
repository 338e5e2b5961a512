#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Records what PyTorch's optimisers, penalties, clipping and schedules do, step by step.

Usage: record_optim.py OUTPUT_FOLDER          (needs PyTorch, nothing else)

The problem: eight parameters w, loss sum(curvature / 2 * (w - centre)^2) + sum(push[t] * w), so that the gradient in
step t is curvature * (w - centre) + push[t]. All of it is float32 and in the file; `path/<case>` holds w after every
one of 50 steps, computed in float64 and rounded once. `float32_error/path/<case>` in the metadata is how far PyTorch's
own float32 run is off, rounded up to a power of two.

Rates of schedules are those that an optimiser with learning rate 0.1 has in epochs (or steps) 0, 1, 2, ...
"""

import json
import math
import pathlib
import random
import struct
import sys
import warnings

import torch
from torch import optim
from torch.optim import lr_scheduler as lrs

if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
    sys.exit(__doc__)
OUT = pathlib.Path(sys.argv[1])
OUT.mkdir(parents=True, exist_ok=True)
torch.set_num_threads(1)
warnings.simplefilter("ignore")  # a scheduler's step before the optimiser's is what the schedules below want

STEPS, COUNT = 50, 8


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


random.seed(4)


def numbers(low, high, *shape):
    """Uniform, exact in float32, the same on every processor."""
    values = [low + (high - low) * random.getrandbits(16) / 2**16 for _ in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float32).view(shape)


PROBLEM = {"initial": numbers(-2, 2, COUNT), "curvature": numbers(0.25, 3, COUNT), "centre": numbers(-1, 1, COUNT),
           "push": numbers(-0.5, 0.5, STEPS, COUNT)}


def run(dtype, make, penalty=None, clip=None):
    torch.set_default_dtype(dtype)  # nadam's product of mu has the default type
    p = {k: v.to(dtype) for k, v in PROBLEM.items()}
    w = p["initial"].clone().requires_grad_()
    optimiser, path, margin = make([w]), [], math.inf
    for t in range(STEPS):
        optimiser.zero_grad()
        loss = (p["curvature"] / 2 * (w - p["centre"])**2).sum() + (p["push"][t] * w).sum()
        if penalty:
            loss = loss + penalty(w)
        loss.backward()
        margin = min(margin, w.grad.abs().min().item())
        if clip:
            clip([w])
        optimiser.step()
        path.append(w.detach().clone())
    torch.set_default_dtype(torch.float32)
    return torch.stack(path), margin


def f32(x):
    """Settings are floats in C++, PyTorch's defaults among them."""
    return struct.unpack("<f", struct.pack("<f", x))[0]


DEFAULT_BETAS = (f32(0.9), f32(0.999))


def record_optimisers():
    tensors, metadata = dict(PROBLEM), {"steps": STEPS, "count": COUNT}

    def case(name, make, **further):
        exact, margin = run(torch.float64, make, **further)
        rough, _ = run(torch.float32, make, **further)
        if name.startswith("rprop") and margin < 1e-4:
            sys.exit(f"{name}: choose another seed: a gradient of {margin:.1e} has no sure sign")
        error = max((exact - rough).abs().max().item(), exact.abs().max().item() / 2**24)
        tensors[f"path/{name}"] = exact
        metadata[f"float32_error/path/{name}"] = repr(2.0 ** math.ceil(math.log2(error)))

    def settings(make, **options):
        rounded = {k: f32(v) if isinstance(v, float) else v for k, v in options.items()}
        return lambda p: make(p, foreach=False, **rounded)

    lr = 0.05
    sgd = optim.SGD
    case("sgd", settings(sgd, lr=lr))
    case("sgd_momentum", settings(sgd, lr=lr, momentum=0.9))
    case("sgd_momentum_decay", settings(sgd, lr=lr, momentum=0.9, weight_decay=0.1))
    case("sgd_dampening", settings(sgd, lr=lr, momentum=0.9, dampening=0.5, weight_decay=0.1))
    case("sgd_nesterov", settings(sgd, lr=lr, momentum=0.9, nesterov=True, weight_decay=0.1))
    case("adagrad", settings(optim.Adagrad, lr=0.3))
    case("adagrad_all", settings(optim.Adagrad, lr=0.3, lr_decay=0.02, weight_decay=0.1,
                                 initial_accumulator_value=0.5, eps=1e-3))
    case("rmsprop", settings(optim.RMSprop, lr=lr, alpha=0.99))
    case("rmsprop_all", settings(optim.RMSprop, lr=lr, alpha=0.9, eps=1e-3, momentum=0.6, weight_decay=0.1))
    case("rmsprop_centered", settings(optim.RMSprop, lr=lr, alpha=0.9, eps=1e-2, centered=True))
    case("rmsprop_centered_all", settings(optim.RMSprop, lr=lr, alpha=0.9, eps=1e-2, momentum=0.6, weight_decay=0.1,
                                          centered=True))
    case("adam", settings(optim.Adam, lr=lr, betas=DEFAULT_BETAS))
    case("adam_all", settings(optim.Adam, lr=lr, betas=(f32(0.8), f32(0.95)), eps=1e-3, weight_decay=0.1))
    case("amsgrad", settings(optim.Adam, lr=lr, betas=(f32(0.8), f32(0.95)), weight_decay=0.1, amsgrad=True))
    case("adamw", settings(optim.AdamW, lr=lr, betas=DEFAULT_BETAS))
    case("adamw_all", settings(optim.AdamW, lr=lr, betas=(f32(0.8), f32(0.95)), eps=1e-3, weight_decay=0.5))
    case("nadam", settings(optim.NAdam, lr=lr, betas=DEFAULT_BETAS))
    case("nadam_all", settings(optim.NAdam, lr=lr, betas=(f32(0.8), f32(0.95)), eps=1e-3, weight_decay=0.1,
                               momentum_decay=0.02))
    case("nadam_decoupled", settings(optim.NAdam, lr=lr, betas=DEFAULT_BETAS, weight_decay=0.5,
                                     decoupled_weight_decay=True))
    case("rprop", settings(optim.Rprop, lr=lr))
    case("rprop_all", settings(optim.Rprop, lr=lr, etas=(f32(0.4), f32(1.5)), step_sizes=(f32(0.01), f32(0.2))))

    c = f32(0.1)
    case("l2", settings(sgd, lr=lr), penalty=lambda w: c * (w**2).sum())
    case("half_l2", settings(sgd, lr=lr), penalty=lambda w: c / 2 * (w**2).sum())
    case("weight_decay", settings(sgd, lr=lr, weight_decay=0.1))
    case("l1", settings(sgd, lr=lr), penalty=lambda w: c * w.abs().sum())
    case("elastic_net", settings(sgd, lr=lr), penalty=lambda w: c * w.abs().sum() + f32(0.3) * (w**2).sum())
    case("lq", settings(sgd, lr=lr), penalty=lambda w: c / 2 * (w.abs()**f32(1.5)).sum())
    case("adam_l2", settings(optim.Adam, lr=lr, betas=DEFAULT_BETAS), penalty=lambda w: c * (w**2).sum())
    case("clip_value", settings(sgd, lr=lr, momentum=0.9),
         clip=lambda p: torch.nn.utils.clip_grad_value_(p, f32(0.7)))
    case("clip_norm", settings(sgd, lr=lr, momentum=0.9),
         clip=lambda p: torch.nn.utils.clip_grad_norm_(p, f32(0.7)))
    case("clip_norm_l2", settings(optim.Adam, lr=lr, betas=DEFAULT_BETAS), penalty=lambda w: c * (w**2).sum(),
         clip=lambda p: torch.nn.utils.clip_grad_norm_(p, f32(0.7)))
    write_safetensors(OUT / "optim_paths.safetensors", tensors, metadata)


def record_schedules():
    tensors = {}

    def case(name, make, count=40, metric=None):
        optimiser = optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1, momentum=0.9)
        scheduler, rates, momenta = make(optimiser), [], []
        for t in range(count):
            rates.append(optimiser.param_groups[0]["lr"])
            momenta.append(optimiser.param_groups[0]["momentum"])
            if t + 1 < count:
                scheduler.step(*([metric[t]] if metric else []))
        tensors[f"rate/{name}"] = torch.tensor(rates, dtype=torch.float64)
        if len(set(momenta)) > 1:
            tensors[f"momentum/{name}"] = torch.tensor(momenta, dtype=torch.float64)

    case("step_lr", lambda o: lrs.StepLR(o, 7, 0.5))
    case("multi_step_lr", lambda o: lrs.MultiStepLR(o, [3, 10, 11, 30], 0.3))
    case("exponential_lr", lambda o: lrs.ExponentialLR(o, 0.93))
    case("linear_lr", lambda o: lrs.LinearLR(o, 1 / 3, 1.0, 5))
    case("linear_lr_down", lambda o: lrs.LinearLR(o, 1.0, 0.1, 40))
    case("polynomial_lr", lambda o: lrs.PolynomialLR(o, 30, 2.0))
    case("cosine_annealing_lr", lambda o: lrs.CosineAnnealingLR(o, 39, 0.01))
    case("cosine_annealing_lr_twice", lambda o: lrs.CosineAnnealingLR(o, 15))
    case("cosine_annealing_warm_restarts", lambda o: lrs.CosineAnnealingWarmRestarts(o, 6, 1, 0.001))
    case("cosine_annealing_warm_restarts_longer", lambda o: lrs.CosineAnnealingWarmRestarts(o, 3, 2))
    case("cyclic_lr", lambda o: lrs.CyclicLR(o, 0.0001, 0.001, 3, mode="triangular"))
    case("cyclic_lr_uneven", lambda o: lrs.CyclicLR(o, 0.01, 0.1, 3, 7, mode="triangular"))
    case("cyclic_lr_triangular2", lambda o: lrs.CyclicLR(o, 0.01, 0.1, 4, 2, mode="triangular2"))
    case("cyclic_lr_exp_range", lambda o: lrs.CyclicLR(o, 0.01, 0.1, 4, mode="exp_range", gamma=0.97))
    case("one_cycle_lr", lambda o: lrs.OneCycleLR(o, 0.5, 40))
    case("one_cycle_lr_linear", lambda o: lrs.OneCycleLR(o, 0.5, 40, pct_start=0.4, anneal_strategy="linear",
                                                         div_factor=10, final_div_factor=100))
    case("one_cycle_lr_three_phases", lambda o: lrs.OneCycleLR(o, 0.5, 40, three_phase=True))
    case("warm_up", lambda o: lrs.SequentialLR(o, [lrs.LinearLR(o, 1 / 3, 1.0, 5), lrs.ExponentialLR(o, 0.9)], [5]))

    random.seed(9)
    losses = [2.0 * math.exp(-0.2 * t) + 0.3 * random.random() for t in range(60)]
    losses[20] = math.nan
    tensors["plateau/metric"] = torch.tensor(losses, dtype=torch.float64)
    metric = [struct.unpack("<f", struct.pack("<f", v))[0] for v in losses]
    case("plateau", lambda o: lrs.ReduceLROnPlateau(o, factor=0.5, patience=2), 60, metric)
    case("plateau_cooldown", lambda o: lrs.ReduceLROnPlateau(o, factor=0.3, patience=1, threshold=0.05,
                                                             threshold_mode="abs", cooldown=4, min_lr=0.002),
         60, metric)
    case("plateau_max", lambda o: lrs.ReduceLROnPlateau(o, mode="max", factor=0.5, patience=3, threshold=0.01),
         60, metric)
    write_safetensors(OUT / "schedules.safetensors", tensors, {"rate": 0.1})


record_optimisers()
record_schedules()
for file in ("optim_paths", "schedules"):
    print(f"{file}: {(OUT / file).with_suffix('.safetensors').stat().st_size} bytes, PyTorch {torch.__version__}")
