package segment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"groundglass/assets"
	"groundglass/assets/ortpin"

	"github.com/klauspost/compress/zstd"
)

// small is a pin and a package of a library of a few bytes.
func small(t *testing.T) (ortpin.Library, []byte, []byte) {
	data := bytes.Repeat([]byte("library "), 1000)
	sum := sha256.Sum256(data)
	enc, err := zstd.NewWriter(nil)
	if err != nil {
		t.Fatal(err)
	}
	return ortpin.Library{File: "lib.so", SHA256: hex.EncodeToString(sum[:])}, enc.EncodeAll(data, nil), data
}

func TestUnpackAtOnce(t *testing.T) {
	pin, packed, data := small(t)
	dir := filepath.Join(t.TempDir(), "cache", "ort")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			path, err := unpack(dir, pin, packed)
			if err != nil {
				t.Error(err)
				return
			}
			if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, data) {
				t.Errorf("unpacked %d bytes, %v", len(got), err)
			}
		})
	}
	wg.Wait()
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("%d files are left in the cache, not 1", len(left))
	}
}

func TestUnpackRepairs(t *testing.T) {
	pin, packed, data := small(t)
	dir := t.TempDir()
	path := filepath.Join(dir, pin.File)
	if err := os.WriteFile(path, data[:100], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := unpack(dir, pin, packed); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); !bytes.Equal(got, data) {
		t.Error("a damaged library in the cache is kept")
	}
}

func TestUnpackRefusesDamage(t *testing.T) {
	pin, packed, _ := small(t)
	pin.SHA256 = strings.Repeat("0", 64)
	for _, b := range [][]byte{packed, packed[:len(packed)/2], nil} {
		dir := t.TempDir()
		if path, err := unpack(dir, pin, b); err == nil {
			t.Errorf("a damaged package unpacks to %s", path)
		}
		if left, _ := os.ReadDir(dir); len(left) != 0 {
			t.Error("a damaged package leaves a file")
		}
	}
}

// A cache that cannot be written, here because a file is in its way, sends the library to the next folder.
func TestUnpackWithoutCache(t *testing.T) {
	pin, packed, _ := small(t)
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	other := filepath.Join(t.TempDir(), "other")
	path, err := unpackFirst([]string{filepath.Join(blocked, "ort"), other}, pin, packed)
	if err != nil || filepath.Dir(path) != other {
		t.Errorf("unpacked to %q, %v", path, err)
	}
	if _, err := unpackFirst([]string{filepath.Join(blocked, "ort")}, pin, packed); err == nil {
		t.Error("a library unpacks into a file")
	}
}

func TestFindLibraryNamed(t *testing.T) {
	t.Setenv(libraryEnv, filepath.Join(t.TempDir(), "none.so"))
	if _, err := findLibrary(); err == nil || !strings.Contains(err.Error(), libraryEnv) {
		t.Errorf("a library that is not there gives %v", err)
	}
	file := filepath.Join(t.TempDir(), "own.so")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv(libraryEnv, file)
	if path, err := findLibrary(); err != nil || path != file {
		t.Errorf("found %q, %v", path, err)
	}
}

// Every platform's package holds the pinned library.
func TestPackages(t *testing.T) {
	dec, err := zstd.NewReader(nil)
	if err != nil {
		t.Fatal(err)
	}
	defer dec.Close()
	for _, l := range ortpin.Libraries {
		packed, err := os.ReadFile(filepath.Join("..", "assets", "ort_"+l.GOOS+"_"+l.GOARCH+".zst"))
		if err != nil {
			t.Fatal(err)
		}
		data, err := dec.DecodeAll(packed, nil)
		if err != nil || !matches(data, l.SHA256) {
			t.Errorf("the package for %s/%s does not hold the pinned library: %v", l.GOOS, l.GOARCH, err)
		}
	}
	if pin, ok := ortpin.Current(); ok && len(assets.ONNXRuntime) == 0 {
		t.Errorf("this binary lacks the library pinned for %s/%s", pin.GOOS, pin.GOARCH)
	}
}

func BenchmarkUnpack(b *testing.B) {
	pin, ok := ortpin.Current()
	if !ok {
		b.Skip("no library for this platform")
	}
	for b.Loop() {
		if _, err := unpack(b.TempDir(), pin, assets.ONNXRuntime); err != nil {
			b.Fatal(err)
		}
	}
}
