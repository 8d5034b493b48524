# Writes golden.json: what SciPy makes of random masks, for golden_test.go.
# Debian: python3-scipy. Run in this folder: /usr/bin/python3 golden.py
import json
import numpy as np
from scipy import ndimage

r = np.random.default_rng(11)
text = lambda m: "".join("1" if v else "0" for v in m.ravel())


def mask(d, h, w):
    m = ndimage.gaussian_filter(r.random((d, h, w)), r.choice([0, 0.7, 1.2]))
    return m > np.quantile(m, r.uniform(0.3, 0.9))


def parts(m, corners):
    s = ndimage.generate_binary_structure(3, 3 if corners else 1)
    return np.bincount(ndimage.label(m, s)[0].ravel())[1:].tolist()


def close(d, mm):
    return d <= mm * (1 + 1e-9)


cases = []
for k in range(40):
    d, h, w = int(r.integers(1, 7)), int(r.integers(1, 15)), int(r.integers(1, 30))
    if k % 3 == 0:
        d = 1
    m = mask(d, h, w)
    if not m.any() or m.all():
        continue
    spacing = [float(v) for v in r.choice([0.5, 0.75, 1, 2.5], 3)]  # z, y, x
    away = ndimage.distance_transform_edt(~m, sampling=spacing)  # from the mask
    deep = ndimage.distance_transform_edt(m, sampling=spacing)  # from what is not
    mm = float(r.choice([0.4, 0.8, 1.5, 2.5, 4]))
    size = [2 * int(mm / s + 0.5) + 1 for s in spacing]
    if d == 1:
        size[0] = 1
        filled = ndimage.binary_fill_holes(m[0])[None]
    else:
        filled = ndimage.binary_fill_holes(m)
    median = ndimage.median_filter(m.astype(np.uint8), size, mode="constant") > 0
    cases.append({
        "size": [w, h, d], "spacing": spacing[::-1], "mm": mm, "mask": text(m),
        "faces": parts(m, False), "corners": parts(m, True), "filled": text(filled),
        "squares": np.round(away ** 2, 6).ravel().tolist(),
        "dilated": text(close(away, mm)), "eroded": text(m & ~close(deep, mm)), "median": text(median),
    })
json.dump(cases, open("golden.json", "w"), separators=(",", ":"))
print(len(cases), "cases")
