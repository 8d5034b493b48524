package project

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"groundglass/annotate/internal/turn"
)

// lockFile is the file that whoever has a project open holds. The system lets go
// of it when the program ends, however that comes about, so that no lock is
// stale; the file stays.
const lockFile = "lock"

// Holder says who has a project open.
type Holder struct {
	User string    `json:"user"`
	Host string    `json:"host"`
	PID  int       `json:"pid"`
	Time time.Time `json:"time"`
}

// String is the holder in words.
func (h Holder) String() string {
	if h.Host == "" {
		return "another program"
	}
	name := h.User
	if name == "" {
		name = "somebody"
	}
	return fmt.Sprintf("%s on %s (process %d, since %s)", name, h.Host, h.PID, h.Time.Local().Format("2 Jan 15:04"))
}

// ErrHeld is what a project gives that another program has open.
var ErrHeld = errors.New("it is open elsewhere")

// errNoLocks is what openLocked gives with a file on a file system that knows no locks.
var errNoLocks = errors.New("the file system knows no locks")

// lock is a lock that is held: by the system, or else by a turn that goes on saying so.
type lock struct {
	f    *os.File
	turn *turn.Turn // nil where the system has it
}

// turnFile is the lock where the file system has none. It may be stale, since no system
// lets go of it: who opens the project waits up to some seconds to see whether it is.
const turnFile = "lock.turn"

// locker opens a file with the system's lock.
type locker func(path string) (*os.File, error)

// takeLock takes the lock of a folder, which must be there, or gives an ErrHeld
// that says who has it.
func takeLock(dir, user string, now time.Time, open locker) (*lock, error) {
	path := filepath.Join(dir, lockFile)
	f, err := open(path)
	if errors.Is(err, ErrHeld) {
		return nil, fmt.Errorf("%w, by %s", ErrHeld, holderOf(path))
	}
	var ours *turn.Turn
	if errors.Is(err, errNoLocks) {
		if ours, err = turn.Try(context.Background(), filepath.Join(dir, turnFile)); err != nil {
			f.Close()
		}
		if errors.Is(err, turn.ErrTaken) {
			return nil, fmt.Errorf("%w, by %s", ErrHeld, holderOf(path))
		}
	}
	if err != nil {
		return nil, err
	}
	host, _ := os.Hostname()
	text, err := json.Marshal(Holder{user, host, os.Getpid(), now.UTC().Truncate(time.Second)})
	if err == nil {
		if err = f.Truncate(0); err == nil {
			_, err = f.WriteAt(append(text, '\n'), 0)
		}
	}
	if err != nil { // a lock that does not say by whom it is held is one all the same
		_ = f.Truncate(0)
	}
	return &lock{f, ours}, nil
}

// errLost is what a project gives that another program has taken over.
var errLost = errors.New("another program has taken the project over, since this one was not heard of for a minute")

// check is errLost where another program has taken the project over.
func (l *lock) check() error {
	if l == nil || l.turn == nil {
		return nil
	}
	held, err := l.turn.Held()
	if err == nil && !held {
		err = errLost
	}
	return err
}

func holderOf(path string) (h Holder) {
	if data, err := os.ReadFile(path); err == nil {
		_ = json.Unmarshal(data, &h)
	}
	return h
}

// release gives the lock back.
func (l *lock) release() {
	if l != nil {
		if l.check() == nil {
			_ = l.f.Truncate(0)
		}
		l.f.Close()
		if l.turn != nil {
			l.turn.Give()
		}
	}
}
