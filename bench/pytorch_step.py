# SPDX-License-Identifier: MIT
"""PyTorch's side of the benchmark: does training steps and inferences when told to.

    prepare CASE THREADS  ->  ok VERSION, VARIANT      tries the variants, keeps the fastest
    run TIMES             ->  ok SECONDS               of that many steps, by its own clock

Answers "ready" first, and nothing if torch cannot be imported. Ends with its input.
"""
import sys
import time

try:
    import torch
    from torch import nn
except ImportError:
    sys.exit(0)


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(3072, 120), nn.ReLU(), nn.Linear(120, 84),
                         nn.ReLU(), nn.Linear(84, 10))


def cnn():
    return nn.Sequential(nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5),
                         nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(400, 120), nn.ReLU(),
                         nn.Linear(120, 80), nn.ReLU(), nn.Linear(80, 10))


def vgg11():
    layers, channels = [], 3
    for width in (64, "pool", 128, "pool", 256, 256, "pool", 512, 512, "pool", 512, 512, "pool"):
        if width == "pool":
            layers.append(nn.MaxPool2d(2))
        else:
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
            channels = width
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(512, 512), nn.ReLU(),
                         nn.Linear(512, 512), nn.ReLU(), nn.Linear(512, 10))


def checker():
    layers, inputs = [], 2
    for _ in range(4):
        layers += [nn.Linear(inputs, 256), nn.ReLU()]
        inputs = 256
    return nn.Sequential(*layers, nn.Linear(inputs, 2))


NETWORKS = {"mlp": mlp, "cnn": cnn, "vgg11": vgg11, "checker": checker}


def he_normal(net):
    """The weights Tesela begins with: PyTorch's own leave a deep VGG without a gradient."""
    for layer in net:
        if hasattr(layer, "weight"):
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
    return net


def samples(network, count):
    shape, classes = ((2,), 2) if network == "checker" else ((3, 32, 32), 10)
    return torch.rand(count, *shape) * 2 - 1, torch.arange(count) * 7 % classes


def optimizer(kind, net, rate, fused):
    if kind == "adam":
        return torch.optim.Adam(net.parameters(), lr=rate, fused=fused)
    return torch.optim.SGD(net.parameters(), lr=rate, momentum=0.9, fused=fused)


def training(network, kind, fused, channels_last, rate):
    torch.manual_seed(1)
    x, y = samples(network, 128 if network == "checker" else 64)
    net = he_normal(NETWORKS[network]())
    if channels_last:
        net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    rule, loss_function = optimizer(kind, net, rate, fused), nn.CrossEntropyLoss()

    def steps(times):
        loss = None
        for _ in range(times):
            rule.zero_grad(set_to_none=True)
            loss = loss_function(net(x), y)
            loss.backward()
            rule.step()
        return loss
    return steps


def check_that_it_learns(network, kind):
    steps = training(network, kind, True, False, 1e-3 if kind == "adam" else 1e-2)
    before = steps(1).item()
    after = steps(10 if network == "vgg11" else 50).item()
    if not after < before:
        raise RuntimeError(f"the loss does not fall: {before} to {after}")


def training_variants(network, kind):
    images = network in ("cnn", "vgg11")
    for fused in (True, False):
        for channels_last in ((False, True) if images else (False,)):
            name = (("fused " if fused else "") + {"adam": "Adam", "sgd": "SGD"}[kind]
                    + (", channels-last" if channels_last else ""))
            # A rate too small to go anywhere: the work stays that of the first steps.
            yield name, lambda f=fused, c=channels_last: training(network, kind, f, c, 1e-6)


def inference(network, mode, channels_last):
    torch.manual_seed(1)
    net, x = he_normal(NETWORKS[network]()).eval(), samples(network, 1)[0]
    if channels_last:
        net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    if mode != "eager":
        with torch.no_grad():
            net = torch.jit.freeze(torch.jit.trace(net, x))
            if mode == "optimised":
                net = torch.jit.optimize_for_inference(net)

    def runs(times):
        with torch.inference_mode():
            for _ in range(times):
                net(x)
    return runs


def inference_variants(network):
    images = network in ("cnn", "vgg11")
    # PyTorch 2.6 does not come back from running VGG-11 after optimize_for_inference.
    for mode in ("eager", "frozen") if network == "vgg11" else ("eager", "frozen", "optimised"):
        for channels_last in ((False, True) if images else (False,)):
            name = mode + (", channels-last" if channels_last else "")
            yield name, lambda m=mode, c=channels_last: inference(network, m, c)


def update(kind, count, fused):
    weights = nn.Parameter(torch.rand(count))
    weights.grad = torch.rand(count)
    net = nn.Module()
    net.weights = weights
    rule = optimizer(kind, net, 1e-3, fused)

    def steps(times):
        for _ in range(times):
            rule.step()
    return steps


def update_variants(kind, count):
    for fused in (True, False):
        yield "fused" if fused else "default", lambda f=fused: update(kind, count, f)


def seconds(work, times):
    start = time.perf_counter()
    work(times)
    return time.perf_counter() - start


def fastest(variants):
    """Of a few short trials each, taken in turns."""
    trials = []
    for name, make in variants:
        try:
            work = make()
            work(1)
            once = seconds(work, 1)
        except RuntimeError:
            continue  # not offered by this version
        trials.append([once, name, work, max(1, int(0.005 / once))])
    for _ in range(2 if trials[0][0] > 0.1 else 20):
        for trial in trials:
            trial[0] = min(trial[0], seconds(trial[2], trial[3]) / trial[3])
    return min(trials, key=lambda trial: trial[0])[1:3]


def prepare(case, threads):
    torch.set_num_threads(threads)
    first, second = case.split("-")
    if first == "inference":
        return fastest(inference_variants(second))
    if first == "update":
        kind, count = second.split(":")
        return fastest(update_variants(kind, int(count)))
    check_that_it_learns(first, second)
    return fastest(training_variants(first, second))


def main():
    torch.set_flush_denormal(True)
    print("ready", flush=True)
    work = None
    for line in sys.stdin:
        words = line.split()
        try:
            if words[0] == "prepare":
                variant, work = prepare(words[1], int(words[2]))
                print(f"ok {torch.__version__.split('+')[0]}, {variant}", flush=True)
            else:
                print(f"ok {seconds(work, int(words[1])):.9f}", flush=True)
        except Exception as error:  # the other side decides what it means
            print("error " + str(error).replace("\n", " ")[:400], flush=True)


main()
