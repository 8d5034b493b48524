package project

import (
	"encoding/binary"
	"io"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"groundglass/annotate"
)

// Options say how a project is kept.
type Options struct {
	FS      FS // Disk where it is nil
	Now     func() time.Time
	Program string // name and version, for the files
	User    string
	Model   func() Model // what makes the proposals, for the audit; from any goroutine; may be nil

	// JournalBytes is how long the journal may grow before; 0 for DefaultJournalBytes.
	JournalBytes int64

	open locker // openLocked where it is nil
}

// Events are what a store tells, from goroutines of its own. Each may be nil.
type Events struct {
	Status func(Status) // what is on disk has fallen behind or caught up, or why it does not
	Want   func()       // the journal has grown long: Store.Snapshot is to be called

	Changed func(slices int) // the files of so many slices are others than those that were worked on

	SetAside func(dir string) // the project was of an earlier version, and is kept in dir as it was
}

// DefaultJournalBytes is how long a journal grows before a snapshot is wanted.
const DefaultJournalBytes = 1 << 20

// Status says how far what is on disk is behind the session.
type Status struct {
	Behind int   // steps that are not safe yet
	Err    error // why they are not; nil while nothing failed
}

// Store writes down the work on one series. Record and Snapshot are for the
// session's goroutine and take no time; a goroutine of the store's own writes.
type Store struct {
	fs  FS
	dir string // of the series
	id  string // of the series
	o   Options
	on  Events

	mu       sync.Mutex
	last     uint64   // number of the newest step
	queue    []queued // steps that are not safe yet
	wanted   *shot    // a snapshot to be made
	snapping *shot    // one that is being made
	made     *shot    // one that was made, and is to be taken up
	asked    bool     // a snapshot was asked for, or is being made
	since    int64    // bytes recorded since the last snapshot
	err      error    // of the last attempt
	ending   bool
	wake     chan struct{}
	finished chan struct{}
	calm     *sync.Cond // the queue was written, or an attempt failed

	labels   func([]annotate.Label) // notes the label table of a snapshot that was made
	beside   sync.WaitGroup         // goroutines that write snapshots and masks
	masking  sync.Mutex             // one file of masks at a time
	newest   atomic.Int64           // number of the newest snapshot
	deadline atomic.Int64           // for masks, once the store is being closed; nanoseconds since 1970

	w writer
}

// queued is a step that waits, with the map that it names.
type queued struct {
	step
	m *annotate.Map
}

// shot is a snapshot.
type shot struct {
	state  annotate.State
	step   uint64 // the last that is in it
	number int    // of the file
	ids    map[uint64]bool
	err    error
}

// retryAfter is how long the store waits after a failure.
const retryAfter = 2 * time.Second

func newStore(dir, id string, o Options, on Events, l loaded, labels func([]annotate.Label), prepare, mine func() error) *Store {
	s := &Store{fs: o.FS, dir: dir, id: id, o: o, on: on, last: l.step, labels: labels, wake: make(chan struct{}, 1), finished: make(chan struct{})}
	s.calm = sync.NewCond(&s.mu)
	s.w = writer{fs: o.FS, dir: dir, prepare: prepare, mine: mine, head: head{Version: Version, Program: o.Program, Series: id}, next: l.next, maps: l.maps, aside: l.aside, snapshot: l.snapshot, untold: l.audit, first: l.first}
	go s.run()
	return s
}

// Record takes a step; it is for annotate.Session.OnRecord.
func (s *Store) Record(r annotate.Record) {
	s.mu.Lock()
	s.last++
	s.since += int64(len(r.Data))
	s.queue = append(s.queue, queued{step{s.last, s.o.Now().UnixMilli(), r.Data}, r.Map})
	s.mu.Unlock()
	s.rouse()
}

// Snapshot takes the session's present state, which makes the journal until now
// superfluous. It must be the state after the last step that Record was told.
func (s *Store) Snapshot(state annotate.State) {
	s.mu.Lock()
	s.wanted, s.asked = &shot{state: state, step: s.last}, true
	s.mu.Unlock()
	s.rouse()
}

func (s *Store) rouse() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// Status is how things stand now.
func (s *Store) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Status{len(s.queue), s.err}
}

// Origin is what the work has come to, for a project that adopts it: all of it
// where nothing is behind.
func (s *Store) Origin() Origin {
	audit, _ := s.fs.ReadFile(filepath.Join(s.dir, AuditFile))
	s.mu.Lock()
	defer s.mu.Unlock()
	return Origin{Step: s.last, Audit: audit}
}

// Grown reports whether there are steps that no snapshot has.
func (s *Store) Grown() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.since > 0
}

// Flush waits until all that was recorded is safe, or an attempt to write it has
// failed.
func (s *Store) Flush() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = nil
	s.rouse()
	for s.err == nil && (len(s.queue) > 0 || s.wanted != nil || s.snapping != nil) {
		s.calm.Wait()
	}
	return s.err
}

