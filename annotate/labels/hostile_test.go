package labels

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/fuzzlimit"
	"groundglass/annotate/internal/testkit"
)

const (
	hostileFile = "GROUNDGLASS_TEST_HOSTILE_LABELS" // the file that the child process reads
	hostileTime = 30 * time.Second                  // a hang, not a slow machine
)

// segObject is a small segmentation of one frame on the first slice of a series
// that straight makes, of 3x2 pixels.
func segObject() dicomtest.Dataset {
	item := func(tag uint32, vr string, value any) []dicomtest.Dataset {
		d := dicomtest.Dataset{}
		d.Set(tag, vr, value)
		return []dicomtest.Dataset{d}
	}
	segment := dicomtest.Dataset{}
	segment.Set(0x00620004, "US", 1)
	segment.Set(0x00620005, "LO", "GGO")
	frame := dicomtest.Dataset{}
	frame.Set(0x00209113, "SQ", item(0x00200032, "DS", `-100\-120\40`))
	frame.Set(0x0062000a, "SQ", item(0x0062000b, "US", 1))
	shared := dicomtest.Dataset{}
	shared.Set(0x00209116, "SQ", item(0x00200037, "DS", `1\0\0\0\1\0`))
	shared.Set(0x00289110, "SQ", item(0x00280030, "DS", `2\1`))
	d := dicomtest.Dataset{}
	d.Set(0x00080016, "UI", segmentationStorage)
	d.Set(0x00280008, "IS", "1")
	d.Set(0x00280010, "US", 2)
	d.Set(0x00280011, "US", 3)
	d.Set(0x00280100, "US", 1)
	d.Set(0x00620001, "CS", "BINARY")
	d.Set(0x00620002, "SQ", []dicomtest.Dataset{segment})
	d.Set(0x52009229, "SQ", []dicomtest.Dataset{shared})
	d.Set(0x52009230, "SQ", []dicomtest.Dataset{frame})
	d.Set(0x7fe00010, "OW", []byte{0x2a, 0})
	return d
}

// structObject is a structure set of n triangles of many points on that slice.
func structObject(n, points int) dicomtest.Dataset {
	var contours []dicomtest.Dataset
	data := strings.Repeat(`\-100\-120\40\-90\-100\40\-100\-100\40`, points)[1:]
	for range n {
		c := dicomtest.Dataset{}
		c.Set(0x30060042, "CS", "CLOSED_PLANAR")
		c.Set(0x30060050, "DS", data)
		contours = append(contours, c)
	}
	roi := dicomtest.Dataset{}
	roi.Set(0x30060040, "SQ", contours)
	roi.Set(0x30060084, "IS", "1")
	d := dicomtest.Dataset{}
	d.Set(0x00080016, "UI", structureSetStorage)
	d.Set(0x30060039, "SQ", []dicomtest.Dataset{roi})
	return d
}

// niftiHeader is a NIfTI-1 file without voxels, which says that it has many.
func niftiHeader(dim ...uint16) []byte {
	b := make([]byte, 352)
	binary.LittleEndian.PutUint32(b, 348)
	binary.LittleEndian.PutUint16(b[40:], uint16(len(dim)))
	for i := range 7 {
		v := uint16(1)
		if i < len(dim) {
			v = dim[i]
		}
		binary.LittleEndian.PutUint16(b[42+2*i:], v)
	}
	binary.LittleEndian.PutUint16(b[70:], 2)
	binary.LittleEndian.PutUint16(b[72:], 8)
	binary.LittleEndian.PutUint16(b[254:], 1)
	for i, v := range []float32{-1, 0, 0, 100, 0, -2, 0, 120, 0, 0, 5, 40} {
		binary.LittleEndian.PutUint32(b[280+4*i:], uint32FromFloat(v))
	}
	copy(b[344:], "n+1\x00")
	return b
}

func uint32FromFloat(v float32) uint32 {
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, v)
	return binary.LittleEndian.Uint32(b.Bytes())
}

