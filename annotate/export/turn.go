package export

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// A program that finishes an export, of several that write it, says so in a file that
// it rewrites every turnBeat. Where that stops for turnLimit, by the clock of who waits,
// or where the program is known to have ended, another takes the turn. Locks of the
// system would need file systems that have them.
const (
	turnFile  = "finishing"
	turnBeat  = 2 * time.Second
	turnLimit = time.Minute
	turnBegun = 5 * time.Second // for one who has not said yet who it is
	turnLook  = 100 * time.Millisecond
)

// turn is the turn to finish an export.
type turn struct {
	path string
	stop chan struct{}
	over chan struct{}
}

// takeTurn waits until nobody else finishes the export. The error is fs.ErrNotExist
// where another program has moved it to its place meanwhile.
func (f *folder) takeTurn(ctx context.Context) (*turn, error) {
	t := &turn{path: filepath.Join(f.part, turnFile), stop: make(chan struct{}), over: make(chan struct{})}
	var said []byte
	since := time.Now()
	for {
		if err := t.claim(); err == nil {
			go t.beat()
			return t, nil
		} else if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		now, err := os.ReadFile(t.path)
		switch {
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return nil, err
		case !bytes.Equal(now, said):
			said, since = now, time.Now()
		case err == nil && (ended(now) || time.Since(since) > turnLimit || len(now) == 0 && time.Since(since) > turnBegun):
			os.Remove(t.path)
			continue
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(turnLook):
		}
	}
}

// claim makes the file, which must not be there. Where the file system has links it is
// there with what it says.
func (t *turn) claim() error {
	half, err := t.half(0)
	if err != nil {
		return err
	}
	defer os.Remove(half)
	if err := os.Link(half, t.path); err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	f, err := os.OpenFile(t.path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.WriteString(holder(0))
	return errors.Join(err, f.Close())
}

// half writes what the file is to say beside it.
func (t *turn) half(beat int) (path string, err error) {
	path = fmt.Sprintf("%s.%016x", t.path, rand.Uint64())
	return path, os.WriteFile(path, []byte(holder(beat)), 0o666)
}

// holder is what the turn's file says: the machine, the process, and a number.
func holder(beat int) string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%q %d %d\n", host, os.Getpid(), beat)
}

// ended reports whether the file is of a process of this machine that is no more.
func ended(said []byte) bool {
	var host string
	var pid, beat int
	if _, err := fmt.Sscanf(string(said), "%q %d %d\n", &host, &pid, &beat); err != nil {
		return false
	}
	here, err := os.Hostname()
	if err != nil || here != host {
		return false
	}
	p, err := os.FindProcess(pid)
	if err != nil {
		return true
	}
	defer func() { _ = p.Release() }()
	return errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// beat says that the turn is still taken.
func (t *turn) beat() {
	defer close(t.over)
	for n := 1; ; n++ {
		select {
		case <-t.stop:
			return
		case <-time.After(turnBeat):
			if half, err := t.half(n); err == nil {
				_ = os.Rename(half, t.path)
			}
		}
	}
}

// give gives the turn back.
func (t *turn) give() {
	close(t.stop)
	<-t.over
	os.Remove(t.path)
}
