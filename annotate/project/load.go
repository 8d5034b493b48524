package project

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"time"

	"groundglass/annotate"
)

// Report says what Keep found of earlier work.
type Report struct {
	Found    bool      // there was some
	Steps    int       // that were in the journal alone: the program did not end by itself
	Step     uint64    // number of the last step
	Last     time.Time // of the last step that was in the journal alone
	Damage   []string  // sentences that say what is lost, and what was damaged although nothing is
	ReadOnly string    // why nothing more is written; empty where it is
}

// loaded is what the files of a series hold, beside what went into the session.
type loaded struct {
	report   Report
	live     bool           // another program may be at work
	next     int            // number for the next file
	step     uint64         // number of the last record
	maps     map[uint64]int // the file of each map
	snapshot int            // number of the snapshot that was taken up; 0 for none
	aside    []string       // damaged files
	old      bool           // some of it is of an earlier version
	audit    []byte         // lines that the audit file begins with
	first    []byte         // frames that the first journal begins with: see beginning
}

// loadLive brings the work in a folder into a new session. What is damaged is told, and
// the rest taken. Where another program may be at work, live, what it has not written to
// its end yet is no damage.
func loadLive(disk FS, dir string, s *annotate.Session, live bool) (loaded, error) {
	files, next, err := read(disk, dir)
	out := loaded{live: live, next: next, maps: map[uint64]int{}}
	if err != nil {
		return out, err
	}
	for _, all := range files {
		out.old = out.old || slices.ContainsFunc(all, func(c content) bool { return c.head.Version < Version })
	}
	maps := packedMaps{}
	for _, c := range files[mapFiles] {
		out.look(c)
		for _, m := range c.maps {
			maps[m.id] = m
			if c.whole && c.head.Version == Version { // else it is written again
				out.maps[m.id] = c.number
			}
		}
	}
	if err := out.replay(files, s, maps); err != nil {
		return out, err
	}
	if live {
		return out, nil
	}
	if told, err := disk.ReadFile(filepath.Join(dir, AuditFile)); err == nil {
		if known := audited(told); known > out.step {
			out.tell("steps %d to %d are lost: the file that held them is gone", out.step+1, known)
			out.step, out.report.Step = known, known
		}
	}
	return out, nil
}

// rereads is how often a folder is looked at anew because a file that it named
// was gone: another program that has the project open took it away.
const rereads = 20

// read takes the files of a folder apart, by kind; next is a number for the next.
func read(disk FS, dir string) (files map[string][]content, next int, err error) {
	for range rereads {
		var gone bool
		if files, next, gone, err = readOnce(disk, dir); !gone {
			break
		}
	}
	return files, next, err
}

func readOnce(disk FS, dir string) (files map[string][]content, next int, gone bool, err error) {
	names, err := disk.Names(dir)
	if err != nil {
		return nil, 1, false, err
	}
	files, next = map[string][]content{}, 1
	for _, name := range names {
		kind, number, ok := splitName(name)
		if !ok {
			continue
		}
		next = max(next, number+1)
		if kind == maskFiles { // what they hold is in the snapshot
			continue
		}
		data, unread := disk.ReadFile(filepath.Join(dir, name))
		c, err := take(kind, data)
		if err != nil {
			return nil, next, false, fmt.Errorf("%s: %w", name, err)
		}
		gone = gone || errors.Is(unread, fs.ErrNotExist)
		c.kind, c.name, c.number, c.unread = kind, name, number, unread
		files[kind] = append(files[kind], c)
	}
	return files, next, gone, nil
}

// lay tells r how the records of a file are laid out. A file without its head may
// be of any version.
func lay(r *annotate.Replayer, c content, records [][]byte) {
	r.SetLayout(annotate.LayoutNow)
	if c.head.Version < Version {
		r.SetLayout(r.OldLayout(records))
	}
}

