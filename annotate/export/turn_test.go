package export

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestTurns(t *testing.T) {
	f := &folder{part: t.TempDir()}
	var all sync.WaitGroup
	var inside atomic.Int32
	for range 8 {
		all.Go(func() {
			turn, err := f.takeTurn(context.Background())
			if err != nil {
				t.Error(err)
				return
			}
			if inside.Add(1) != 1 {
				t.Error("two have the turn")
			}
			time.Sleep(time.Millisecond)
			inside.Add(-1)
			turn.give()
		})
	}
	all.Wait()
	if left := listing(t, f.part); len(left) != 0 {
		t.Errorf("turns leave %q", left)
	}
}

// A turn of a process that has ended is taken over at once; one of another machine is
// waited for.
func TestTurnsOfOthers(t *testing.T) {
	f := &folder{part: t.TempDir()}
	gone := exec.Command(os.Args[0], "-test.run=^$")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(f.part, turnFile), fmt.Appendf(nil, "%q %d 3\n", host, gone.Process.Pid))
	turn, err := f.takeTurn(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	turn.give()
	write(t, filepath.Join(f.part, turnFile), fmt.Appendf(nil, "%q %d 3\n", host+" the second", gone.Process.Pid))
	ctx, cancel := context.WithTimeout(context.Background(), 3*turnLook)
	defer cancel()
	if _, err := f.takeTurn(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the turn of another machine: %v", err)
	}
	f.part = filepath.Join(f.part, "gone")
	if _, err := f.takeTurn(context.Background()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is gone: %v", err)
	}
}
