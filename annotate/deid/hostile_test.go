package deid

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/fuzzlimit"
	"groundglass/annotate/internal/testkit"
)

const hostileFile = "GROUNDGLASS_TEST_HOSTILE" // the file that the child process cleans

// TestHostileChild cleans one file; it is run by TestHostile in a process with bounded
// memory.
func TestHostileChild(t *testing.T) {
	path := os.Getenv(hostileFile)
	if path == "" {
		t.Skip("run by TestHostile")
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	if _, err := Clean(context.Background(), f, info.Size(), io.Discard, NewKey(), Options{}); err != nil {
		said = err.Error()
	}
	testkit.Tell(t, said)
}

// exhausting writes files made to exhaust the program: one with as many names as texts
// to look for them in, one with long names in many sequences within each other, and one
// with many names that can be spelt in many ways.
func exhausting(t *testing.T) (paths []string) {
	t.Helper()
	names, nested, spellings := ctImage(), ctImage(), ctImage()
	var people, texts []dicomtest.Dataset
	for range 40_000 {
		people = append(people, dicomtest.Dataset{0x00401010: {Tag: 0x00401010, VR: "PN", Value: "Meyerbeer^Gia"}})
		texts = append(texts, dicomtest.Dataset{0x00081090: {Tag: 0x00081090, VR: "LO", Value: strings.Repeat("Meyerbee ", 7)}})
	}
	names.Set(0x52009229, "SQ", people)
	names.Set(0x52009230, "SQ", texts)
	inner := []dicomtest.Dataset{{patientName: {Tag: patientName, VR: "PN", Value: strings.Repeat("Meyerbeer^", 6000)}}}
	for range 6 {
		inner = []dicomtest.Dataset{{0x0040a730: {Tag: 0x0040a730, VR: "SQ", Value: append(inner, inner...)}}}
	}
	nested.Set(0x0040a730, "SQ", inner)
	var many []string
	for i := range 300_000 {
		many = append(many, fmt.Sprintf("A%d B%d C D E F^G H", i, i))
	}
	var each []dicomtest.Dataset
	for part := range slices.Chunk(many, 1000) {
		each = append(each, dicomtest.Dataset{0x00401010: {Tag: 0x00401010, VR: "PN", Value: strings.Join(part, `\`)}})
	}
	spellings.Set(0x52009229, "SQ", each)
	for name, d := range map[string]dicomtest.Dataset{"names.dcm": names, "nested.dcm": nested, "spellings.dcm": spellings} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, dicomtest.Write(dicomtest.ImplicitLittle, d), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	return paths
}

// Files that are large for what is looked for in them are cleaned within bounds.
func TestExhausting(t *testing.T) {
	for _, path := range exhausting(t) {
		var said string
		testkit.Told(t, testkit.Bounded(t, "TestHostileChild", hostileFile+"="+path, 20*time.Second), &said)
		if refused := strings.Contains(said, "more names, numbers and days"); (said != "") != refused || refused != (filepath.Base(path) == "spellings.dcm") {
			t.Errorf("%s: %s", path, said)
		}
	}
}

// Files made to exhaust a reader are cleaned or refused, within bounds.
func TestHostile(t *testing.T) {
	root := testkit.Data(t, "dicom/hostile")
	refused := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		var said string
		testkit.Told(t, testkit.Bounded(t, "TestHostileChild", hostileFile+"="+path, 20*time.Second), &said)
		if said != "" {
			refused++
		}
		if strings.Contains(said, "panic") || strings.Contains(said, "runtime error") {
			t.Errorf("%s: %s", path, said)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if refused == 0 {
		t.Error("none of them is refused")
	}
}

// FuzzClean looks for files that exhaust the program, or that do not read back. Files
// whose damage hides identities in other attributes are found by the search, and not
// written.
func FuzzClean(f *testing.F) {
	for _, syntax := range []string{dicomtest.ImplicitLittle, dicomtest.ExplicitLittle, dicomtest.ExplicitBig, dicomtest.Deflated} {
		f.Add(dicomtest.Write(syntax, ctImage()))
	}
	key := NewKey()
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzzlimit.Start()()
		var out bytes.Buffer
		r, err := Clean(context.Background(), bytes.NewReader(data), int64(len(data)), &out, key, Options{})
		if err != nil {
			return
		}
		var s Secrets
		s.Add(r)
		if _, _, err := s.Check(bytes.NewReader(out.Bytes()), int64(out.Len()), r.Patient, Options{}); err != nil {
			t.Fatalf("what was written does not read back: %v", err)
		}
	})
}
