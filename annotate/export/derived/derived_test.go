package derived

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"iter"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"groundglass/annotate/ct/dicom"
)

var scans = []struct {
	name                 string
	w, h, n              int
	tilted, uneven, many bool
}{
	{name: "frames that end within a byte", w: 61, h: 53, n: 4},
	{name: "tilted gantry, a slice is missing", w: 33, h: 20, n: 5, tilted: true, uneven: true},
	{name: "one file of frames", w: 33, h: 20, n: 3, many: true},
}

// readSegmentation prints what pydicom finds in a segmentation: a line a slice, by
// its position, with the SHA-256 of its labels, and lines of what it says. It
// unpacks the bits by itself.
const readSegmentation = `
import hashlib
def read(path):
    d = pydicom.dcmread(path)
    w, h, n = d.Columns, d.Rows, int(d.NumberOfFrames)
    raw = np.frombuffer(d.PixelData, np.uint8)
    if d.BitsAllocated == 1:
        bits = np.zeros(len(raw) * 8, np.uint8)
        for k in range(8): bits[k::8] = (raw >> k) & 1
        assert len(raw) == (w * h * n + 15) // 16 * 2
        frames = bits[:n * w * h].reshape(n, h, w)
        assert not bits[n * w * h:].any()
    else:
        frames = raw[:n * w * h].reshape(n, h, w)
    planes, index = {}, set()
    for f, g in zip(frames, d.PerFrameFunctionalGroupsSequence):
        number = g.SegmentIdentificationSequence[0].ReferencedSegmentNumber
        source = g.DerivationImageSequence[0].SourceImageSequence[0]
        values = tuple(g.FrameContentSequence[0].DimensionIndexValues)
        assert values[1] == number and values not in index
        index.add(values)
        at = tuple(map(float, g.PlanePositionSequence[0].ImagePositionPatient))
        key = (values[0], source.ReferencedSOPInstanceUID, int(source.get("ReferencedFrameNumber", 0)), at)
        plane = planes.setdefault(key, np.zeros((h, w), np.uint8))
        if d.SegmentationType == "BINARY":
            assert f.any() and not (plane[f > 0] > 0).any()
            plane[f > 0] = number
        else: plane[:] = f
    for key in sorted(planes):
        print("slice", *key[:3], " ".join("%.9g" % v for v in key[3]), hashlib.sha256(planes[key].tobytes()).hexdigest())
    for s in d.SegmentSequence:
        t, c = s.SegmentedPropertyTypeCodeSequence[0], s.SegmentedPropertyCategoryCodeSequence[0]
        print("segment", s.SegmentNumber, s.SegmentLabel, s.SegmentAlgorithmType, s.get("SegmentAlgorithmName", "-"), t.CodingSchemeDesignator, t.CodeValue, t.CodeMeaning, c.CodeValue, sep="|")
    g = d.SharedFunctionalGroupsSequence[0]
    m = g.PixelMeasuresSequence[0]
    print("shared", *m.PixelSpacing, m.get("SliceThickness"), m.get("SpacingBetweenSlices"), *["%.9g" % v for v in g.PlaneOrientationSequence[0].ImageOrientationPatient])
    r = d.ReferencedSeriesSequence[0]
    print("of", r.SeriesInstanceUID, len(r.ReferencedInstanceSequence), d.StudyInstanceUID, d.FrameOfReferenceUID, d.PatientName, d.PatientID, d.PatientBirthDate, d.PatientSex, d.StudyDate, d.StudyTime, d.AccessionNumber)
for path in sys.argv[1:]:
    print("file")
    read(path)
`

// slicesSaid is what the judge has to say of planes.
func slicesSaid(s Source, all [][]uint8) string {
	var b strings.Builder
	for i, plane := range all {
		if bytes.Equal(plane, make([]byte, len(plane))) {
			continue
		}
		m := s.Images[i]
		fmt.Fprintf(&b, "slice %d %s %d %.9g %.9g %.9g %x\n", i+1, m.UID, m.Frame, m.Position[0], m.Position[1], m.Position[2], sha256.Sum256(plane))
	}
	return b.String()
}

