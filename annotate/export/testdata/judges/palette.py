"""What Pillow reads of PASCAL VOC's folders, or of palette masks, *_mask.png.

Masks are by their stem, one slice each: the indices.
"""

import numpy as np
from judgement import main, stem
from PIL import Image


def indices(path, result):
    with Image.open(path) as mask:
        if mask.mode != "P" or len(mask.getpalette()) != 3 * 256:
            result.problem(f"{path.name} has no palette of 256 colours: {mask.mode}")
        return np.asarray(mask), np.array(mask.getpalette()).reshape(-1, 3)


def colour_map():
    """VOC's, bit by bit."""
    out = np.zeros((256, 3), int)
    for index in range(256):
        rest = index
        for shift in range(7, -1, -1):
            for channel in range(3):
                out[index, channel] |= (rest >> channel & 1) << shift
            rest >>= 3
    return out


def judge(folder, result):
    lists = folder / "ImageSets" / "Segmentation"
    if not lists.is_dir():
        for path in sorted(folder.glob("*_mask.png")):
            result.mask(stem(path), [indices(path, result)[0]])
        return
    train, val, both = ((lists / name).read_text().split("\n")[:-1] for name in ("train.txt", "val.txt", "trainval.txt"))
    if sorted(train + val) != sorted(both) or set(train) & set(val):
        result.problem("the lists do not agree")
    names = (folder / "labels.txt").read_text(encoding="utf-8").splitlines()
    for name in both:
        values, palette = indices(folder / "SegmentationClass" / f"{name}.png", result)
        if not np.array_equal(palette, colour_map()):
            result.problem(f"{name} has other colours than VOC's")
        if values.max() >= len(names):
            result.problem(f"{name} has the class {values.max()}")
        with Image.open(folder / "JPEGImages" / f"{name}.png") as picture:
            if picture.mode != "L" or picture.size != values.shape[::-1]:
                result.problem(f"{name} is a picture of {picture.mode} and {picture.size}")
        result.mask(name, [values])


main(judge)