// hostiles writes files made to exhaust a reader.
func hostiles(t *testing.T) (paths []string) {
	dir := t.TempDir()
	add := func(name string, data []byte) {
		paths = append(paths, writeFile(t, filepath.Join(dir, name), data))
	}
	var gz bytes.Buffer
	z, _ := gzip.NewWriterLevel(&gz, gzip.BestSpeed)
	z.Write(niftiHeader(30000, 30000, 300))
	zeros := make([]byte, 1<<20)
	for range 150 {
		z.Write(zeros)
	}
	z.Close()
	add("bomb.nii.gz", gz.Bytes())
	add("large.nii", niftiHeader(65000, 65000, 65000))
	add("nested.json", []byte(`{"images":`+strings.Repeat("[", 3_000_000)))
	add("objects.json", []byte(strings.Repeat(`{"a":`, 2_000_000)))
	add("images.json", append([]byte(`{"images":[`), bytes.Repeat([]byte(`{"id":1,"file_name":"x"},`), 50_000)...))
	add("structures.dcm", dicomtest.Write(dicomtest.ImplicitLittle, structObject(8, 20_000)))
	add("frames.dcm", deflatedFrames(2000, 4096, 0))
	add("full.dcm", deflatedFrames(18_000, 512, 0xff))
	add("stripes.dcm", deflatedFrames(12_000, 512, 0x55))
	add("IM0001.txt", bytes.Repeat([]byte("0 0 0 1 0 1 1 0 1\n"), 60_000))
	add("IM0002.txt", append([]byte("0"), bytes.Repeat([]byte(" 0 1 1 0"), 1_000_000)...))
	add("IM0003.txt", append([]byte("0 "), bytes.Repeat([]byte("0 "), maxLine)...))
	shape := `{"label":"x","points":[[0,0],[512,0],[512,512],[0,512]]},`
	add("shapes.json", []byte(`{"imagePath":"IM0001.png","imageWidth":512,"imageHeight":512,"shapes":[`+strings.Repeat(shape, 20_000)+`null]}`))
	add("points.json", []byte(`{"imagePath":"IM0001.png","imageWidth":512,"imageHeight":512,"shapes":[{"points":[`+strings.Repeat("[0,0],", 8_000_000)+`[0,0]]}]}`))
	var whole, half bytes.Buffer
	for i := range 14_000 {
		fmt.Fprintf(&whole, `,{"image_id":0,"segmentation":[[0,0,512,0,512,512,0,512]],"category_id":%d}`, i%2)
		fmt.Fprintf(&half, `,{"image_id":0,"segmentation":{"size":[512,512],"counts":[9,262135]},"category_id":%d}`, i%2)
	}
	for name, list := range map[string]*bytes.Buffer{"whole.json": &whole, "runs.json": &half} {
		image := `{"images":[{"id":0,"file_name":"IM0001.png","width":512,"height":512}],"annotations":[`
		add(name, []byte(image+list.String()[1:]+"]}"))
	}
	return paths
}

// deflatedFrames is a segmentation of n frames of w*w pixels, all on the first
// slice, which are filled by a byte.
func deflatedFrames(n, w int, fill byte) []byte {
	d := segObject()
	d.Set(0x00280008, "IS", strconv.Itoa(n))
	d.Set(0x00280010, "US", w)
	d.Set(0x00280011, "US", w)
	shared := d[0x52009229].Value.([]dicomtest.Dataset)[0]
	each := d[0x52009230].Value.([]dicomtest.Dataset)[0]
	for tag, e := range each {
		shared[tag] = e
	}
	delete(d, 0x52009230)
	frame := dicomtest.Deflate(bytes.Repeat([]byte{fill}, w*w/8))
	return dicomtest.Encapsulated("1.2.840.10008.1.2.8.1", d, nil, slices.Repeat([][]byte{frame}, n)...)
}

// Files of about 1 MB that could mean endless drawing are refused, but what is as
// large as the series is drawn.
func TestBudget(t *testing.T) {
	s := straight(512, 512, 3)
	dir := t.TempDir()
	l := read(t, s, Options{}, writeFile(t, filepath.Join(dir, "a.dcm"), deflatedFrames(18_000, 512, 0xff)))
	wantLine(t, l, "a.dcm: "+errWork.Error())
	if l = read(t, s, Options{}, writeFile(t, filepath.Join(dir, "b.dcm"), deflatedFrames(6, 512, 0xff))); len(l.Report.LeftOut) > 0 {
		t.Error(l.Report.LeftOut)
	}
	wantLine(t, l, "Ground glass in 1572864 pixels")
}

// TestHostileChild reads one file; it is run by TestHostile in a process with
// bounded memory.
func TestHostileChild(t *testing.T) {
	path := os.Getenv(hostileFile)
	if path == "" {
		t.Skip("run by TestHostile")
	}
	testkit.Tell(t, read(t, straight(512, 512, 30), Options{}, path).Report)
}

