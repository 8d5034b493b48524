// Package turn lets programs, of one machine or of several that see one folder, do
// something one at a time, on file systems that have no locks: who has the turn says so
// in a file, and goes on saying so.
package turn

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// The file is rewritten every Beat. Where that stops for silence, by the clock of who
// waits, or where the program is known to have ended, another takes the turn.
const (
	Beat    = 2 * time.Second
	silence = time.Minute
	begun   = 5 * time.Second // for one who has not said yet who it is
	look    = 100 * time.Millisecond
)

// ErrTaken is what Try gives where another program has the turn.
var ErrTaken = errors.New("another program has it")

// Turn is a turn that was taken.
type Turn struct {
	path string
	id   uint64
	lost atomic.Bool
	stop chan struct{}
	over chan struct{}
}

// Take waits for the turn of a file, whose folder must be there. The error is ctx's, or
// that of the file system.
func Take(ctx context.Context, path string) (*Turn, error) {
	return take(ctx, path, func([]byte) bool { return false })
}

// Try is Take for who does not wait: the error is ErrTaken as soon as another program
// was seen to have the turn, or has said nothing for three beats. Who tries again in
// this process, a minute after it first saw what the file still says, gets the turn.
func Try(ctx context.Context, path string) (*Turn, error) {
	first := true
	var said []byte
	until := time.Now().Add(3 * Beat)
	return take(ctx, path, func(now []byte) bool {
		changed := !first && !bytes.Equal(now, said)
		said, first = now, false
		return changed || time.Now().After(until)
	})
}

// seen remembers since when a file has said the same.
var seen = struct {
	sync.Mutex
	at map[string]sight
}{at: map[string]sight{}}

type sight struct {
	said  string
	since time.Time
}

// same is for how long this process has seen a file say the same.
func same(path string, said []byte) time.Duration {
	seen.Lock()
	defer seen.Unlock()
	s, ok := seen.at[path]
	if !ok || s.said != string(said) {
		s = sight{string(said), time.Now()}
		seen.at[path] = s
	}
	return time.Since(s.since)
}

// take takes the turn, or gives up with ErrTaken where enough says so of what the file
// says.
func take(ctx context.Context, path string, enough func(said []byte) bool) (*Turn, error) {
	t := &Turn{path: path, id: rand.Uint64(), stop: make(chan struct{}), over: make(chan struct{})}
	for {
		if err := t.claim(); err == nil {
			go t.beat()
			return t, nil
		} else if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
		said, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		if err == nil {
			if quiet := same(path, said); ended(said) || quiet > silence || len(said) == 0 && quiet > begun {
				t.clear(said)
				continue
			}
			if enough(said) {
				return nil, ErrTaken
			}
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(look):
		}
	}
}

// clear takes away the file of one who is gone. Another may have done so, and taken
// the turn: a file that says something else is put back.
func (t *Turn) clear(said []byte) {
	old := t.beside()
	if os.Rename(t.path, old) != nil {
		return
	}
	if now, err := os.ReadFile(old); err == nil && !bytes.Equal(now, said) {
		_ = os.Link(old, t.path) // whoever has come between has the turn
	}
	os.Remove(old)
}

// claim makes the file, which must not be there. Where the file system has links it is
// there with what it says.
func (t *Turn) claim() error {
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
	_, err = f.WriteString(t.holder(0))
	return errors.Join(err, f.Close())
}

// beside is a name for a file beside the turn's.
func (t *Turn) beside() string { return fmt.Sprintf("%s.%016x", t.path, rand.Uint64()) }

// half writes what the file is to say beside it.
func (t *Turn) half(beat int) (path string, err error) {
	path = t.beside()
	return path, os.WriteFile(path, []byte(t.holder(beat)), 0o666)
}

// holder is what the turn's file says: the machine, the process, the turn, and a
// number that grows.
func (t *Turn) holder(beat int) string {
	host, _ := os.Hostname()
	return fmt.Sprintf("%q %d %016x %d\n", host, os.Getpid(), t.id, beat)
}

// holderOf reads what a turn's file says.
func holderOf(said []byte) (host string, pid int, id uint64, ok bool) {
	var beat int
	_, err := fmt.Sscanf(string(said), "%q %d %x %d\n", &host, &pid, &id, &beat)
	return host, pid, id, err == nil
}

// Held reports whether the turn has been this one's until now. It has not where this
// program said nothing for a minute, as it may when the machine sleeps or the share is
// gone, and another took the turn, which it may have given back since. With an error of
// the file system it is not known.
func (t *Turn) Held() (bool, error) {
	said, err := os.ReadFile(t.path)
	if errors.Is(err, fs.ErrNotExist) { // it may be put back: see clear
		time.Sleep(look)
		said, err = os.ReadFile(t.path)
	}
	_, _, id, ok := holderOf(said)
	if errors.Is(err, fs.ErrNotExist) || err == nil && ok && id != t.id {
		t.lost.Store(true)
		err = nil
	}
	return err == nil && !t.lost.Load(), err
}

// ended reports whether the file is of a process of this machine that is no more.
func ended(said []byte) bool {
	host, pid, _, ok := holderOf(said)
	if !ok {
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

// beat says that the turn is still taken, as long as no other program says so.
func (t *Turn) beat() {
	defer close(t.over)
	for n := 1; ; n++ {
		select {
		case <-t.stop:
			return
		case <-time.After(Beat):
			t.say(n)
		}
	}
}

func (t *Turn) say(n int) {
	half, err := t.half(n)
	if err != nil {
		return
	}
	if held, _ := t.Held(); held {
		_ = os.Rename(half, t.path)
	}
	os.Remove(half)
}

// Give gives the turn back, unless another program has it by now.
func (t *Turn) Give() {
	close(t.stop)
	<-t.over
	if held, _ := t.Held(); held {
		os.Remove(t.path)
	}
}
