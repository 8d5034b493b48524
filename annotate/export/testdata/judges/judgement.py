"""What each judge says of an export: one JSON object on standard output.

    masks     {stem: [SHA-256 of a slice's uint8 values, row-major, rows x columns, as the format has them, ...]}
    spacing   {stem: [mm, ...]}, in the order that the judge's own docstring states
    affine    {stem: 4x4}, voxel indices (column, row, slice) to mm, in the frame that the judge's docstring states
    problems  [a sentence each]

Slices are in the file's own order, as the docstring of each judge states.
"""

import hashlib
import json
import os
import sys
import tempfile
import traceback
from pathlib import Path

import numpy as np


class Judgement:
    def __init__(self):
        self.masks, self.spacing, self.affine, self.problems = {}, {}, {}, []

    def mask(self, stem, planes):
        """Adds the slices of a case, each rows x columns of values that fit uint8."""
        hashes = []
        for k, plane in enumerate(planes):
            values = np.asarray(plane)
            whole = values.astype(np.uint8)
            if values.ndim != 2 or not np.array_equal(whole, values):
                self.problem(f"{stem}, slice {k + 1}: not a plane of whole values from 0 to 255")
            hashes.append(hashlib.sha256(np.ascontiguousarray(whole).tobytes()).hexdigest())
        if stem in self.masks:
            self.problem(f"{stem}: two masks of this name")
        self.masks[stem] = hashes

    def problem(self, sentence):
        self.problems.append(str(sentence))


def stem(path):
    """The name without folder and ending, .nii.gz counted as one ending."""
    name = Path(path).name
    return name[: -len(".nii.gz")] if name.endswith(".nii.gz") else name.rsplit(".", 1)[0]


def main(judge):
    """Runs judge(folder, judgement) on the folder of the command line and prints the judgement.

    What the libraries print, their worker processes too, is searched for warnings and errors, which are problems.
    """
    result = Judgement()
    out = os.dup(1)
    with tempfile.TemporaryFile() as said:
        os.dup2(said.fileno(), 1)
        try:
            judge(Path(sys.argv[1]), result)
        except (Exception, SystemExit) as e:
            traceback.print_exc()
            result.problem(f"{type(e).__name__}: {e}")
        sys.stdout.flush()
        said.seek(0)
        for line in said.read().decode(errors="replace").splitlines():
            print(line, file=sys.stderr)
            if line.lstrip().lower().startswith(("warning", "error")):
                result.problem(line.strip())
    with os.fdopen(out, "w") as f:
        json.dump(vars(result), f)
