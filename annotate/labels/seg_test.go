package labels

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/internal/testkit"
)

// segSpec is what the script below makes a segmentation of. It fits the series
// that straight makes, whose size is in W, H and N.
type segSpec struct {
	W, H, N    int
	Type       string // BINARY, FRACTIONAL, LABELMAP
	Segments   [][]string
	Frames     [][3]int // slice, segment, kind of pattern
	Refer      bool     // to the source images
	Place      bool     // give positions
	Flip       bool     // columns run to the patient's right
	Shift      float64  // of positions along z
	Frame      string   // of reference
	Bits       int      // of label maps
	Compressed string   // RLE or Deflated
}

// makeSegs writes segmentations by pydicom, each to a file of its name, and prints
// for each slice the name, its number, and the labels that it holds, the later frame
// over the earlier one, as numbers of segments. With Flip, what it writes is flipped
// and what it prints is not.
const makeSegs = `
import json, os, sys, numpy as np, pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, RLELossless, DeflatedExplicitVRLittleEndian
def item(**k):
    d = Dataset()
    for name, v in k.items(): setattr(d, name, v)
    return d
def make(name, s):
    path = os.path.join(sys.argv[2], name + ".dcm")
    w, h = s["W"], s["H"]
    syntax = {"": ExplicitVRLittleEndian, "RLE": RLELossless, "Deflated": DeflatedExplicitVRLittleEndian}[s["Compressed"]]
    meta = FileMetaDataset(); meta.TransferSyntaxUID = ExplicitVRLittleEndian if s["Compressed"] == "RLE" else syntax
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.66.7" if s["Type"] == "LABELMAP" else "1.2.840.10008.5.1.4.1.1.66.4"
    meta.MediaStorageSOPInstanceUID = "1.2.3.99"
    d = pydicom.FileDataset(path, {}, file_meta=meta, preamble=b"\0" * 128)
    d.is_little_endian, d.is_implicit_VR = True, False
    d.SOPClassUID, d.SOPInstanceUID, d.Modality = meta.MediaStorageSOPClassUID, "1.2.3.99", "SEG"
    d.FrameOfReferenceUID = s["Frame"]
    d.SegmentationType, d.SamplesPerPixel, d.PhotometricInterpretation, d.PixelRepresentation = s["Type"], 1, "MONOCHROME2", 0
    d.Rows, d.Columns, d.NumberOfFrames = h, w, len(s["Frames"])
    d.SegmentSequence = Sequence([item(SegmentNumber=int(n), SegmentLabel=name, SegmentedPropertyTypeCodeSequence=Sequence([item(
        CodeValue=code, CodingSchemeDesignator=scheme, CodeMeaning=name)])) for n, name, scheme, code in s["Segments"]])
    shared = Dataset()
    shared.PixelMeasuresSequence = Sequence([item(PixelSpacing=[2, 1], SliceThickness=5)])
    if s["Place"]:
        shared.PlaneOrientationSequence = Sequence([item(ImageOrientationPatient=[-1, 0, 0, 0, 1, 0] if s["Flip"] else [1, 0, 0, 0, 1, 0])])
    d.SharedFunctionalGroupsSequence = Sequence([shared])
    bits = {"BINARY": 1, "FRACTIONAL": 8, "LABELMAP": s["Bits"]}[s["Type"]]
    planes, per, want = [], [], {}
    for i, segment, kind in s["Frames"]:
        y, x = np.mgrid[:h, :w]
        draw = ((x * 7 + y * 3 + kind * x * y) % (5 + kind)) < 2
        if s["Type"] == "FRACTIONAL":
            v = ((x * 31 + y * 17 + kind) % 256).astype(np.uint16)
            draw = v >= 128
        elif s["Type"] == "LABELMAP":
            v = ((x + y * 2 + kind) % 3 * segment).astype(np.uint16)
        else:
            v = draw.astype(np.uint16)
        plane = want.setdefault(i, np.zeros((h, w), np.uint16))
        if s["Type"] == "LABELMAP":
            plane[v > 0] = v[v > 0]
        else:
            plane[draw] = segment
        planes.append(v[:, ::-1] if s["Flip"] else v)
        f = Dataset()
        if s["Refer"]:
            f.DerivationImageSequence = Sequence([item(SourceImageSequence=Sequence([item(
                ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.2", ReferencedSOPInstanceUID="1.2.3.%d" % (i + 1))]))])
        if s["Place"]:
            f.PlanePositionSequence = Sequence([item(ImagePositionPatient=[-100 + (w - 1 if s["Flip"] else 0), -120, 40 + 5 * i + s["Shift"]])])
        if s["Type"] != "LABELMAP":
            f.SegmentIdentificationSequence = Sequence([item(ReferencedSegmentNumber=segment)])
        per.append(f)
    d.PerFrameFunctionalGroupsSequence = Sequence(per)
    a = np.stack(planes)
    d.BitsAllocated = d.BitsStored = bits; d.HighBit = bits - 1
    if s["Type"] == "FRACTIONAL":
        d.MaximumFractionalValue, d.SegmentationFractionalType = 255, "PROBABILITY"
    if bits == 1:
        data = np.packbits(a.astype(np.uint8).ravel(), bitorder="little").tobytes()
    else:
        data = a.astype("<u%d" % (bits // 8)).tobytes()
    d.PixelData = data + b"\0" * (len(data) % 2)
    d["PixelData"].VR = "OW" if bits == 16 else "OB"
    if s["Compressed"] == "RLE":
        d.compress(RLELossless, encoding_plugin="pydicom")
    d.save_as(path, write_like_original=False)
    for i in sorted(want):
        print(name, i, " ".join(str(int(v)) for v in want[i].ravel()))
for name, s in json.loads(sys.argv[1]).items(): make(name, s)
`