// Files made to exhaust a reader are refused with a reason, or read, in bounded
// memory and time.
func TestHostile(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the address space can be limited on Linux only")
	}
	for _, path := range hostiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) { readHostile(t, path) })
	}
	t.Run("real", func(t *testing.T) {
		real, err := filepath.Glob(filepath.Join(testkit.Data(t, "dicom"), "hostile", "*.dcm"))
		if err != nil || len(real) == 0 {
			t.Fatal("there are no hostile files", err)
		}
		for _, path := range real {
			t.Run(filepath.Base(path), func(t *testing.T) { readHostile(t, path) })
		}
	})
}

func readHostile(t *testing.T, path string) {
	var r Report
	testkit.Told(t, testkit.Bounded(t, "TestHostileChild", hostileFile+"="+path, hostileTime), &r)
	if len(r.LeftOut) == 0 && len(r.Matches) == 0 {
		t.Fatalf("nothing came in, and there is no reason: %+v", r)
	}
	for _, l := range r.LeftOut {
		if strings.Contains(l.Reason, "runtime error") {
			t.Error(l)
		}
	}
	t.Log(r.LeftOut)
}

// FuzzRead searches for content that makes a reader panic, or give a pixel a
// label that is not in the table.
func FuzzRead(f *testing.F) {
	coco, err := os.ReadFile("testdata/coco.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(coco)
	f.Add(append(niftiHeader(3, 2, 2), 0, 1, 2, 3, 255, 0, 0, 1, 1, 1, 0, 0))
	f.Add(dicomtest.Write(dicomtest.ExplicitLittle, segObject()))
	f.Add(dicomtest.Write(dicomtest.ImplicitLittle, structObject(2, 1)))
	f.Add([]byte(`{"images":[{"id":1,"file_name":"IM0001.png","width":3,"height":2}],"annotations":[{"image_id":1,"category_id":2,` +
		`"segmentation":{"size":[2,3],"counts":"132"}},{"image_id":1,"category_id":2,"segmentation":[[0,0,2.5,0,2,2]]}]}`))
	f.Add([]byte("0 0.1 0.1 0.9 0.1 0.9 0.9\n1 0 0 1 1 0.5 1\n"))
	f.Add([]byte(`{"imagePath":"IM0001.png","imageWidth":3,"imageHeight":2,"shapes":[{"label":"GGO","points":[[0,0],[3,0],[3,2]],"shape_type":"polygon"}]}`))
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write(append(niftiHeader(3, 2, 2), 0, 1, 2, 3, 4, 0, 0, 1, 1, 1, 0, 0))
	z.Close()
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzzlimit.Start()()
		if len(data) == 0 {
			return
		}
		s := straight(3, 2, 2)
		in := &intake{
			ctx: context.Background(), o: Options{Threshold: DefaultThreshold}, target: newTarget(s, Key{}), table: newTable(annotate.DefaultLabels()),
			canvas: newCanvas(3, 2, 2), report: &Report{Slices: 2}, file: "IM0001.txt",
		}
		in.content(io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))))
		in.report.finish(in)
		for i := range 2 {
			for _, v := range in.canvas.plane(i) {
				if v != 0 && in.table.name(v) == Background {
					t.Fatalf("label %d is not in the table", v)
				}
			}
		}
		in.report.Lines()
	})
}

// The seeds of the search are what they seem: each kind comes in.
func TestSeedsComeIn(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]struct {
		data []byte
		rows []string
	}{
		"a.dcm":      {dicomtest.Write(dicomtest.ExplicitLittle, segObject()), []string{".1.", "1.1"}},
		"IM0001.txt": {[]byte("0 0 0 0.6666667 0 0.6666667 0.5 0 0.5\n1 0.6666667 0.5 1 0.5 1 1 0.6666667 1\n"), []string{"44.", "..5"}},
		"c.json": {[]byte(`{"imagePath":"IM0001.png","imageWidth":3,"imageHeight":2,"shapes":[{"label":"GGO","points":[[0,0],[2,0],[2,2],[0,2]]},` +
			`{"label":"consolidation","points":[[2,1],[3,1],[3,2],[2,2]]}]}`), []string{"11.", "112"}},
		"b.nii": {append(niftiHeader(3, 2, 2), 0, 1, 2, 3, 7, 0, 0, 1, 1, 1, 0, 0), []string{".12", "37."}},
	} {
		wantPlane(t, read(t, straight(3, 2, 2), Options{}, writeFile(t, filepath.Join(dir, name), c.data)), 0, c.rows...)
	}
}
