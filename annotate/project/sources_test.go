package project

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"groundglass/annotate"
	"groundglass/annotate/ct"
)

// A file that is another than the one that was worked on is told of, though its
// slice says that it is the same.
func TestChangedImagesAreTold(t *testing.T) {
	images, dir := t.TempDir(), filepath.Join(t.TempDir(), "p")
	meta := ct.Series{UID: "1.2.3", Rows: testH, Columns: testW}
	for _, name := range []string{"a", "b", "c"} {
		path := filepath.Join(images, name)
		if err := os.WriteFile(path, []byte("pixels of "+name), 0o600); err != nil {
			t.Fatal(err)
		}
		meta.Sources = append(meta.Sources, ct.Source{File: path, SOPInstanceUID: "1.2.3." + name})
	}
	work := func() int {
		told := make(chan int, 1)
		s := annotate.NewSession(ct.NewSeries(meta, nil))
		p, err := Open(dir, testOptions(nil))
		if err != nil {
			t.Fatal(err)
		}
		st, _, err := p.Keep(s, Events{Changed: func(n int) { told <- n }})
		if err != nil {
			t.Fatal(err)
		}
		newEditor(s, 1).kept(st)
		s.Accept(0)
		s.Accept(1)
		if err := st.Close(nil); err != nil {
			t.Fatal(err)
		}
		for begun := time.Now(); time.Since(begun) < 10*time.Second; time.Sleep(time.Millisecond) {
			if d := p.Description(); len(d.Series) == 1 && d.Series[0].Sources[2].SHA256 != "" {
				break
			}
		}
		p.beside.Wait()
		p.Close()
		select {
		case n := <-told:
			return n
		default:
			return 0
		}
	}
	if n := work() + work(); n != 0 {
		t.Errorf("of files that are the same, %d are said to have changed", n)
	}
	if err := os.WriteFile(filepath.Join(images, "b"), []byte("other pixels"), 0o600); err != nil {
		t.Fatal(err)
	}
	if n := work(); n != 1 {
		t.Errorf("one file has changed, and %d are told", n)
	}
}
