"""Writes outline.json: polygons and ellipses with the pixels that scikit-image
puts inside. Its pixels have their centres at whole numbers, ours at halves.
Usage: python3 outline.py > outline.json (python3-skimage 0.19)
"""
import json

import numpy as np
from skimage.draw import ellipse, polygon

W, H = 23, 17
rng = np.random.default_rng(5)


def picture(rows, columns):
    mask = np.zeros((H, W), bool)
    mask[rows, columns] = True
    return ["".join(".#"[int(v)] for v in row) for row in mask]


cases = []
for n in [3, 3, 4, 4, 5, 6, 7, 9, 12, 20, 40] * 4:
    p = np.round(rng.uniform([-4, -4], [W + 4, H + 4], (n, 2)), 4)
    if n % 2:  # a simple polygon; the others cross themselves
        middle = p.mean(axis=0)
        p = p[np.argsort(np.arctan2(*(p - middle).T))]
    cases.append({"points": p.tolist(), "rows": picture(*polygon(p[:, 1] - 0.5, p[:, 0] - 0.5, (H, W)))})
for _ in range(20):
    p = np.round(rng.uniform([-4, -4], [W + 4, H + 4], (2, 2)), 4)
    (x, y), (rx, ry) = p.mean(axis=0) - 0.5, abs(p[1] - p[0]) / 2
    cases.append({"points": p.tolist(), "rows": picture(*ellipse(y, x, ry, rx, shape=(H, W)))})
print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")