func TestBinarySegmentations(t *testing.T) {
	var files []string
	for _, c := range scans {
		s := newScan(c.w, c.h, c.n, c.tilted, c.uneven, c.many)
		files = append(files, save(t, segmentation(s.source, planes(c.w, c.h, c.n)).Write))
	}
	said := strings.Split(judge(t, readSegmentation, files...), "file\n")[1:]
	for k, c := range scans {
		t.Run(c.name, func(t *testing.T) {
			s, all := newScan(c.w, c.h, c.n, c.tilted, c.uneven, c.many), planes(c.w, c.h, c.n)
			wantLabels(t, s, files[k], all)
			slices, rest, _ := strings.Cut(said[k], "segment")
			if want := slicesSaid(s.source, all); slices != want {
				t.Errorf("pydicom reads\n%swant\n%s", slices, want)
			}
			between, instances := "2.5", c.n
			if c.uneven {
				between = "None"
			}
			if c.many {
				instances = 1
			}
			for _, want := range []string{
				"|1|Ground glass|SEMIAUTOMATIC|TV-UNet 2|SCT|1217294009|Ground glass lung opacity|49755003\n",
				"|2|Consolidation|AUTOMATIC|TV-UNet 2|SCT|95436008|Lung consolidation|49755003\n",
				"|3|Gefäß links|MANUAL|-|99GROUNDGLASS|LABEL3|Gefäß links|49755003\n",
				"|4|Lung|MANUAL|-|SCT|39607008|Lung|123037004\n",
				fmt.Sprintf("shared 0.703125 0.6640625 1.25 %s 1 0 0 0 %.9g %.9g\n", between, s.source.Column[1], s.source.Column[2]),
				fmt.Sprintf("of 1.2.3.4 %d 1.2.3 1.2.3.5 Müller^Jörg P 7 19500203 M 20200102 101112.5 A 1\n", instances),
			} {
				if !strings.Contains(rest, want) {
					t.Errorf("pydicom does not read %q in\n%s", want, rest)
				}
			}
			wantValid(t, files[k])
		})
	}
}

func TestFractionalSegmentations(t *testing.T) {
	s, maps := newScan(61, 53, 3, false, false, false), make([][]uint8, 3)
	for i := range maps {
		maps[i] = make([]uint8, 61*53)
		for p := range maps[i] {
			maps[i][p] = uint8(p*(i+3) + p/61)
		}
	}
	f := &Segmentation{Source: s.source, By: testMaker, Labels: testLabels[:1], Fractional: true, Content: maps[0]}
	for i := range maps {
		f.Frames = append(f.Frames, Frame{0, i})
	}
	f.Pixels = func(w io.Writer) error {
		for _, m := range maps {
			if _, err := w.Write(m); err != nil {
				return err
			}
		}
		return nil
	}
	path := save(t, f.Write)
	said, _, _ := strings.Cut(strings.TrimPrefix(judge(t, readSegmentation, path), "file\n"), "segment")
	if want := slicesSaid(s.source, maps); said != want {
		t.Errorf("pydicom reads\n%swant\n%s", said, want)
	}
	wantValid(t, path)
	f.Pixels = func(w io.Writer) error { _, err := w.Write(maps[0]); return err }
	if err := f.Write(io.Discard); err == nil || !strings.Contains(err.Error(), "3233 bytes of pixels came, not 9699") {
		t.Errorf("with pixels of one frame of three: %v", err)
	}
}

// readStructures prints what pydicom finds in a structure set: a line for each
// structure and slice with the SHA-256 of its pixels, those whose centres lie within
// an odd number of contours.
const readStructures = `
import hashlib, json
def read(path, w, h, sy, sx, row, column, images):
    row, column = np.array(row), np.array(column)
    at = {(uid, frame): np.array(p) for uid, frame, p in images}
    d = pydicom.dcmread(path)
    names = {r.ROINumber: r for r in d.StructureSetROISequence}
    meaning = {o.ReferencedROINumber: o.RTROIIdentificationCodeSequence[0] for o in d.RTROIObservationsSequence}
    f = d.ReferencedFrameOfReferenceSequence[0]
    series = f.RTReferencedStudySequence[0].RTReferencedSeriesSequence[0]
    print("of", f.FrameOfReferenceUID, series.SeriesInstanceUID, len(series.ContourImageSequence), d.StudyInstanceUID, d.PatientName)
    normal = np.cross(row, column)
    for r in d.ROIContourSequence:
        name, code = names[r.ReferencedROINumber], meaning[r.ReferencedROINumber]
        print("structure", name.ROINumber, name.ROIName, name.ROIGenerationAlgorithm, code.CodingSchemeDesignator, code.CodeValue, *r.ROIDisplayColor, sep="|")
        planes = {}
        for n, c in enumerate(r.get("ContourSequence", [])):
            assert c.ContourNumber == n + 1 and c.ContourGeometricType == "CLOSED_PLANAR"
            image = c.ContourImageSequence[0]
            key = image.ReferencedSOPInstanceUID, int(image.get("ReferencedFrameNumber", 0))
            p = np.array(c.ContourData, float).reshape(-1, 3)
            assert len(p) == c.NumberOfContourPoints
            p = p - at[key]
            assert np.abs(p @ normal).max() < 1e-5
            x, y = p @ row / sx, p @ column / sy
            odd = planes.setdefault(key, np.zeros((h, w), np.uint8))
            for ax, ay, bx, by in zip(x, y, np.roll(x, -1), np.roll(y, -1)):
                if abs(ay - by) < 1e-4: continue
                rows = np.arange(h)
                rows = rows[(rows > min(ay, by)) & (rows < max(ay, by))]
                odd[np.ix_(rows, np.arange(w)[np.arange(w) > ax])] ^= 1
        for key in planes:
            print("plane", name.ROINumber, *key, hashlib.sha256(planes[key].tobytes()).hexdigest())
for arg in sys.argv[1:]:
    print("file")
    read(*json.loads(arg))
`

