"""nibabel and SimpleITK on every volume below the folder: both have to read the same values at the same places.

Slices are in the file's own order, rows x columns. Affines are nibabel's: right, anterior, superior. SimpleITK's frame is
left, posterior, superior, so that its first two rows have the other sign. Spacing is between columns, rows, slices.
"""

import nibabel
import numpy as np
import SimpleITK
from judgement import main, stem


def judge(folder, result):
    for path in sorted(folder.rglob("*.nii.gz")):
        name = stem(path)
        image = nibabel.load(path)
        values = np.asanyarray(image.dataobj)
        other = SimpleITK.ReadImage(str(path))
        if not np.array_equal(SimpleITK.GetArrayFromImage(other).T, values):
            result.problem(f"{name}: nibabel and SimpleITK read other values")
        affine = np.eye(4)
        affine[:3, :3] = np.reshape(other.GetDirection(), (3, 3)) * other.GetSpacing()
        affine[:3, 3] = other.GetOrigin()
        affine = np.diag([-1, -1, 1, 1]) @ affine
        if not np.allclose(affine, image.affine, atol=1e-4):
            result.problem(f"{name}: nibabel's affine is {image.affine.tolist()}, SimpleITK's {affine.tolist()}")
        if not image.header["sform_code"] or image.header["qform_code"] and not np.allclose(image.get_qform(), image.get_sform(), atol=1e-4):
            result.problem(f"{name}: no sform, or a qform that differs")
        result.spacing[name] = [float(v) for v in image.header.get_zooms()]
        result.affine[name] = [[float(v) for v in row] for row in image.affine]
        if values.dtype == np.uint8:
            result.mask(name, [values[:, :, k].T for k in range(values.shape[2])])


main(judge)
