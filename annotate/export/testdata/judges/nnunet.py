"""nnU-Net v2 on raw data sets: its own check of a data set's integrity, and what its readers make of the labels.

Slices are in the order of the reader's first spatial axis; affines are not told. Splits are looked through for cases that
there are not, or twice.
"""

import json
import os

import numpy as np
from judgement import main


def judge(folder, result):
    os.environ.setdefault("nnUNet_raw", str(folder))
    os.environ.setdefault("nnUNet_preprocessed", str(folder))
    os.environ.setdefault("nnUNet_results", str(folder))
    from nnunetv2.experiment_planning.verify_dataset_integrity import verify_dataset_integrity
    from nnunetv2.imageio.reader_writer_registry import determine_reader_writer_from_dataset_json

    for data in sorted(folder.glob("Dataset*_*")):
        verify_dataset_integrity(str(data), num_processes=1)
        about = json.loads((data / "dataset.json").read_text())
        ending = about["file_ending"]
        labels = sorted((data / "labelsTr").iterdir())
        first = data / "imagesTr" / (labels[0].name[: -len(ending)] + "_0000" + ending)
        reader = determine_reader_writer_from_dataset_json(about, str(first))()
        for path in labels:
            name = path.name[: -len(ending)]
            seg, properties = reader.read_seg(str(path))
            image, _ = reader.read_images([str(data / "imagesTr" / f"{name}_0000{ending}")])
            if image.shape != seg.shape:
                result.problem(f"{name}: the image is {image.shape}, the labels {seg.shape}")
            result.mask(name, list(seg[0]))
            result.spacing[name] = [float(s) for s in properties["spacing"]]
        splits = data / "splits_final.json"
        names = sorted(p.name[: -len(ending)] for p in labels)
        for k, fold in enumerate(json.loads(splits.read_text()) if splits.exists() else []):
            if sorted(fold["train"] + fold["val"]) != names:
                result.problem(f"fold {k} is not of the cases that there are")


np.seterr(all="raise")
main(judge)