// Segments of the tests: their labels are 1, 2 and 4.
var testSegments = [][]string{
	{"1", "Something", "SCT", "1217294009"}, {"2", "Other", "SCT", "95436008"}, {"3", "Vessel", "SCT", "59820001"},
}

func TestSegmentationsOfPydicom(t *testing.T) {
	base := segSpec{W: 7, H: 5, N: 4, Type: "BINARY", Segments: testSegments, Frames: [][3]int{{1, 1, 0}, {2, 1, 1}, {1, 2, 2}, {3, 3, 1}}, Refer: true, Place: true, Frame: "1.2.3.9", Bits: 8}
	with := func(change func(s *segSpec)) segSpec {
		s := base
		change(&s)
		return s
	}
	cases := []struct {
		name  string
		spec  segSpec
		by    By // "" where nothing comes in
		lines []string
	}{
		{"bits across frames", base, ByUID, []string{"segment 1 (Something): Ground glass", "segment 3 (Vessel): Vessel", "hidden by Consolidation"}},
		{"by position", with(func(s *segSpec) { s.Refer = false }), ByPosition, nil},
		{"by position, 0.3 mm off", with(func(s *segSpec) { s.Refer, s.Shift = false, 0.3 }), ByPosition, nil},
		{"by UID alone", with(func(s *segSpec) { s.Place = false }), ByUID, nil},
		{"flipped", with(func(s *segSpec) { s.Flip = true }), ByUID, nil},
		{"fractions", with(func(s *segSpec) { s.Type = "FRACTIONAL" }), ByUID, []string{"at least 128 of 255"}},
		{"a label map", with(func(s *segSpec) { s.Type, s.Frames = "LABELMAP", [][3]int{{1, 1, 0}, {2, 1, 1}} }), ByUID, []string{"DICOM label map, segment 2"}},
		{"a label map of 16 bits", with(func(s *segSpec) {
			s.Type, s.Bits, s.Frames = "LABELMAP", 16, [][3]int{{0, 1, 0}, {3, 1, 2}}
		}), ByUID, nil},
		{"compressed", with(func(s *segSpec) { s.Type, s.Compressed, s.Frames = "LABELMAP", "RLE", [][3]int{{0, 1, 0}, {3, 1, 2}} }), ByUID, nil},
		{"deflated", with(func(s *segSpec) { s.Compressed = "Deflated" }), ByUID, nil},
		{"another frame of reference", with(func(s *segSpec) { s.Refer, s.Frame = false, "1.2.3.10" }), "", []string{"frame 1 and 3 more: " + otherReference}},
		{"between the slices", with(func(s *segSpec) { s.Refer, s.Shift = false, 2 }), "", []string{otherPlace}},
		{"a reference that its position belies", with(func(s *segSpec) { s.Shift = 5 }), "", []string{farFromSlice}},
		{"no place at all", with(func(s *segSpec) { s.Refer, s.Place = false, false }), "", []string{noPlace}},
	}
	var specs []segSpec
	for _, c := range cases {
		specs = append(specs, c.spec)
	}
	files, said := judgeAll(t, makeSegs, specs)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			l := read(t, straight(7, 5, 4), Options{}, files[i])
			for _, line := range c.lines {
				wantLine(t, l, line)
			}
			if !wantBy(t, l, c.by) {
				return
			}
			wantPlanes(t, l, said, bare(files[i]), 7, map[int]uint8{1: 1, 2: 2, 3: 4})
		})
	}
}

// wantPlanes compares planes of w columns with those that a judge printed for a
// name, whose values stand for labels.
func wantPlanes(t testing.TB, l *Labels, said, name string, w int, labels map[int]uint8) {
	t.Helper()
	var slicesSaid []int
	for line := range strings.Lines(said) {
		var i int
		fields := strings.Fields(line)
		if fields[0] != name {
			continue
		}
		fmt.Sscan(fields[1], &i)
		want := make([]uint8, len(fields)-2)
		for p, f := range fields[2:] {
			var v int
			fmt.Sscan(f, &v)
			want[p] = labels[v]
		}
		if slices.Max(want) > 0 {
			slicesSaid = append(slicesSaid, i)
		}
		if got := l.Plane(i); !slices.Equal(got, want) {
			t.Errorf("slice %d is\n%swant\n%s", i, picture(got, w), picture(want, w))
		}
	}
	if !slices.Equal(l.Slices(), slicesSaid) || len(slicesSaid) == 0 {
		t.Errorf("slices %v have labels, want %v\n%s", l.Slices(), slicesSaid, strings.Join(l.Report.Lines(), "\n"))
	}
}

