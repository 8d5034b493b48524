"""Writes golden.json: what scikit-image and scipy find on small pictures.

    python3 golden.py > golden.json        # scikit-image 0.26, scipy 1.17
"""

import json

import numpy as np
from scipy import ndimage
from skimage.segmentation import flood, random_walker

rng = np.random.default_rng(7)


def picture(*shape):
    """A noisy ball of ground glass in lung."""
    at = np.indices(shape)
    far = sum(((a - s / 2) / (s / 3)) ** 2 for a, s in zip(at, shape))
    return np.rint(np.where(far < 1, -650, -850) + rng.normal(0, 45, shape)).astype(int)


def pixels(mask):
    return np.flatnonzero(mask).tolist()


def wand(hu, seed, tolerance, diagonal):
    found = flood(hu, tuple(seed[::-1]), tolerance=tolerance, connectivity=2 if diagonal else 1)
    return dict(seed=seed, tolerance=tolerance, diagonal=diagonal, pixels=pixels(found))


def grow(hu, seed, low, high, diagonal):
    within = ndimage.generate_binary_structure(3, 1)
    within[1] |= diagonal  # corners hang together within a slice alone
    parts, _ = ndimage.label((hu >= low) & (hu <= high), within)
    part = parts[tuple(seed[::-1])]
    return dict(seed=seed, low=low, high=high, diagonal=diagonal, pixels=pixels(parts == part) if part else [])


def walk(hu, scale, inside, outside):
    labels = np.zeros(hu.shape, int)
    for x, y in inside:
        labels[y, x] = 1
    for x, y in outside:
        labels[y, x] = 2
    data = hu.astype(float)
    beta = 10 * data.std() / scale**2  # a step weighs exp(-beta d²/(10 std))
    p = random_walker(data, labels, beta=beta, mode="bf", return_full_prob=True)[0]
    return dict(hu=scale, inside=inside, outside=outside, chances=[round(float(v), 5) for v in p.ravel()])


flat, deep = picture(24, 30), picture(6, 16, 18)
print(json.dumps(dict(
    plane=dict(w=30, h=24, hu=flat.ravel().tolist()),
    volume=dict(w=18, h=16, slices=6, hu=deep.ravel().tolist()),
    wands=[wand(flat, [15, 12], t, d) for t in (0, 60, 110, 160) for d in (False, True)],
    grows=[grow(deep, seed, low, high, d)
           for seed in ([9, 8, 3], [0, 0, 0]) for low, high in ((-740, -560), (-900, -800)) for d in (False, True)],
    walks=[walk(flat, s, [[15, 12], [16, 12]], [[2, 2], [27, 20], [15, 1]]) for s in (60, 120)],
)))
