package turn

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
	dir := t.TempDir()
	var all sync.WaitGroup
	var inside atomic.Int32
	for range 8 {
		all.Go(func() {
			turn, err := Take(context.Background(), filepath.Join(dir, "turn"))
			if err != nil {
				t.Error(err)
				return
			}
			if inside.Add(1) != 1 {
				t.Error("two have the turn")
			}
			time.Sleep(time.Millisecond)
			inside.Add(-1)
			turn.Give()
		})
	}
	all.Wait()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("turns leave %v, %v", left, err)
	}
}

// of is what the file of another process says.
func of(t *testing.T, host string, pid, beat int) []byte {
	t.Helper()
	return fmt.Appendf(nil, "%q %d %016x %d\n", host, pid, 99, beat)
}

// A turn of a process that has ended is taken over at once; one of another machine is
// waited for, and not for ever.
func TestTurnsOfOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "turn")
	gone := exec.Command(os.Args[0], "-test.run=^$")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	put := func(data []byte) {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(of(t, host, gone.Process.Pid, 3))
	turn, err := Try(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	turn.Give()

	other := of(t, host+" the second", gone.Process.Pid, 3)
	put(other)
	ctx, cancel := context.WithTimeout(context.Background(), 3*look)
	defer cancel()
	if _, err := Take(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the turn of another machine: %v", err)
	}
	seen.at[path] = sight{string(other), time.Now().Add(-2 * silence)}
	if turn, err = Try(context.Background(), path); err != nil {
		t.Fatalf("the turn of a machine that has been silent: %v", err)
	}
	if _, err := Try(context.Background(), path); !errors.Is(err, ErrTaken) {
		t.Errorf("a turn that is taken: %v", err)
	}
	turn.Give()
	if _, err := Take(context.Background(), filepath.Join(path, "gone", "turn")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder is gone: %v", err)
	}
}

// Who was silent for so long that another took the turn knows that it is lost, also
// when the other has given it back, and takes nothing from that one.
func TestALostTurnStaysLost(t *testing.T) {
	path := filepath.Join(t.TempDir(), "turn")
	turn, err := Take(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if held, err := turn.Held(); !held || err != nil {
		t.Fatalf("a turn that was taken is held: %t, %v", held, err)
	}
	other := of(t, "elsewhere", 7, 12)
	if err := os.WriteFile(path, other, 0o600); err != nil {
		t.Fatal(err)
	}
	turn.say(5)
	if said, err := os.ReadFile(path); string(said) != string(other) {
		t.Errorf("the other's turn is overwritten with %q, %v", said, err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	turn.say(6)
	if held, err := turn.Held(); held || err != nil {
		t.Errorf("a turn that was lost is held: %t, %v", held, err)
	}
	turn.Give()
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 0 {
		t.Errorf("it leaves %v, %v", left, err)
	}
}

// Who takes a silent turn away leaves that of one who came between.
func TestATurnThatCameBetweenStays(t *testing.T) {
	dir := t.TempDir()
	turn, err := Take(context.Background(), filepath.Join(dir, "turn"))
	if err != nil {
		t.Fatal(err)
	}
	defer turn.Give()
	turn.clear(of(t, "elsewhere", 7, 12))
	if said, err := os.ReadFile(turn.path); err != nil || ended(said) || len(said) == 0 {
		t.Errorf("the turn is gone: %q, %v", said, err)
	}
}
