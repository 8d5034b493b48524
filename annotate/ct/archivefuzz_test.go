package ct

import (
	"os"
	"path/filepath"
	"testing"

	"groundglass/annotate/fuzzlimit"
)

// FuzzArchive checks that no bytes make the reader of zip archives panic, and
// that it keeps to its limits.
func FuzzArchive(f *testing.F) {
	f.Add(packed(f, member{name: "a/IM1", data: ctAt(0)}, member{name: "IM2", data: ctAt(5), flat: true}))
	f.Add(packed(f, member{name: "DICOMDIR", data: directoryOf("A", "B")}, member{name: "b.zip", data: packed(f)}))
	f.Add(packed(f))
	f.Add(packed(f, member{name: "..", data: ctAt(0)}, member{name: "", data: ctAt(0)}))
	path := filepath.Join(f.TempDir(), "a.zip")
	f.Fuzz(func(t *testing.T, data []byte) {
		defer fuzzlimit.Start()()
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		entries, left, err := listArchive(path)
		if err != nil {
			return
		}
		total := uint64(0)
		for _, e := range entries {
			if total += uint64(e.size); filepath.Dir(e.path) == filepath.Dir(path) {
				t.Fatalf("an entry is named %s", e.path)
			}
		}
		if len(entries)+len(left) > maxFiles || total > archiveLimits.unpacked+archiveLimits.ratio*uint64(len(data)) {
			t.Fatalf("%d entries of %d bytes in %d", len(entries), total, len(data))
		}
		for i := range entries[:min(3, len(entries))] {
			l := entries[i].look()
			if l.image != nil {
				l.entry.slice(l.image, 0)
			}
		}
	})
}
