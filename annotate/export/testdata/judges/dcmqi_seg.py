"""What dcmqi's segimage2itkimage reads in each binary DICOM segmentation (*.dcm) of a folder.

Masks are the slices from the first to the last that hold a segment, by position along the normal: the segments'
numbers. Spacing is between columns, rows, slices, and the affine that of the first of these slices, both in DICOM's
frame (LPS), as ITK has them.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from judgement import main, stem


def judge(folder, result):
    for path in sorted(folder.glob("*.dcm")):
        with tempfile.TemporaryDirectory() as out:
            tool = Path(sys.executable).with_name("segimage2itkimage")
            subprocess.run([tool, "--inputDICOM", path, "--outputDirectory", out, "-t", "nrrd", "-p", "s"], check=True)
            files = sorted(Path(out).glob("*.nrrd"))
            if not files:
                result.problem(f"{path.name}: no segment came out")
                continue
            images = {int(f.stem.rsplit("-", 1)[1]): sitk.ReadImage(f) for f in files}
        whole = None
        for number, image in sorted(images.items()):
            values = sitk.GetArrayFromImage(image)
            whole = np.zeros(values.shape, np.uint8) if whole is None else whole
            whole[values > 0] = number
        result.mask(stem(path), whole)
        spacing, direction = np.array(image.GetSpacing()), np.array(image.GetDirection()).reshape(3, 3)
        affine = np.eye(4)
        affine[:3, :3], affine[:3, 3] = direction * spacing, image.GetOrigin()
        result.spacing[stem(path)], result.affine[stem(path)] = spacing.tolist(), affine.tolist()


main(judge)
