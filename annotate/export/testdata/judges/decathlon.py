"""MONAI on the layout of the Medical Segmentation Decathlon: its list of data, and a loader that goes through it.

Arrays are (x, y, z) in the file's own order: slice k is [:, :, k], turned to rows x columns. Affines are those of the file
(RAS); spacing is between columns, rows, slices.
"""

import json

import numpy as np
from judgement import main, stem
from monai.data import CacheDataset, DataLoader, load_decathlon_datalist
from monai.transforms import Compose, EnsureChannelFirstd, LoadImaged


def judge(folder, result):
    file = folder / "dataset.json"
    about = json.loads(file.read_text())
    if len(about["training"]) != about["numTraining"]:
        result.problem(f"numTraining is {about['numTraining']}, of {len(about['training'])}")
    try:
        load_decathlon_datalist(file, data_list_key="test")
        result.problem("there is a list of tests")
    except ValueError:
        pass  # as MONAI says where there is none
    load = Compose([LoadImaged(keys=["image", "label"]), EnsureChannelFirstd(keys=["image", "label"])])
    for key in (k for k in ("training", "validation") if about[k]):
        pairs = load_decathlon_datalist(file, is_segmentation=True, data_list_key=key)
        for pair, got in zip(pairs, DataLoader(CacheDataset(pairs, load, progress=False), batch_size=1)):
            name, image, label = stem(pair["label"]), got["image"][0, 0], got["label"][0, 0]
            affines = [np.asarray(got[k].affine, float).reshape(4, 4) for k in ("image", "label")]
            if image.shape != label.shape or not np.allclose(*affines):
                result.problem(f"{name}: image and label are not on one grid")
            if other := set(np.unique(label).astype(int).astype(str)) - set(about["labels"]):
                result.problem(f"{name} has the values {sorted(other)}, which are no labels")
            result.mask(name, [label[:, :, k].numpy().T for k in range(label.shape[2])])
            result.affine[name], result.spacing[name] = affines[1].tolist(), np.linalg.norm(affines[1][:3, :3], axis=0).tolist()


main(judge)
