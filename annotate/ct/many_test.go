package ct

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"groundglass/annotate/ct/dicom/dicomtest"
)

// manyFiles writes n images without endings into nested folders, with links that
// lead in circles.
func manyFiles(t *testing.T, n int) string {
	dir := t.TempDir()
	for i := range n {
		folder := filepath.Join(dir, fmt.Sprint("S", i%7), fmt.Sprint("T", i%11))
		if err := os.MkdirAll(folder, 0o777); err != nil {
			t.Fatal(err)
		}
		writeFile(t, filepath.Join(folder, fmt.Sprintf("1.2.%d", i)), dicomtest.Write(dicomtest.ExplicitLittle, dicomtest.CT(2, 2, float64(i), make([]uint16, 4))))
	}
	for _, l := range [][2]string{{dir, "S0/up"}, {"loop", "loop"}, {filepath.Join(dir, "S1", "T1"), "S2/T1/side"}} {
		if err := os.Symlink(l[0], filepath.Join(dir, l[1])); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestThousandsOfFiles(t *testing.T) {
	const n = 2000
	dir := manyFiles(t, n)
	last := 0
	found, err := Open(context.Background(), []string{dir, filepath.Join(dir, "S3")}, func(done, total int) {
		if done != last+1 || total != n {
			t.Fatalf("progress went from %d to %d of %d", last, done, total)
		}
		last = done
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(found.Series) != 1 || found.Series[0].Len() != n || last != n || len(found.LeftOut) != 3 {
		t.Errorf("%d series, %d looked at, left out %v", len(found.Series), last, found.LeftOut)
	}
}

func TestOpenStops(t *testing.T) {
	dir := manyFiles(t, 300)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	looked := 0
	_, err := Open(ctx, []string{dir}, func(done, _ int) {
		if looked = done; done == 20 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) || looked > 20+openWorkers {
		t.Errorf("%v after %d files", err, looked)
	}
	ctx, cancel = context.WithTimeout(context.Background(), -time.Second)
	defer cancel()
	if _, err := Open(ctx, []string{dir}, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a call that is late already: %v", err)
	}
}
