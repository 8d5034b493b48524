"""Makes surface.json: masks, and what MONAI and MedPy say of their surfaces.

Kept beside its output since neither judge is a Debian package. Needs torch,
monai and medpy; prints the file.
"""
import json
import warnings

import medpy
import monai
import numpy as np
import torch
from medpy.metric import binary
from monai.metrics import compute_hausdorff_distance, compute_surface_dice
from scipy.ndimage import gaussian_filter

warnings.simplefilter("ignore")
TOLERANCES = [0.5, 1.0, 2.0, 3.5]


def masks(seed, size):
    """Two ragged masks that overlap: smooth noise, cut, shared in part."""
    noise = np.random.default_rng(seed)
    shared, a, b = (gaussian_filter(noise.standard_normal(size), 1.5) for _ in range(3))
    shared /= shared.std()
    return [shared + 0.6 * extra / extra.std() > 0.7 for extra in (a, b)]


def rows(mask):
    """Rows of text, # for set; a volume's slices one after the other."""
    return ["".join(".#"[int(v)] for v in row) for row in mask.reshape(-1, mask.shape[-1])]


def case(seed, size, spacing):
    prediction, truth = masks(seed, size)
    a, b = (torch.tensor(m[None, None].astype(np.float32)) for m in (prediction, truth))
    return {
        "size": (list(size[::-1]) + [1])[:3],
        "spacing": (list(spacing[::-1]) + [1])[:3],
        "prediction": rows(prediction),
        "truth": rows(truth),
        "monai_hausdorff95": float(compute_hausdorff_distance(a, b, include_background=True, percentile=95, spacing=list(spacing))),
        "monai_surface_dice": [
            float(compute_surface_dice(a, b, class_thresholds=[t], include_background=True, spacing=list(spacing)))
            for t in TOLERANCES
        ],
        "medpy_hd95": float(binary.hd95(prediction, truth, spacing)),
        "medpy_asd": [float(binary.asd(prediction, truth, spacing)), float(binary.asd(truth, prediction, spacing))],
    }


print(json.dumps({
    "judges": f"MONAI {monai.__version__}, MedPy {medpy.__version__}",
    "tolerances": TOLERANCES,
    "cases": [
        case(1, (22, 30), (1.0, 1.0)),
        case(2, (26, 24), (0.7, 0.9)),
        case(3, (18, 32), (0.68359375, 0.68359375)),
        case(4, (7, 14, 16), (5.0, 0.7, 0.7)),
    ],
}, indent=1))
