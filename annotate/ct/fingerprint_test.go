package ct

import (
	"encoding/hex"
	"errors"
	"os/exec"
	"strings"
	"testing"
)

// numbered is a series of n slices of 3x2 pixels, whose values tell the slice.
func numbered(n int, change func(i int, hu []int16)) *Series {
	return NewSeries(Series{Columns: 3, Rows: 2, Sources: make([]Source, n)}, func(i int) (*Slice, error) {
		hu := []int16{-1000, 0, 40, int16(i), -7, 3000}
		if change != nil {
			change(i, hu)
		}
		return &Slice{W: 3, H: 2, HU: hu}, nil
	})
}

// The fingerprint is what its description says, which NumPy follows here.
func TestFingerprint(t *testing.T) {
	const rule = `
import hashlib, numpy
n = 5
hu = lambda i: numpy.array([-1000, 0, 40, i, -7, 3000], "<i2").tobytes()
print(hashlib.sha256(numpy.array([3, 2, n], "<u4").tobytes() + hu(0) + hu(n // 2) + hu(n - 1)).hexdigest())`
	want, err := exec.Command(python, "-c", rule).Output()
	if err != nil {
		t.Fatal(err)
	}
	s := numbered(5, nil)
	if got := s.Fingerprint(); got != strings.TrimSpace(string(want)) {
		t.Errorf("%s, want %s", got, want)
	}
	s.Sources[2].File, s.UID, s.Patient.Name = "elsewhere", "1.2.3", "Miller"
	if s.Fingerprint() != numbered(5, nil).Fingerprint() {
		t.Error("it heeds more than pixels")
	}
}

func TestFingerprintsDiffer(t *testing.T) {
	one := numbered(5, nil).Fingerprint()
	for name, s := range map[string]*Series{
		"another number":       numbered(6, nil),
		"a pixel of the first": numbered(5, func(i int, hu []int16) { hu[5] += int16((4 - i) / 4) }),
		"a pixel of the last":  numbered(5, func(i int, hu []int16) { hu[0] += int16(i / 4) }),
		"another order":        numbered(5, func(i int, hu []int16) { hu[3] = int16(4 - i) }),
	} {
		got := s.Fingerprint()
		if _, err := hex.DecodeString(got); got == one || len(got) != 64 || err != nil {
			t.Errorf("%s: %q", name, got)
		}
	}
	blank := numbered(5, func(_ int, hu []int16) { clear(hu) })
	damaged := NewSeries(Series{Columns: 3, Rows: 2, Sources: make([]Source, 2)}, func(int) (*Slice, error) { return nil, errors.New("damaged") })
	if blank.Fingerprint() != "" || damaged.Fingerprint() != "" || numbered(0, nil).Fingerprint() != "" {
		t.Error("what shows nothing has a fingerprint")
	}
}
