"""Judges the layouts of COVID-SemiSeg by the rules of the loaders that are published for them.

    Inf-Net, binary       Imgs, GT and Edge are listed, .png and .jpg are kept, names sorted and paired by their rank; the three
                          lists are of one length, and a pair of two sizes is passed over without a word
    Inf-Net, two kinds    everything in Imgs is a picture; its name up to the first dot and .png is that of GT and Prior; greys
                          38 and 75 become 1 and 2, and any other value is a class that there is not
    TV-UNet               everything in Imgs is a picture of one channel; its name without ending and .png is that of GT; greys
                          over 255 are rounded to 0 or 1

Masks are by their stem, one slice each, in no order.
"""

import os

import numpy as np
from judgement import main, stem
from PIL import Image
from skimage.io import imread


def values(path):
    with Image.open(path) as picture:
        return np.asarray(picture.convert("L"))


def listed(folder, endings):
    return sorted(n for n in os.listdir(folder) if n.endswith(endings)) if folder.is_dir() else []


def ranks(folder, result, companion=None):
    """The pairs of Inf-Net's loader for infection."""
    images, masks = listed(folder / "Imgs", (".jpg", ".png")), listed(folder / "GT", (".png",))
    if len(images) != len(masks) or not images:
        result.problem(f"{folder.name}: {len(images)} pictures and {len(masks)} masks")
    if companion and len(listed(folder / companion, (".png",))) != len(images):
        result.problem(f"{folder.name}: {companion} has another number of pictures")
    edges = listed(folder / companion, (".png",)) if companion else masks
    for image, mask, edge in zip(images, masks, edges):
        if not stem(image) == stem(mask) == stem(edge):
            result.problem(f"{folder.name}: {image} is paired with {mask} and {edge}")
        if not values(folder / "Imgs" / image).shape == values(folder / "GT" / mask).shape == values(folder / (companion or "GT") / edge).shape:
            result.problem(f"{folder.name}: {image} and what belongs to it differ in size")


def names(folder, cut, result, beside=()):
    """The pairs of the loaders that look for a picture's name in other folders."""
    for image in sorted(os.listdir(folder / "Imgs")):
        picture = imread(folder / "Imgs" / image)
        if picture.ndim != 2 or picture.dtype != np.uint8:
            result.problem(f"{folder.name}: {image} is not a picture of 8 bits and one channel")
        for other in ("GT", *beside):
            path = folder / other / (cut(image) + ".png")
            if not path.is_file():
                result.problem(f"{folder.name}: {image} has no {other}/{path.name}")
            elif values(path).shape != picture.shape:
                result.problem(f"{folder.name}: {other}/{path.name} is of another size than its picture")


def masks(folder, allowed, result):
    for name in listed(folder / "GT", (".png",)):
        plane = values(folder / "GT" / name)
        if not np.array_equal(plane, imread(folder / "GT" / name)):
            result.problem(f"{name} is not grey")
        if other := set(np.unique(plane).tolist()) - allowed:
            result.problem(f"{name} has the values {sorted(other)}")
        result.mask(stem(name), [plane])


def judge(folder, result):
    found = False
    for train, test in ("TrainingSet/LungInfection-Train", "TestingSet/LungInfection-Test"), ("LungInfection-train", "LungInfection-test"):
        upper = train.endswith("Train")
        for part in folder / train / "Doctor-label", folder / train / "Pseudo-label", folder / test:
            if (part / "Imgs").is_dir():
                found = True
                if upper:
                    ranks(part, result, "Edge" if "label" in part.name else None)
                names(part, lambda n: os.path.splitext(n)[0], result)
                masks(part, {0, 255}, result)
    for part, beside in ("TrainingSet/MultiClassInfection-Train", ["Prior"]), ("TestingSet/MultiClassInfection-Test", ["GT-1", "GT-2"]):
        if (folder / part / "Imgs").is_dir():
            found = True
            names(folder / part, lambda n: n.split(".")[0], result, beside)
            masks(folder / part, {0, 38, 75}, result)
    if not found:
        result.problem("none of the layout's folders is there")


if __name__ == "__main__":
    main(judge)