// replay makes the session of the newest snapshot that is whole, or else the one
// that most is left of, and of the journals since.
func (l *loaded) replay(files map[string][]content, s *annotate.Session, maps packedMaps) error {
	r := annotate.NewReplayer(s, maps.of(s.Series().Rows*s.Series().Columns))
	shot := l.choose(files[snapshots])
	if shot != nil {
		l.report.Found = true
		l.snapshot, l.step = shot.number, shot.head.Step
		lay(r, *shot, shot.records)
		for _, data := range shot.records {
			if err := r.Replay(data); errors.Is(err, annotate.ErrOtherSeries) {
				return fmt.Errorf("%s: %w", shot.name, err)
			} else if err != nil {
				l.tell("%s: %v", shot.name, err)
			}
		}
	}
	for n, c := range files[journals] {
		if c.number < l.snapshot && len(c.steps) > 0 {
			if last := c.steps[len(c.steps)-1].number; last > l.step {
				l.tell("%s: steps up to %d are left out: a program wrote them that had lost the project to another", c.name, last)
				l.aside = append(l.aside, c.name)
			}
			continue
		}
		l.journal(c, r, n == len(files[journals])-1)
	}
	l.report.Step = l.step
	if n := len(r.Missing()); n > 0 {
		l.tell("the model's proposals for %d slices are lost; it can propose anew", n)
	}
	return nil
}

// choose is the snapshot to begin with; nil where there is none. What is wrong
// with others is told.
func (l *loaded) choose(all []content) *content {
	best := -1
	for i, c := range all {
		if c.whole {
			best = i
		}
	}
	for i := range all {
		if i < best && all[i].whole {
			continue
		}
		l.look(all[i])
	}
	if best < 0 { // the one with most in it
		for i, c := range all {
			if len(c.records) > 0 && c.head.Format != "" && (best < 0 || len(c.records) >= len(all[best].records)) {
				best = i
			}
		}
	}
	if best < 0 {
		return nil
	}
	return &all[best]
}

// journal does the steps of a journal again that are not done yet.
func (l *loaded) journal(c content, r *annotate.Replayer, last bool) {
	if last && !l.live && c.damaged == 0 && c.unread == nil && c.tail > 0 {
		l.tell("the last step was not written to its end when the program stopped (%d bytes)", c.tail)
		l.aside = append(l.aside, c.name)
	} else {
		l.look(c)
	}
	records := make([][]byte, len(c.steps))
	for i, s := range c.steps {
		records[i] = s.data
	}
	lay(r, c, records)
	for _, s := range c.steps {
		if s.number == 0 && l.step == 0 && l.snapshot == 0 {
			if err := r.Replay(s.data); err != nil {
				l.tell("%s: what the work began with: %v", c.name, err)
			}
		}
		if s.number <= l.step {
			continue
		}
		if lost := s.number - l.step - 1; lost > 0 {
			l.tell("%s: %d steps are lost, number %d to %d", c.name, lost, l.step+1, s.number-1)
		}
		l.step = s.number
		l.report.Found = true
		l.report.Steps++
		l.report.Last = time.UnixMilli(s.at)
		if err := r.Replay(s.data); err != nil {
			l.tell("%s: step %d: %v", c.name, s.number, err)
		}
	}
}

// look tells what is wrong with a file.
func (l *loaded) look(c content) {
	switch {
	case c.unread != nil:
		l.tell("%s cannot be read: %v", c.name, c.unread)
		l.aside = append(l.aside, c.name)
	case l.live && c.kind != snapshots && c.damaged == 0: // it is being written
	case !c.whole:
		l.tell("%s is damaged: %d bytes of it make no sense, or its end is missing", c.name, c.damaged+c.tail)
		l.aside = append(l.aside, c.name)
	}
}

func (l *loaded) tell(format string, a ...any) {
	l.report.Damage = append(l.report.Damage, fmt.Sprintf(format, a...))
}
