package project

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
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

// lock is a lock that is held.
type lock struct{ f *os.File }

// takeLock takes the lock of a folder, which must be there, or gives an ErrHeld
// that says who has it.
func takeLock(dir, user string, now time.Time) (*lock, error) {
	path := filepath.Join(dir, lockFile)
	f, err := openLocked(path)
	if errors.Is(err, ErrHeld) {
		return nil, fmt.Errorf("%w, by %s", ErrHeld, holderOf(path))
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
	return &lock{f}, nil
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
		_ = l.f.Truncate(0)
		l.f.Close()
	}
}
