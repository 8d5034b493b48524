"""Reads DICOM files with independent tools and writes what each pixel should be.

usage: judge.py RAW < JSON list of paths > JSON list of verdicts

pydicom reads the header and native pixels; gdcm, or else dcmtk, decompresses
others first. RAW gets, for each frame that was read, the scaled values as 16-bit
little endian: rounded and limited, -1024 where the stored value is padding; then
a byte a pixel, 1 where it is padding. A verdict has the judge's name and the
frames' number and size, or the reason why there is nothing to compare.
"""
import json
import subprocess
import sys
import tempfile
import warnings

import numpy
import pydicom

warnings.simplefilter("ignore")

NATIVE = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99")
DECOMPRESS = (
    ("gdcm", ["gdcmconv", "--raw"]),
    ("dcmtk", ["dcmdjpeg", "-q"]),
    ("dcmtk", ["dcmdjpls", "-q"]),
    ("dcmtk", ["dcmdrle", "-q"]),
)


def stored(path, ds):
    """Returns the judge's name and the stored values."""
    if ds.file_meta.get("TransferSyntaxUID", NATIVE[0]) in NATIVE:
        return "pydicom", ds.pixel_array
    for name, command in DECOMPRESS:
        with tempfile.NamedTemporaryFile(suffix=".dcm") as out:
            if subprocess.run(command + [path, out.name], capture_output=True).returncode == 0:
                return name, pydicom.dcmread(out.name).pixel_array
    raise ValueError("neither gdcm nor dcmtk decompresses it")


def scale(ds, i):
    """Returns the slope and the intercept of frame i."""
    at = ds
    for name, k in (("SharedFunctionalGroupsSequence", 0), ("PerFrameFunctionalGroupsSequence", i)):
        if name in ds and "PixelValueTransformationSequence" in ds[name][k]:
            at = ds[name][k].PixelValueTransformationSequence[0]
    slope, intercept = at.get("RescaleSlope"), at.get("RescaleIntercept")
    return (1.0, 0.0) if slope is None or intercept is None else (float(slope), float(intercept))


def values(ds, pixels, i):
    """Returns frame i scaled, and where it is padding."""
    slope, intercept = scale(ds, i)
    bits = 8 * pixels.itemsize
    whole = pixels << (bits - 1 - ds.HighBit) >> (bits - ds.BitsStored)
    hu = numpy.clip(numpy.rint(whole.astype("float64") * slope + intercept), -32768, 32767)
    pad = numpy.zeros(pixels.shape, bool)
    if "PixelPaddingValue" in ds:
        value = numpy.array(ds.PixelPaddingValue & 0xFFFF, "uint16")
        pad = pixels == (value.view("int16") if ds.PixelRepresentation else value)
    hu[pad] = -1024
    return hu, pad


def judge(path, out):
    try:
        ds = pydicom.dcmread(path)
        photometric = ds.get("PhotometricInterpretation", "no pixels")
        if not photometric.startswith("MONOCHROME"):
            return {"nothing": photometric}
        name, pixels = stored(path, ds)
        frames = pixels.reshape((-1,) + pixels.shape[-2:])
        for i, frame in enumerate(frames):
            hu, pad = values(ds, frame, i)
            out.write(hu.astype("<i2").tobytes() + pad.astype("u1").tobytes())
        slope = max(abs(scale(ds, i)[0]) for i in range(len(frames)))
        return {"judge": name, "frames": len(frames), "rows": frames.shape[1], "columns": frames.shape[2], "slope": slope}
    except Exception as e:
        return {"nothing": f"{type(e).__name__}: {e}"}


with open(sys.argv[1], "wb") as raw:
    verdicts = []
    for path in json.load(sys.stdin):
        offset = raw.tell()
        verdict = judge(path, raw)
        if "nothing" in verdict:
            raw.seek(offset)
            raw.truncate()
        verdicts.append(dict(verdict, offset=offset))
json.dump(verdicts, sys.stdout)
