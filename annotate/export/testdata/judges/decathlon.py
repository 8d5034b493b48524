"""MONAI on the layout of the Medical Segmentation Decathlon: its list of data, and a loader that goes through it.

Arrays are (x, y, z) in the file's own order: slice k is [:, :, k], turned to rows x columns. Affines are those of the file.
"""

from judgement import main, stem
from monai.data import DataLoader, Dataset, load_decathlon_datalist
from monai.transforms import Compose, EnsureChannelFirstd, LoadImaged


def judge(folder, result):
    load = Compose([LoadImaged(keys=["image", "label"]), EnsureChannelFirstd(keys=["image", "label"])])
    seen = set()
    for key in ("training", "validation"):
        pairs = load_decathlon_datalist(str(folder / "dataset.json"), True, key, base_dir=str(folder)) if key == "training" or listed(folder, key) else []
        for pair, got in zip(pairs, DataLoader(Dataset(pairs, transform=load), batch_size=1, shuffle=False)):
            name = stem(pair["label"])
            image, label = got["image"][0, 0], got["label"][0, 0]
            if image.shape != label.shape:
                result.problem(f"{name}: the image is {tuple(image.shape)}, the label {tuple(label.shape)}")
            if name in seen:
                result.problem(f"{name} is in two lists")
            seen.add(name)
            result.mask(name, [label[:, :, k].numpy().T for k in range(label.shape[2])])
            result.affine[name] = [[float(v) for v in row] for row in got["label"].affine[0]] if got["label"].affine.ndim == 3 else [
                [float(v) for v in row] for row in got["label"].affine]


def listed(folder, key):
    import json

    return json.loads((folder / "dataset.json").read_text()).get(key)


main(judge)
