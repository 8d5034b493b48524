# Makes coco.json, instances in COCO's format on four images, and coco_masks.txt:
# for each image its name and the category of each pixel as pycocotools reads it,
# row by row, the later annotation over the earlier one. Not part of the tests,
# which need no pycocotools:
#
#     pip install pycocotools==2.0.11 && python3 coco.py
import json
import numpy as np
from pycocotools import mask as tools
from pycocotools.coco import COCO

W, H = 23, 17
rng = np.random.default_rng(3)


def star(cx, cy, r, n):
    a = np.sort(rng.uniform(0, 2 * np.pi, n))
    d = r * rng.uniform(.4, 1, n)
    return [round(float(v), 2) for x, y in zip(cx + d * np.cos(a), cy + d * np.sin(a)) for v in (x, y)]


def runs(m):
    counts, last = [0], 0
    for v in m.ravel(order="F"):
        if v != last:
            counts.append(0)
            last = v
        counts[-1] += 1
    return [int(c) for c in counts]


images = [{"id": i + 7, "file_name": "set/IM000%d.%s" % (i + 1, "jpg" if i else "png"), "width": W, "height": H} for i in range(4)]
annotations = []


def add(image, category, segmentation):
    annotations.append({"id": len(annotations) + 1, "image_id": image + 7, "category_id": category, "iscrowd": int(isinstance(segmentation, dict)),
                        "segmentation": segmentation, "bbox": [0, 0, W, H], "area": 1})


for k in range(14):
    add(0 if k < 8 else 2, 1 + k % 3, [star(*rng.uniform([2, 2], [W - 2, H - 2]), 7, 3 + k)])
add(0, 1, [[2, 2, 9, 2, 9, 8, 2, 8], [11.5, 3.5, 20.5, 3.5, 20.5, 3.5, 20.5, 12.25, 11.5, 12.25]])
add(2, 2, [[-6, -4, 8.3, 5.1, -3, 12], [20, 3, 40, 9, 20, 30]])
noise = rng.uniform(size=(H, W)) < .3
add(2, 3, {"size": [H, W], "counts": runs(noise)})
blob = np.add.outer((np.arange(H) - 8) ** 2, (np.arange(W) - 11) ** 2) < 40
add(3, 2, {"size": [H, W], "counts": tools.encode(np.asfortranarray(blob.astype(np.uint8)))["counts"].decode()})
add(3, 1, {"size": [H, W], "counts": tools.encode(np.asfortranarray(noise.astype(np.uint8)))["counts"].decode()})

categories = [{"id": 1, "name": "ground-glass opacity"}, {"id": 2, "name": "consolidation"}, {"id": 3, "name": "nodule"}]
with open("coco.json", "w") as f:
    json.dump({"info": {"note": "made by coco.py"}, "annotations": annotations, "images": images, "categories": categories}, f)

coco = COCO("coco.json")
with open("coco_masks.txt", "w") as f:
    for image in images:
        plane = np.zeros((H, W), int)
        for a in coco.loadAnns(coco.getAnnIds(imgIds=image["id"])):
            plane[coco.annToMask(a) > 0] = a["category_id"]
        f.write(image["file_name"].split("/")[1] + " " + "".join(map(str, plane.ravel())) + "\n")
