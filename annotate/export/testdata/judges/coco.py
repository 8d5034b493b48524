"""What pycocotools makes of annotations.json.

Masks are by the stem of each image, one slice each: the categories' ids. Spacing is between rows, columns.
"""

import numpy as np
from judgement import main, stem
from PIL import Image
from pycocotools import mask as rle
from pycocotools.coco import COCO


def judge(folder, result):
    coco = COCO(folder / "annotations.json")
    if len(coco.anns) != len(coco.dataset["annotations"]) or len(coco.imgs) != len(coco.dataset["images"]):
        result.problem("ids are there twice")
    for image in coco.loadImgs(coco.getImgIds()):
        plane = np.zeros((image["height"], image["width"]), np.uint8)
        for a in coco.loadAnns(coco.getAnnIds(image["id"])):
            mask, runs = coco.annToMask(a), coco.annToRLE(a)
            if (plane[mask > 0] > 0).any():
                result.problem(f"annotation {a['id']} lies over another")
            if a["category_id"] not in coco.cats:
                result.problem(f"annotation {a['id']} is of no category")
            if rle.area(runs) != a["area"] or rle.toBbox(runs).tolist() != a["bbox"]:
                result.problem(f"annotation {a['id']} has the area {rle.area(runs)} and the box {rle.toBbox(runs).tolist()}")
            plane[mask > 0] = a["category_id"]
        result.mask(stem(image["file_name"]), [plane])
        if "spacing_mm" in image:
            result.spacing[stem(image["file_name"])] = image["spacing_mm"]
        with Image.open(folder / "images" / image["file_name"]) as picture:
            if picture.mode != "L" or picture.size != (image["width"], image["height"]):
                result.problem(f"{image['file_name']} is a picture of {picture.mode} and {picture.size}")


main(judge)
