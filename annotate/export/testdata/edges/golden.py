"""Writes shapes.png, masks of 0 and 255 side by side, and edges.png, what OpenCV's Canny(10, 150) makes of each.

    python3 golden.py FOLDER        needs numpy, OpenCV (python3-opencv)

A mask is 48 x 40; those of a row in shapes.png are the same kind at other sizes.
"""

import sys

import cv2
import numpy as np

W, H, COLUMNS = 48, 40, 6


def masks():
    random = np.random.default_rng(7)
    y, x = np.mgrid[0:H, 0:W]
    for k in range(COLUMNS):  # discs, of one pixel too
        yield (x - 20) ** 2 + (y - 19) ** 2 <= (3 * k) ** 2
    for k in range(COLUMNS):  # slanted ellipses
        a = k * np.pi / COLUMNS
        u, v = (x - 24) * np.cos(a) + (y - 20) * np.sin(a), (y - 20) * np.cos(a) - (x - 24) * np.sin(a)
        yield (u / 17) ** 2 + (v / 6) ** 2 <= 1
    for k in range(COLUMNS):  # rings and what touches the border
        yield ((x - 8 * k) ** 2 + (y - 20) ** 2 <= 200) & ((x - 8 * k) ** 2 + (y - 20) ** 2 >= 20 * k)
    for k in range(COLUMNS):  # smooth blobs of noise
        yield cv2.GaussianBlur(random.standard_normal((H, W)), (0, 0), 1 + k / 2) > 0.05
    for k in range(COLUMNS):  # raw noise
        yield random.random((H, W)) < (k + 0.5) / COLUMNS
    for k in range(COLUMNS):  # lines, none, all, squares
        yield [x == 11, x + y == 30, x < 0, x >= 0, (x // 8 + y // 8) % 2 == 0, (x // 2 + y // 2) % 2 == 0][k]


def sheet(planes):
    rows = [np.hstack(planes[k : k + COLUMNS]) for k in range(0, len(planes), COLUMNS)]
    return np.vstack(rows)


all_masks = [np.where(m, 255, 0).astype(np.uint8) for m in masks()]
for name, planes in ("shapes.png", all_masks), ("edges.png", [cv2.Canny(m, 10, 150) for m in all_masks]):
    cv2.imwrite(f"{sys.argv[1]}/{name}", sheet(planes), [cv2.IMWRITE_PNG_COMPRESSION, 9])
