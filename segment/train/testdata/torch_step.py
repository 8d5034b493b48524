"""One TV-UNet training step in PyTorch, timed for each line on standard input.

Usage: torch_step.py FILTERS BATCH SIZE THREADS. Prints seconds, a line a step.
The network, loss and optimizer are those of the Go package train.
"""
import sys
import time

import torch
from torch import nn

filters, batch, size, threads = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.manual_seed(1)


def block(cin, cout):
    layers = []
    for c in (cin, cout):
        layers += [nn.Conv2d(c, cout, 3, padding=1, bias=False), nn.BatchNorm2d(cout, eps=1e-3), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class TVUNet(nn.Module):
    def __init__(self, f, levels=4, rate=0.2):
        super().__init__()
        widths = [f << i for i in range(levels + 1)]
        self.enc = nn.ModuleList(block(a, b) for a, b in zip([1] + widths, widths[:-1]))
        self.mid = block(widths[-2], widths[-1])
        self.up = nn.ModuleList(
            nn.ConvTranspose2d(2 * w, w, 3, stride=2, padding=1, output_padding=1) for w in reversed(widths[:-1]))
        self.dec = nn.ModuleList(block(2 * w, w) for w in reversed(widths[:-1]))
        self.head = nn.Conv2d(f, 2, 1)
        self.pool, self.drop = nn.MaxPool2d(2), nn.Dropout(rate)

    def forward(self, x):
        skips = []
        for enc in self.enc:
            x = enc(x)
            skips.append(x)
            x = self.drop(self.pool(x))
        x = self.mid(x)
        for up, dec in zip(self.up, self.dec):
            x = dec(self.drop(torch.cat([up(x), skips.pop()], 1)))
        return self.head(x)


net = TVUNet(filters)
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3, eps=1e-7)
x = torch.rand(batch, 1, size, size)
foreground = (x[:, 0] > 0.8).float()
target = torch.stack([1 - foreground, foreground], 1)


def step():
    optimizer.zero_grad(set_to_none=True)
    logits = net(x)
    p = torch.sigmoid(logits[:, 1])
    tv = ((p[:, 1:] - p[:, :-1]).abs().sum() + (p[:, :, 1:] - p[:, :, :-1]).abs().sum()) / p.numel()
    loss = nn.functional.binary_cross_entropy_with_logits(logits, target) + 0.1 * tv
    loss.backward()
    optimizer.step()
    return loss.item()


step()
print("ready", sum(p.numel() for p in net.parameters()), torch.__version__, flush=True)
for _ in sys.stdin:
    start = time.perf_counter()
    step()
    print(time.perf_counter() - start, flush=True)
