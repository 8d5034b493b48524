"""What scikit-image makes of the outlines of YOLO's and labelme's files, and Pillow of the pictures beside them.

A pixel is within an outline where its centre is. Masks are by the stem of each picture, one slice each: the classes, from
1, in the order of data.yaml, or the numbers of the labels' names in their first order, from 1.
"""

import json

import numpy as np
import yaml
from judgement import main, stem
from PIL import Image
from skimage.measure import points_in_poly


def size(path, result):
    with Image.open(path) as picture:
        if picture.mode != "L":
            result.problem(f"{path.name} is a picture of {picture.mode}")
        return picture.size


def draw(plane, xy, value):
    height, width = plane.shape
    y, x = np.mgrid[:height, :width]
    inside = points_in_poly(np.column_stack([x.ravel() + 0.5, y.ravel() + 0.5]), xy).reshape(plane.shape)
    plane[inside] = value


def yolo(folder, result):
    data = yaml.safe_load((folder / "data.yaml").read_text(encoding="utf-8"))
    if sorted(data["names"]) != list(range(len(data["names"]))):
        result.problem(f"the classes are {sorted(data['names'])}")
    for images in sorted({data["train"], data["val"]}):
        for path in sorted((folder / images).glob("*.png")):
            width, height = size(path, result)
            plane = np.zeros((height, width), np.uint8)
            label = folder / images.replace("images", "labels") / (path.stem + ".txt")
            for line in label.read_text().splitlines():
                number, *shares = line.split()
                if int(number) not in data["names"] or not all(0 <= float(s) <= 1 for s in shares):
                    result.problem(f"{label.name}: {line[:60]}")
                draw(plane, np.array(shares, np.float32).reshape(-1, 2) * [width, height], int(number) + 1)
            result.mask(path.stem, [plane])


def labelme(folder, result):
    for path in sorted(folder.glob("*.json")):
        if path.name == "manifest.json":
            continue
        file = json.loads(path.read_text(encoding="utf-8"))
        if size(folder / file["imagePath"], result) != (file["imageWidth"], file["imageHeight"]) or file["imageData"] is not None:
            result.problem(f"{path.name} is not of its picture")
        plane = np.zeros((file["imageHeight"], file["imageWidth"]), np.uint8)
        names = {"Ground glass": 1, "Consolidation": 2, "Pleural effusion": 9}
        for shape in file["shapes"]:
            draw(plane, np.array(shape["points"]), names[shape["label"]])
        result.mask(stem(path), [plane])


def judge(folder, result):
    (yolo if (folder / "data.yaml").is_file() else labelme)(folder, result)


main(judge)