func TestFractionalThreshold(t *testing.T) {
	spec, _ := json.Marshal(map[string]segSpec{"f": {W: 7, H: 5, N: 1, Type: "FRACTIONAL", Segments: testSegments, Frames: [][3]int{{0, 1, 0}}, Refer: true, Frame: "1.2.3.9"}})
	dir := t.TempDir()
	judge(t, "pydicom numpy", makeSegs, string(spec), dir)
	path := filepath.Join(dir, "f.dcm")
	l := read(t, straight(7, 5, 1), Options{Threshold: 0.1}, path)
	n := 0
	for y := range 5 {
		for x := range 7 {
			if (x*31+y*17)%256 >= 26 {
				n++
			}
		}
	}
	if l.Report.Matches[0].Pixels != n {
		t.Errorf("%d pixels are in, want %d", l.Report.Matches[0].Pixels, n)
	}
	l = read(t, straight(8, 5, 1), Options{}, path)
	wantLine(t, l, otherArea)
}

// Segmentations of dcmqi and highdicom come in as pydicom reads them.
func TestRealSegmentations(t *testing.T) {
	root := testkit.Data(t, filepath.Join("dicom", "seg"))
	cases := [][2]string{ // images, segmentation
		{"dcmqi/24x38x3/image", "dcmqi/24x38x3/seg/label.seg"},
		{"dcmqi/23x38x3/image", "dcmqi/23x38x3/seg/label.seg"},
		{"dcmqi/24x38x3/image", "dcmqi/sparse-labelmap-ppv5.dcm"},
		{"dcmqi/ct-3slice", "dcmqi/liver.dcm"},
		{"dcmqi/ct-3slice", "dcmqi/partial_overlaps.dcm"},
		{"highdicom/ct_image.dcm", "highdicom/seg_image_ct_binary_single_frame.dcm"},
	}
	var args []string
	for _, c := range cases {
		args = append(args, filepath.Join(root, c[1]))
	}
	said := judge(t, "pydicom numpy", `
import hashlib, sys, numpy as np, pydicom
for path in sys.argv[1:]:
    d = pydicom.dcmread(path)
    a = d.pixel_array.reshape(-1, d.Rows, d.Columns)
    names, planes = [], {}
    for s in d.SegmentSequence:
        if s.SegmentNumber and s.SegmentLabel not in names: names.append(s.SegmentLabel)
    label = {s.SegmentNumber: 4 + names.index(s.SegmentLabel) for s in d.SegmentSequence if s.SegmentNumber}
    for f, g in zip(a, d.PerFrameFunctionalGroupsSequence):
        uid = g.DerivationImageSequence[0].SourceImageSequence[0].ReferencedSOPInstanceUID
        p = planes.setdefault(uid, np.zeros(f.shape, np.uint8))
        if "SegmentIdentificationSequence" in g:
            p[f > 0] = label[g.SegmentIdentificationSequence[0].ReferencedSegmentNumber]
        else:
            for v in np.unique(f):
                if v: p[f == v] = label[int(v)]
    for uid, p in planes.items(): print(path, uid, hashlib.sha256(p.tobytes()).hexdigest(), "labelled" if p.any() else "empty")
`, args...)
	for i, c := range cases {
		t.Run(filepath.Base(c[1]), func(t *testing.T) {
			found, err := ct.Open(context.Background(), []string{filepath.Join(root, c[0])}, nil)
			if err != nil || len(found.Series) != 1 {
				t.Fatal(found, err)
			}
			s := found.Series[0]
			l := read(t, s, Options{}, args[i])
			if len(l.Slices()) == 0 || len(l.Report.LeftOut) > 0 {
				t.Errorf("slices %v have labels; left out: %v", l.Slices(), l.Report.LeftOut)
			}
			for _, m := range l.Report.Matches {
				used := "empty"
				if slices.Contains(l.Slices(), m.Slice) {
					used = "labelled"
				}
				if want := fmt.Sprintf("%s %s %x %s\n", args[i], s.Sources[m.Slice].SOPInstanceUID, sha256.Sum256(l.Plane(m.Slice)), used); m.By != ByUID || !strings.Contains(said, want) {
					t.Errorf("slice %d differs from what pydicom reads", m.Slice)
				}
			}
			if n := strings.Count(said, args[i]); l.Report.Labelled+l.Report.Empty != n {
				t.Errorf("%d slices were matched, want %d", l.Report.Labelled+l.Report.Empty, n)
			}
		})
	}
}