func TestStructureSets(t *testing.T) {
	var files, args []string
	for _, c := range scans {
		s := newScan(c.w, c.h, c.n, c.tilted, c.uneven, c.many)
		files = append(files, save(t, structures(s.source, planes(c.w, c.h, c.n)).Write))
		var images [][]any
		for _, m := range s.source.Images {
			images = append(images, []any{m.UID, m.Frame, m.Position})
		}
		arg, err := json.Marshal([]any{files[len(files)-1], c.w, c.h, s.source.Spacing[0], s.source.Spacing[1], s.source.Row, s.source.Column, images})
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, string(arg))
	}
	all := strings.Split(judge(t, readStructures, args...), "file\n")[1:]
	for k, c := range scans {
		t.Run(c.name, func(t *testing.T) {
			said, s, all := all[k], newScan(c.w, c.h, c.n, c.tilted, c.uneven, c.many), planes(c.w, c.h, c.n)
			wantLabels(t, s, files[k], all)
			for label := range 3 {
				for i, plane := range all {
					one, any := make([]byte, len(plane)), false
					for p, v := range plane {
						if int(v) == label+1 {
							one[p], any = 1, true
						}
					}
					sum := sha256.Sum256(one)
					want := fmt.Sprintf("plane %d %s %d %s\n", label+1, s.source.Images[i].UID, s.source.Images[i].Frame, hex.EncodeToString(sum[:]))
					if any && !strings.Contains(said, want) {
						t.Errorf("pydicom's contours are not %sbut\n%s", want, said)
					}
				}
			}
			for _, want := range []string{
				"of 1.2.3.5 1.2.3.4 ", " 1.2.3 Müller^Jörg\n",
				"structure|1|Ground glass|SEMIAUTOMATIC|SCT|1217294009|46|196|255\n", "structure|3|Gefäß links|MANUAL|99GROUNDGLASS|LABEL3|200|125|255\n",
			} {
				if !strings.Contains(said, want) {
					t.Errorf("pydicom does not read %q in\n%s", want, said)
				}
			}
			wantValid(t, files[k])
		})
	}
}

// A contour that is longer than an explicit VR could hold.
func TestLongContours(t *testing.T) {
	s, all := newScan(128, 128, 2, false, false, false), planes(128, 128, 2)
	for p := range all[1] {
		if x, y := p%128, p/128; x == 0 || y%4 == 0 || y%4 < 3 && x%2 == 0 { // combs on a pole
			all[1][p] = 1
		}
	}
	set := structures(s.source, all)
	longest := 0
	for c := range set.Outline(0) {
		longest = max(longest, len(s.source.points(c)))
	}
	if longest < 65536 {
		t.Fatalf("the longest contour has %d bytes", longest)
	}
	wantLabels(t, s, save(t, set.Write), all)
}

