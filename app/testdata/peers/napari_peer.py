"""Shows napari with a series of CT's size and a labels layer in paint mode, and prints where its canvas lies on the
display: [x, y, width, height] in pixels, one line of JSON."""

import json

import napari
import numpy as np
from qtpy.QtCore import QPoint, QTimer

shape = (40, 512, 512)
hu = np.random.default_rng(1).integers(-1000, 400, shape).astype(np.int16)
viewer = napari.Viewer(show=False)
viewer.add_image(hu, contrast_limits=(-1350, 150))
labels = viewer.add_labels(np.zeros(shape, np.uint8))
labels.brush_size = 3
labels.mode = "paint"
viewer.show()
viewer.window.resize(1280, 820)


def tell():
    canvas = viewer.window._qt_viewer.canvas.native
    corner = canvas.mapToGlobal(QPoint(0, 0))
    print(json.dumps([corner.x(), corner.y(), canvas.width(), canvas.height()]), flush=True)


QTimer.singleShot(6000, tell)
napari.run()
