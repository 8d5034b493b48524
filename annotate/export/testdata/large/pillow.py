"""Writes N masks of 512x512 as PNG, 0 and 255, on two processes, and prints the seconds.

usage: pillow.py MASKS.raw DIR N   (MASKS.raw: 100 slices of 512x512 bytes)
"""
import os, sys, time
from multiprocessing import Pool
import numpy as np
from PIL import Image

raw, folder, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
masks = np.fromfile(raw, np.uint8).reshape(100, 512, 512)


def write(k):
    case = os.path.join(folder, f"case_{k:05d}")
    os.makedirs(case)
    for i in range(100):
        mask = np.where(masks[(i + k) % 100] > 0, 255, 0).astype(np.uint8)
        Image.fromarray(mask).save(os.path.join(case, f"slice_{i + 1:04d}_mask.png"))


if __name__ == "__main__":
    begun = time.perf_counter()
    with Pool(2) as pool:
        pool.map(write, range(n // 100))
    print(time.perf_counter() - begun)
