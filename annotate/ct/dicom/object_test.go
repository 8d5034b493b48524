package dicom_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/ct/dicom/dicomtest"
)

func object(t *testing.T, data []byte) *dicom.Object {
	t.Helper()
	o, err := dicom.ReadObject(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// bitFrames is an object of 3 frames of 3x3 bits, which are 27 in a row.
func bitFrames(bits []byte) dicomtest.Dataset {
	d := dicomtest.Dataset{}
	d.Set(0x00280002, "US", 1)
	d.Set(0x00280008, "IS", "3")
	d.Set(0x00280010, "US", 3)
	d.Set(0x00280011, "US", 3)
	d.Set(0x00280100, "US", 1)
	d.Set(0x7fe00010, "OW", bits)
	return d
}

func all(int, int) (bool, error) { return true, nil }

func frames(t *testing.T, o *dicom.Object) string {
	t.Helper()
	var b strings.Builder
	err := o.Frames(all, func(n int, s dicom.Stored) error {
		fmt.Fprintln(&b, n, s.Values)
		for i, v := range s.Values {
			if v != 0 && (i < s.Low || i >= s.High) {
				t.Errorf("value %d of frame %d is %d, outside of %d to %d", i, n, v, s.Low, s.High)
			}
		}
		return nil
	})
	if err != nil {
		return err.Error()
	}
	return b.String()
}

func TestBitsRunAcrossFrames(t *testing.T) {
	const want = "0 [1 0 0 0 0 0 0 0 1]\n1 [0 1 0 0 0 0 0 1 0]\n2 [0 0 0 0 0 0 0 0 1]\n"
	bits := []byte{0x01, 0x05, 0x01, 0x04}
	for _, syntax := range []string{dicomtest.ImplicitLittle, dicomtest.ExplicitLittle, dicomtest.Deflated} {
		if got := frames(t, object(t, dicomtest.Write(syntax, bitFrames(bits)))); got != want {
			t.Errorf("in %s the frames are\n%swant\n%s", syntax, got, want)
		}
	}
	if got := frames(t, object(t, dicomtest.Write(dicomtest.ExplicitBig, bitFrames([]byte{0x05, 0x01, 0x04, 0x01})))); got != want {
		t.Errorf("in big endian the frames are\n%swant\n%s", got, want)
	}
	// wrapped or deflated one by one, each begins with a byte of its own
	each := [][]byte{{0x01, 0x01}, {0x82, 0x00}, {0x00, 0x01}}
	if got := frames(t, object(t, dicomtest.Encapsulated("1.2.840.10008.1.2.1.98", bitFrames(nil), nil, each...))); got != want {
		t.Errorf("encapsulated, the frames are\n%swant\n%s", got, want)
	}
	for i := range each {
		each[i] = dicomtest.Deflate(each[i])
	}
	if got := frames(t, object(t, dicomtest.Encapsulated("1.2.840.10008.1.2.8.1", bitFrames(nil), nil, each...))); got != want {
		t.Errorf("deflated, the frames are\n%swant\n%s", got, want)
	}
}

// A frame that is not wanted is passed over, and the next ones are right.
func TestFramesThatAreNotWanted(t *testing.T) {
	each := [][]byte{{0x01, 0x01}, {0xff}, {0x00, 0x01}} // the second cannot be decoded
	for name, data := range map[string][]byte{
		"native":       dicomtest.Write(dicomtest.ExplicitLittle, bitFrames([]byte{0x01, 0x05, 0x01, 0x04})),
		"encapsulated": dicomtest.Encapsulated("1.2.840.10008.1.2.1.98", bitFrames(nil), nil, each...),
	} {
		var got []int
		err := object(t, data).Frames(func(n, _ int) (bool, error) { return n != 1, nil }, func(n int, s dicom.Stored) error {
			got = append(got, n)
			if s.Values[8] != 1 {
				t.Errorf("%s: frame %d is %v", name, n, s.Values)
			}
			return nil
		})
		if err != nil || !slices.Equal(got, []int{0, 2}) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	stop := errors.New("stop")
	err := object(t, dicomtest.Write(dicomtest.ExplicitLittle, bitFrames(make([]byte, 4)))).Frames(
		func(int, int) (bool, error) { return false, stop }, func(int, dicom.Stored) error { return nil })
	if err != stop {
		t.Error(err)
	}
}

func TestFramesThatAreNotThere(t *testing.T) {
	short := bitFrames([]byte{1, 2})
	if got := frames(t, object(t, dicomtest.Write(dicomtest.ExplicitLittle, short))); !strings.Contains(got, "cut short") {
		t.Error(got)
	}
	for _, change := range []func(d dicomtest.Dataset){
		func(d dicomtest.Dataset) { d.Set(0x00280008, "IS", "2000000000") },
		func(d dicomtest.Dataset) { d.Set(0x00280100, "US", 32) },
		func(d dicomtest.Dataset) { d.Set(0x00280010, "US", 0) },
		func(d dicomtest.Dataset) { d.Set(0x00280002, "US", 3) },
		func(d dicomtest.Dataset) { delete(d, 0x7fe00010) },
	} {
		d := bitFrames([]byte{1, 2, 3, 4})
		change(d)
		if err := object(t, dicomtest.Write(dicomtest.ExplicitLittle, d)).Frames(all, func(int, dicom.Stored) error { return nil }); err == nil {
			t.Errorf("%v was read", d)
		}
	}
}

// Values too long to keep are read from the file.
func TestLongDecimals(t *testing.T) {
	want := make([]float64, 20_000)
	var text strings.Builder
	for i := range want {
		want[i] = float64(i) / 8
		fmt.Fprintf(&text, `\%g `, want[i])
	}
	contour := dicomtest.Dataset{}
	contour.Set(0x30060050, "DS", text.String()[1:])
	d := dicomtest.Dataset{}
	d.Set(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.481.3")
	d.Set(0x30060039, "SQ", []dicomtest.Dataset{contour})
	got, err := object(t, dicomtest.Write(dicomtest.ImplicitLittle, d)).First(0x30060039).Decimals(0x30060050)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%d numbers, %v", len(got), err)
	}
	contour.Set(0x30060050, "DS", `1\x\3`)
	if got, err := object(t, dicomtest.Write(dicomtest.ImplicitLittle, d)).First(0x30060039).Decimals(0x30060050); err == nil {
		t.Errorf("read %v of what is no number", got)
	}
}
