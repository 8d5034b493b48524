"""Shows labelme with a picture of CT's size, drawing a line strip: it has no brush, and this is what follows the
pointer. Prints where its canvas lies on the display: [x, y, width, height] in pixels, one line of JSON."""

import json
import os
import sys
import tempfile

import numpy as np
from labelme.app import MainWindow
from labelme.widgets.canvas import Canvas
from PyQt5 import QtCore, QtGui, QtWidgets

path = os.path.join(tempfile.mkdtemp(), "slice.png")
grey = np.random.default_rng(1).integers(0, 255, (512, 512)).astype(np.uint8)
QtGui.QImage(grey.data, 512, 512, 512, QtGui.QImage.Format_Grayscale8).save(path)
app = QtWidgets.QApplication(sys.argv)
window = MainWindow(file_or_dir=path)
window.show()
window.resize(1280, 820)


def tell():
    window._switch_canvas_mode(edit=False, create_mode="linestrip")
    canvas = window.findChild(Canvas)
    corner = canvas.mapToGlobal(QtCore.QPoint(0, 0))
    print(json.dumps([corner.x(), corner.y(), canvas.width(), canvas.height()]), flush=True)


QtCore.QTimer.singleShot(6000, tell)
app.exec()
