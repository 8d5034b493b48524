"""nnU-Net v2 on raw data sets: its own check of a data set's integrity, and what its readers make of the labels.

Masks are by case: slices along the first of the reader's spatial axes, in the file's order. Spacing is between slices, rows,
columns; a picture's slice has 999. Affines of volumes are SimpleITK's, in its frame (LPS).
"""

import json

import numpy as np
from judgement import main
from nnunetv2.experiment_planning.verify_dataset_integrity import verify_dataset_integrity
from nnunetv2.imageio.reader_writer_registry import determine_reader_writer_from_dataset_json
from nnunetv2.utilities.utils import get_filenames_of_train_images_and_targets


def folds(path, cases, result):
    splits = json.loads(path.read_text())
    for k, fold in enumerate(splits):
        if sorted(fold["train"] + fold["val"]) != sorted(cases):
            result.problem(f"fold {k} is not of the cases that there are")
    if sorted(case for fold in splits for case in fold["val"]) != sorted(cases):
        result.problem("the folds do not validate each case once")


def judge(folder, result):
    for data in sorted(folder.glob("Dataset???_*")):
        verify_dataset_integrity(str(data), num_processes=1)
        about = json.loads((data / "dataset.json").read_text())
        cases = get_filenames_of_train_images_and_targets(str(data), about)
        if sorted(p.name for p in (data / "labelsTr").iterdir()) != sorted(c + about["file_ending"] for c in cases):
            result.problem("labelsTr holds other files than the cases' labels")
        for case, files in cases.items():
            reader = determine_reader_writer_from_dataset_json(about, files["images"][0])()
            labels, properties = reader.read_seg(files["label"])
            result.mask(case, labels[0])
            result.spacing[case] = [float(s) for s in properties["spacing"]]
            if itk := properties.get("sitk_stuff"):
                affine = np.eye(4)
                affine[:3, :3] = np.reshape(itk["direction"], (3, 3)) * itk["spacing"]
                affine[:3, 3] = itk["origin"]
                result.affine[case] = affine.tolist()
        if (data / "splits_final.json").exists():
            folds(data / "splits_final.json", list(cases), result)
    if not result.masks:
        result.problem("no data set of nnU-Net's names, or no case in it")


if __name__ == "__main__":  # nnU-Net's workers import this file
    main(judge)