// Close writes what is left, with a snapshot where state is not nil, and ends the
// store. An error means that something could not be written.
func (s *Store) Close(state *annotate.State) error {
	s.deadline.Store(time.Now().Add(closingTime).UnixNano())
	if state != nil {
		s.Snapshot(*state)
	}
	err := s.Flush()
	s.mu.Lock()
	s.ending = true
	s.mu.Unlock()
	s.rouse()
	<-s.finished
	s.beside.Wait()
	return err
}

// run writes until the store is closed.
func (s *Store) run() {
	defer close(s.finished)
	defer s.w.close()
	for {
		s.mu.Lock()
		batch, wanted, made, ending := s.queue, s.wanted, s.made, s.ending
		s.made = nil
		if s.snapping != nil {
			wanted = nil
		}
		if wanted != nil { // what comes after it goes into the next journal
			batch = slices.DeleteFunc(slices.Clone(batch), func(q queued) bool { return q.number > wanted.step })
		}
		s.mu.Unlock()
		if made != nil && made.err == nil { // one that failed is no harm: the journal has it all
			s.w.clean(made)
		}
		if len(batch) > 0 || wanted != nil {
			s.write(batch, wanted)
		} else if ending {
			return
		} else {
			s.wait()
			continue
		}
		s.mu.Lock()
		failed := s.err != nil
		s.mu.Unlock()
		if failed {
			s.wait()
		}
	}
}

// wait waits for more to do; after a failure, for the time to try again.
func (s *Store) wait() {
	s.mu.Lock()
	failed, ending := s.err != nil, s.ending
	s.mu.Unlock()
	switch {
	case failed && ending:
		s.mu.Lock()
		s.queue, s.wanted = nil, nil // Close has told so
		s.mu.Unlock()
	case failed:
		t := time.NewTimer(retryAfter)
		defer t.Stop()
		select {
		case <-s.wake:
		case <-t.C:
		}
	case !ending:
		<-s.wake
	}
}

// write makes a batch safe, and then the snapshot that is wanted, beside which
// the next steps are written.
func (s *Store) write(batch []queued, wanted *shot) {
	s.tellStatus(len(batch), nil)
	err := s.w.append(batch)
	if err == nil {
		s.w.note(batch, s.o)
	}
	if err == nil && wanted != nil {
		wanted.number, err = s.w.begin(wanted.state.Maps())
	}
	s.mu.Lock()
	if err == nil {
		s.queue = s.queue[len(batch):]
		if wanted != nil {
			s.snapping, s.since = wanted, 0
			if s.wanted == wanted {
				s.wanted = nil
			}
			for _, q := range s.queue {
				s.since += int64(len(q.data))
			}
		}
	}
	s.err = err
	behind := len(s.queue)
	ask := err == nil && !s.asked && s.since > s.limit() && s.on.Want != nil
	s.asked = s.asked || ask
	s.mu.Unlock()
	s.tellStatus(behind, err)
	if ask {
		s.on.Want()
	}
	if err == nil && wanted != nil {
		s.snap(wanted)
	}
	s.mu.Lock()
	s.calm.Broadcast()
	s.mu.Unlock()
}

func (s *Store) limit() int64 {
	if s.o.JournalBytes > 0 {
		return s.o.JournalBytes
	}
	return DefaultJournalBytes
}

func (s *Store) tellStatus(behind int, err error) {
	if s.on.Status != nil {
		s.on.Status(Status{behind, err})
	}
}

// snap writes a snapshot, on a goroutine of its own.
func (s *Store) snap(wanted *shot) {
	wanted.ids = map[uint64]bool{}
	for _, m := range wanted.state.Maps() {
		wanted.ids[m.ID] = true
	}
	h := s.w.head
	h.Format, h.Step = formatOf(snapshots), wanted.step
	s.newest.Store(int64(wanted.number))
	s.beside.Go(func() {
		wanted.err = writeFile(s.fs, filepath.Join(s.dir, fileName(snapshots, wanted.number)), func(to io.Writer) error {
			err := writeSnapshot(to, h, wanted.state)
			if err == nil {
				err = s.w.mine()
			}
			return err
		})
		s.mu.Lock()
		s.made, s.snapping, s.asked = wanted, nil, false
		s.calm.Broadcast()
		s.mu.Unlock()
		s.rouse()
		if wanted.err == nil {
			s.labels(wanted.state.Snapshot().Labels)
			s.writeMasks(wanted)
		}
	})
}

// writeSnapshot writes a state as a file.
func writeSnapshot(to io.Writer, h head, state annotate.State) error {
	out := appendFrame(nil, h.payload())
	n := uint64(0)
	for r := range state.Records() {
		n++
		out = appendFrame(out, step{number: n, data: r.Data}.payload())
		if len(out) > 1<<20 {
			if _, err := to.Write(out); err != nil {
				return err
			}
			out = out[:0]
		}
	}
	out = appendFrame(out, binary.AppendUvarint([]byte{isEnd}, n))
	_, err := to.Write(out)
	return err
}