func TestSameBytes(t *testing.T) {
	s, all := newScan(20, 10, 3, false, false, false), planes(20, 10, 3)
	write := func(all [][]uint8) (out [2][]byte) {
		for k, path := range []string{save(t, segmentation(s.source, all).Write), save(t, structures(s.source, all).Write)} {
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			out[k] = b
		}
		return out
	}
	uid := func(b []byte, tag uint32) string {
		o, err := dicom.ReadObject(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		return o.Text(tag)
	}
	first, again := write(all), write(all)
	all[0][7] = 3
	other := write(all)
	for k := range first {
		if !bytes.Equal(first[k], again[k]) {
			t.Error("the same labels make other bytes")
		}
		for _, tag := range []uint32{0x00080018, 0x0020000e} {
			a, b := uid(first[k], tag), uid(other[k], tag)
			if a == b || !strings.HasPrefix(a, "2.25.") || len(a) > 64 {
				t.Errorf("other labels have the UID %s, these %s", b, a)
			}
		}
	}
}

// What people typed, and numbers of any size, never break a file.
func TestOddValues(t *testing.T) {
	s, all := newScan(20, 10, 1, false, false, false), planes(20, 10, 1)
	src := s.source
	src.PatientName, src.PatientID, src.AccessionNumber = "A\\B\x00\n"+strings.Repeat("x", 200), "\xff\xfe", strings.Repeat("9", 40)
	src.BirthDate, src.Sex, src.StudyDate, src.StudyTime = "3.2.1950", "männlich", "20200231", "25:00"
	src.Images[0].Position, src.Thickness = [3]float64{-1e-17, 123456.78901234567, math.Pi * 1e9}, 1.0/3
	seg := segmentation(src, all)
	seg.Labels = append([]Label{}, testLabels...)
	seg.Labels[0].Name, seg.Labels[0].Code = "", Code{"SCT", strings.Repeat("7", 18), "A long code"}
	seg.By.Date = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
	path := save(t, seg.Write)
	said := judge(t, `
d = pydicom.dcmread(sys.argv[1])
print(len(str(d.PatientName)), d.PatientID, len(d.AccessionNumber), repr(d.PatientBirthDate), repr(d.PatientSex), repr(d.StudyDate), repr(d.StudyTime))
print(d.SegmentSequence[0].SegmentedPropertyTypeCodeSequence[0].LongCodeValue)
for e in d.iterall():
    if e.VR == "DS":
        for v in ([e.value] if e.VM == 1 else e.value): assert len(str(v.original_string)) <= 16, e
`, path)
	if want := "64 ? 16 '' '' '' ''\n777777777777777777\n"; said != want {
		t.Errorf("pydicom reads %q, want %q", said, want)
	}
	seg.Frames = nil
	if err := seg.Write(io.Discard); err == nil {
		t.Error("a segmentation without frames was written")
	}
	full := errors.New("full")
	set := structures(s.source, all)
	set.Outline = func(int) iter.Seq[Contour] {
		return func(yield func(Contour) bool) {
			for yield(Contour{0, []image.Point{{0, 0}, {1, 0}, {1, 1}}}) { // without end
			}
		}
	}
	if err := set.Write(&limited{10000, full}); !errors.Is(err, full) {
		t.Errorf("on a full disk: %v", err)
	}
}

type limited struct {
	left int
	err  error
}

func (l *limited) Write(b []byte) (int, error) {
	if l.left -= len(b); l.left < 0 {
		return 0, l.err
	}
	return len(b), nil
}

func TestDecimals(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", -1e-17: "-1e-17", 0.703125: "0.703125", -301.25: "-301.25", 123456.789012345678: "123456.789012346", -1.0 / 3: "-0.3333333333333", 1e300: "1e+300",
	} {
		if got := string(appendDecimal(nil, v, 17)); got != want || len(got) > 16 {
			t.Errorf("%v is written as %s, want %s", v, got, want)
		}
	}
	for v, want := range map[float64]string{0: "0", -1e-9: "0", -0.5: "-0.5", 12.3456789: "12.345679", 100: "100", -123456789012.5: "-1.23456789e+11"} {
		if got := string(appendMicro(nil, v)); got != want {
			t.Errorf("%v is written as %s, want %s", v, got, want)
		}
	}
}

// Colours are those of other programs, as Slicer writes them.
func TestCIELab(t *testing.T) {
	for c, want := range map[color.NRGBA][3]uint16{
		{0, 0, 0, 255}: {0, 32896, 32896}, {255, 255, 255, 255}: {65535, 32896, 32896},
		{255, 0, 0, 255}: {35584, 53660, 50859}, // L 54.29, a 80.81, b 69.89
	} {
		got := cielab(c)
		for k := range got {
			if math.Abs(float64(got[k])-float64(want[k])) > 60 {
				t.Errorf("%v is %v, want %v", c, got, want)
			}
		}
	}
}
