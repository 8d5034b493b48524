package labels

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/internal/testkit"
)

// inPolygon is the judge of filling: a pixel is in where rays down from its centre
// cross the contours an odd number of times, or where it lies on one, by the
// distance along its row or its column.
const inPolygon = `
import numpy as np
def fill(contours, w, h):
    odd, on = np.zeros((h, w), bool), np.zeros((h, w), bool)
    rows, columns, e = np.arange(h), np.arange(w), 1e-3
    for c in contours:
        for (ax, ay), (bx, by) in zip(c, np.roll(c, -1, 0)):
            x = columns[(columns >= min(ax, bx)) & (columns < max(ax, bx))]
            if len(x):
                odd[:, x] ^= (ay + (by - ay) * (x - ax) / (bx - ax))[None, :] > rows[:, None]
            x = columns[(columns >= min(ax, bx) - e) & (columns <= max(ax, bx) + e)]
            y = rows[(rows >= min(ay, by) - e) & (rows <= max(ay, by) + e)]
            if not len(x) or not len(y): continue
            x, y = np.meshgrid(x, y)
            if abs(by - ay) > abs(bx - ax):
                near = abs(ax + (bx - ax) * (np.clip(y, min(ay, by), max(ay, by)) - ay) / (by - ay) - x) <= e
            elif bx != ax:
                near = abs(ay + (by - ay) * (np.clip(x, min(ax, bx), max(ax, bx)) - ax) / (bx - ax) - y) <= e
            else:
                near = np.hypot(x - ax, y - ay) <= e
            on[y[near], x[near]] = True
    return odd | on
`

// makeStructures writes structure sets by pydicom, each to a file of its name, of
// stars with holes and of the outlines of rectangles through the centres of their
// pixels, and prints for each slice the name, its number, and the structures'
// numbers, the later over the earlier.
const makeStructures = inPolygon + `
import json, os, sys, pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
def item(**k):
    d = Dataset()
    for name, v in k.items(): setattr(d, name, v)
    return d
rng = np.random.default_rng(5)
def star(cx, cy, r, n):
    a = np.arange(n) * 2 * np.pi / n
    r = r * rng.uniform(.5, 1, n)
    return np.round(np.stack([cx + r * np.cos(a), cy + r * np.sin(a)], 1), 3)
def make(name, s):
    w, h = s["W"], s["H"]
    meta = FileMetaDataset(); meta.TransferSyntaxUID = "1.2.840.10008.1.2"
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID = "1.2.840.10008.5.1.4.1.1.481.3", "1.2.3.98"
    path = os.path.join(sys.argv[2], name + ".dcm")
    d = pydicom.FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
    d.is_little_endian, d.is_implicit_VR = True, True
    d.SOPClassUID, d.SOPInstanceUID, d.Modality = meta.MediaStorageSOPClassUID, "1.2.3.98", "RTSTRUCT"
    names = ["GGO", "Tumor"]
    d.StructureSetROISequence = Sequence([item(ROINumber=i + 1, ROIName=n, ReferencedFrameOfReferenceUID=s["Frame"]) for i, n in enumerate(names)])
    want, rois = {}, []
    for k in range(2):
        contours = []
        for i in ([0, 2] if k == 0 else [2, 3]):
            if k == 0:
                drawn = [star(15 + i, 12, 11, s["Long"] or 20), star(15 + i, 12, 4, 9), star(33, 20, 5, 5)]
            else:
                drawn = [np.array([[20, 5], [30, 5], [30, 18], [20, 18]], float), np.array([[23, 9], [27, 9], [27, 13], [23, 13]], float)]
            plane = want.setdefault(i, np.zeros((h, w), int))
            plane[fill(drawn, w, h)] = k + 1
            for c in drawn:
                data = [v for x, y in c for v in ("%.6f" % (-100 + x), "%.6f" % (-120 + 2 * y), "%.6f" % (40 + 5 * i + s["Shift"]))]
                one = item(ContourGeometricType=s["Type"], NumberOfContourPoints=len(c), ContourData=data)
                if s["Refer"]:
                    one.ContourImageSequence = Sequence([item(ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.2", ReferencedSOPInstanceUID="1.2.3.%d" % (i + 1))])
                contours.append(one)
        rois.append(item(ReferencedROINumber=k + 1, ROIDisplayColor=[10, 200, 30 + k], ContourSequence=Sequence(contours[::-1] if k else contours)))
    d.ROIContourSequence = Sequence(rois)
    d.save_as(path, write_like_original=False)
    for i in sorted(want):
        print(name, i, " ".join(map(str, want[i].ravel())))
for name, s in json.loads(sys.argv[1]).items(): make(name, s)
`

