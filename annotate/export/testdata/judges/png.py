"""Pillow on every mask NAME_mask.png below the folder: 8-bit grey, one slice each."""

import numpy as np
from judgement import main, stem
from PIL import Image


def judge(folder, result):
    for path in sorted(folder.rglob("*_mask.png")):
        with Image.open(path) as picture:
            if picture.mode != "L":
                result.problem(f"{path.name} is of the mode {picture.mode}")
            result.mask(stem(path), [np.asarray(picture)])


main(judge)
