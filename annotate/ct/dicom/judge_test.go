package dicom

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// python is where Debian's python3-pydicom, the judge, is installed.
const python = "/usr/bin/python3"

// judge reads files with pydicom and writes what each pixel should be: the
// scaled value by the frame's own slope and intercept, rounded and limited, air
// where the stored value is padding. Files that pydicom cannot read, and those
// without native grey pixels, are left out.
const judge = `
import json, sys, warnings
import numpy, pydicom
warnings.simplefilter("ignore")
native = ("1.2.840.10008.1.2", "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99")
refused = ("1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7", "1.2.840.10008.5.1.4.1.1.481.2")

def scale(ds, i):
    at = ds
    for seq in ("SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence"):
        if seq in ds:
            item = ds[seq][0 if seq.startswith("Shared") else i]
            if "PixelValueTransformationSequence" in item:
                at = item.PixelValueTransformationSequence[0]
    slope, intercept = at.get("RescaleSlope"), at.get("RescaleIntercept")
    return (1.0, 0.0) if slope is None or intercept is None else (float(slope), float(intercept))

index = []
out = open(sys.argv[1], "wb")
for path in json.load(sys.stdin):
    try:
        ds = pydicom.dcmread(path)
        if ds.file_meta.TransferSyntaxUID not in native or ds.get("SOPClassUID") in refused:
            continue
        if not ds.PhotometricInterpretation.startswith("MONOCHROME"):
            continue
        stored = ds.pixel_array
    except Exception as e:
        continue
    frames = stored.reshape((-1,) + stored.shape[-2:])
    pads = 0
    for i, f in enumerate(frames):
        slope, intercept = scale(ds, i)
        hu = numpy.clip(numpy.rint(f.astype("float64") * slope + intercept), -32768, 32767)
        if "PixelPaddingValue" in ds:
            pad = numpy.array(ds.PixelPaddingValue & 0xffff, "uint16").astype("uint16").view("int16" if ds.PixelRepresentation else "uint16")
            pads += int((f == pad).sum())
            hu[f == pad] = -1024
        out.write(hu.astype("<i2").tobytes())
    index.append({"path": path, "frames": len(frames), "rows": int(f.shape[0]), "columns": int(f.shape[1]), "padding": pads})
json.dump(index, sys.stdout)
`

// sharedData finds the folder of real data beside the repository.
func sharedData(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("there is no go.mod above the test")
		}
	}
	data := filepath.Join(dir, "..", "shared", "data", "dicom")
	if _, err := os.Stat(data); err != nil {
		t.Skip("the real data (../shared/data) is not here")
	}
	return data
}

func TestPydicomReadsTheSame(t *testing.T) {
	data := sharedData(t)
	if err := exec.Command(python, "-c", "import pydicom, numpy").Run(); err != nil {
		t.Skip("python3-pydicom, the judge of this test, is not installed")
	}
	var paths []string
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && !strings.Contains(path, "hostile") && !strings.HasSuffix(path, ".zst") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	list, err := json.Marshal(paths)
	if err != nil {
		t.Fatal(err)
	}
	raw := filepath.Join(t.TempDir(), "hu")
	cmd := exec.Command(python, "-c", judge, raw)
	cmd.Stdin = strings.NewReader(string(list))
	out, err := cmd.Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			t.Logf("%s", exit.Stderr)
		}
		t.Fatal(err)
	}
	var index []struct {
		Path                           string
		Frames, Rows, Columns, Padding int
	}
	if err := json.Unmarshal(out, &index); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	frames := 0
	for _, f := range index {
		name := strings.TrimPrefix(f.Path, data)
		im, file := open(t, f.Path)
		if im == nil {
			t.Errorf("%s: pydicom reads it, and it was refused", name)
			want = want[2*f.Frames*f.Rows*f.Columns:]
			continue
		}
		if len(im.Frames) != f.Frames || im.Rows != f.Rows || im.Columns != f.Columns {
			t.Fatalf("%s: %d frames of %dx%d instead of %d of %dx%d", name, len(im.Frames), im.Columns, im.Rows, f.Frames, f.Columns, f.Rows)
		}
		padding := 0
		for i := range im.Frames {
			hu, pad, err := im.Decode(file, i)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			wrong := 0
			for p, v := range hu {
				if v != int16(binary.LittleEndian.Uint16(want[2*p:])) {
					wrong++
				}
				if pad != nil && pad[p] {
					padding++
				}
			}
			if wrong > 0 {
				t.Errorf("%s: %d of %d pixels of frame %d are wrong", name, wrong, len(hu), i+1)
			}
			want = want[2*len(hu):]
			frames++
		}
		if padding != f.Padding {
			t.Errorf("%s: %d pixels of padding instead of %d", name, padding, f.Padding)
		}
	}
	t.Logf("%d files, %d frames", len(index), frames)
	if len(index) < 50 {
		t.Errorf("only %d files were compared", len(index))
	}
}

// open reads a file's header and leaves it open until the test ends.
func open(t *testing.T, path string) (*Image, *os.File) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	im, err := Read(f, info.Size())
	if err != nil {
		t.Log(err)
		return nil, f
	}
	return im, f
}
