"""The COVID-SemiSeg benchmark's evaluation, written anew in NumPy from its
published definition (Inf-Net, EvaluationTool/main.m and Fmeasure_calu.m).

Reads {"prob": maps, "truth": masks, "slack": s} and prints the means. With
slack 0 thresholds and scaled maps are compared as binary fractions, rounded;
with a little slack a pixel that lies on a threshold counts as reaching it.
"""
import json
import sys

import numpy as np


def scaled(image):
    """0..1 from the lowest to the highest value; mapminmax(x, 0, 1)."""
    low, high = image.min(), image.max()
    return image if low == high else (image - low) / (high - low)


def measures(said, truth):
    """Dice, sensitivity, specificity of one cut; all 0 where nothing is hit."""
    hit = np.sum(said & truth)
    if hit == 0:
        return 0, 0, 0
    false_positive, true_negative = np.sum(said & ~truth), np.sum(~said & ~truth)
    return (2 * hit / (np.sum(truth) + np.sum(said)), hit / np.sum(truth),
            true_negative / (true_negative + false_positive))


case = json.load(sys.stdin)
thresholds = np.linspace(1, 0, 256)
table = np.array([
    [measures(scaled(np.array(p) / 255) >= t - case["slack"], np.array(m) > 0) for t in thresholds]
    for p, m in zip(case["prob"], case["truth"])
])
dice, sensitivity, specificity = table.mean(0).T
print(json.dumps({
    "infnet_mean_dice": dice.mean(), "infnet_max_dice": dice.max(),
    # the lowest threshold that has the maximum
    "infnet_max_dice_threshold": thresholds[::-1][dice[::-1].argmax()],
    "infnet_mean_sensitivity": sensitivity.mean(), "infnet_mean_specificity": specificity.mean(),
}))
