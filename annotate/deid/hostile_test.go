package deid

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
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
		if _, err := s.Check(bytes.NewReader(out.Bytes()), int64(out.Len()), r.Patient, Options{}); err != nil {
			t.Fatalf("what was written does not read back: %v", err)
		}
	})
}