func TestStructureSetsOfPydicom(t *testing.T) {
	type spec struct {
		W, H        int
		Frame, Type string
		Refer       bool
		Shift       float64
		Long        int // points of one contour
	}
	base := spec{W: 40, H: 30, Frame: "1.2.3.9", Type: "CLOSED_PLANAR", Refer: true}
	with := func(change func(s *spec)) spec {
		s := base
		change(&s)
		return s
	}
	cases := []struct {
		name string
		spec spec
		by   By
		line string
	}{
		{"by UID", base, ByUID, "structure GGO: Ground glass in "},
		{"by UID, half a slice off", with(func(s *spec) { s.Shift = 2.4 }), ByUID, ""},
		{"by position", with(func(s *spec) { s.Refer, s.Shift = false, -0.4 }), ByPosition, "structure Tumor: Tumor in "},
		{"values longer than the parser keeps", with(func(s *spec) { s.Long = 4000 }), ByUID, ""},
		{"far from what it refers to", with(func(s *spec) { s.Shift = 4 }), "", farFromSlice},
		{"between slices", with(func(s *spec) { s.Refer, s.Shift = false, 2 }), "", otherPlace},
		{"another frame of reference", with(func(s *spec) { s.Refer, s.Frame = false, "1.2.3.10" }), "", otherReference},
		{"open contours", with(func(s *spec) { s.Type = "OPEN_PLANAR" }), "", "contour 1 of GGO and 9 more: " + notPlanar},
	}
	var specs []spec
	for _, c := range cases {
		specs = append(specs, c.spec)
	}
	files, said := judgeAll(t, makeStructures, specs)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, straight(40, 30, 4), Options{}, files[i])
			wantLine(t, l, c.line)
			if !wantBy(t, l, c.by) {
				return
			}
			wantPlanes(t, l, said, bare(files[i]), 40, map[int]uint8{1: 1, 2: 4})
			if c := l.Table[3].Color; c.R != 10 || c.G != 200 || c.B != 31 {
				t.Errorf("the structure's colour became %v", c)
			}
		})
	}
}

// Structure sets of dicompyler and rt-utils, as pydicom reads their contours and
// the judge fills them.
func TestRealStructureSets(t *testing.T) {
	root := testkit.Data(t, filepath.Join("dicom", "rtstruct"))
	mock := filepath.Join(root, "rt-utils", "tests", "mock_data")
	cases := []struct {
		images []string
		file   string
	}{
		{[]string{filepath.Join(mock, "ct_1.dcm"), filepath.Join(mock, "ct_2.dcm")}, filepath.Join(mock, "rt.dcm")},
		{[]string{filepath.Join(mock, "ct_1.dcm"), filepath.Join(mock, "ct_2.dcm")}, filepath.Join(root, "rt-utils", "tests", "empty", "dummy_rt.dcm")},
		{[]string{filepath.Join(root, "dicompyler", "ct.0.dcm")}, filepath.Join(root, "dicompyler", "rtss.dcm")},
	}
	var args []string
	for _, c := range cases {
		args = append(args, c.file+","+strings.Join(c.images, ","))
	}
	said := judge(t, "pydicom numpy", inPolygon+`
import sys, pydicom
for arg in sys.argv[1:]:
    path, *images = arg.split(",")
    d = pydicom.dcmread(path, force=True)
    names = {r.ROINumber: r.ROIName for r in d.StructureSetROISequence}
    for image in images:
        ct = pydicom.dcmread(image, force=True)
        z0, (sy, sx) = float(ct.ImagePositionPatient[2]), map(float, ct.PixelSpacing)
        for r in d.ROIContourSequence:
            drawn = []
            for c in r.get("ContourSequence", []):
                p = np.array(c.ContourData, float).reshape(-1, 3)
                uid = c.ContourImageSequence[0].ReferencedSOPInstanceUID if "ContourImageSequence" in c else ""
                if uid == ct.SOPInstanceUID or (uid not in [pydicom.dcmread(i, force=True, stop_before_pixels=True).SOPInstanceUID for i in images] and abs(p[0, 2] - z0) < .25):
                    drawn.append(np.stack([(p[:, 0] - float(ct.ImagePositionPatient[0])) / sx, (p[:, 1] - float(ct.ImagePositionPatient[1])) / sy], 1))
            if drawn:
                print(path, ct.SOPInstanceUID, "structure " + names[r.ReferencedROINumber], int(fill(drawn, ct.Columns, ct.Rows).sum()), "pixels")
`, args...)
	for _, c := range cases {
		t.Run(filepath.Base(c.file), func(t *testing.T) {
			found, err := ct.Open(context.Background(), c.images, nil)
			if err != nil || len(found.Series) != 1 {
				t.Fatal(found, err)
			}
			l := read(t, found.Series[0], Options{}, c.file)
			for _, m := range l.Report.Matches {
				want := fmt.Sprintf("%s %s %s %d pixels\n", c.file, found.Series[0].Sources[m.Slice].SOPInstanceUID, m.Part, m.Pixels)
				if !strings.Contains(said, want) {
					t.Errorf("the judge does not say %s", want)
				}
			}
			if n := strings.Count(said, c.file+" "); len(l.Report.Matches) != n || n == 0 {
				t.Errorf("%d structures on slices, want %d of\n%s", len(l.Report.Matches), n, said)
			}
		})
	}
}
