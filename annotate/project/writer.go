package project

import (
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate"
)

// writer writes the files of a series. After a failure it goes on in new files:
// what became of the last bytes of the old ones, nobody knows.
type writer struct {
	fs       FS
	dir      string
	prepare  func() error // makes the folder and whatever belongs above it; called before anything is written
	mine     func() error // an error where another program has taken the project over; from any goroutine
	head     head
	next     int            // number for the next file
	maps     map[uint64]int // the file of each map that is safe
	aside    []string       // damaged files, to be kept under another name
	snapshot int            // number of the newest snapshot
	before   map[uint64]bool
	first    []byte // frames to go before the first step

	journal, pack File
	audit         File
	untold        []byte // lines for it
	packNumber    int
}

// append makes steps safe: first the maps that they name, then the steps.
func (w *writer) append(batch []queued) (err error) {
	defer func() {
		if err != nil {
			w.close()
		}
	}()
	var maps []*annotate.Map
	var out []byte
	for _, q := range batch {
		if q.m != nil {
			maps = append(maps, q.m)
		}
		out = appendFrame(out, q.payload())
	}
	if err := w.mine(); err != nil {
		return err
	}
	if err := w.write(maps); err != nil || len(out) == 0 {
		return err
	}
	made := w.journal == nil
	if made {
		if w.journal, _, err = w.create(journals); err != nil {
			return err
		}
	}
	if err = w.put(w.journal, append(w.first, out...), made); err == nil {
		w.first = nil
	}
	return err
}

// write makes those maps safe that are not.
func (w *writer) write(maps []*annotate.Map) (err error) {
	var out []byte
	var ids []uint64
	for _, m := range maps {
		if _, there := w.maps[m.ID]; there {
			continue
		}
		out = appendFrame(out, encodeMap(m))
		ids = append(ids, m.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	made := w.pack == nil
	if made {
		if w.pack, w.packNumber, err = w.create(mapFiles); err != nil {
			return err
		}
	}
	if err := w.put(w.pack, out, made); err != nil {
		return err
	}
	for _, id := range ids {
		w.maps[id] = w.packNumber
	}
	return nil
}

// create begins a file of a kind.
func (w *writer) create(kind string) (File, int, error) {
	if err := w.prepare(); err != nil {
		return nil, 0, err
	}
	number := w.next
	w.next++
	f, err := w.fs.Create(filepath.Join(w.dir, fileName(kind, number)))
	if err != nil {
		return nil, 0, err
	}
	h := w.head
	h.Format = formatOf(kind)
	if _, err := f.Write(appendFrame(nil, h.payload())); err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, number, nil
}

// put writes and syncs; of a file that was just made, its name too.
func (w *writer) put(f File, data []byte, made bool) error {
	if _, err := f.Write(data); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if made {
		return w.fs.SyncDir(w.dir)
	}
	return nil
}

// close ends the files at hand.
func (w *writer) close() {
	for _, f := range []*File{&w.journal, &w.pack, &w.audit} {
		if *f != nil {
			(*f).Close()
			*f = nil
		}
	}
}

// begin makes ready for a snapshot that needs maps: it gets a number, and the
// steps to come get a new journal.
func (w *writer) begin(maps []*annotate.Map) (number int, err error) {
	defer w.close()
	if err := w.prepare(); err != nil {
		return 0, err
	}
	if err := w.write(maps); err != nil {
		return 0, err
	}
	number = w.next
	w.next++
	return number, nil
}

// clean takes files away that the newest snapshot and the one before have no use
// for, or that were never finished, and puts damaged ones aside. What fails is tried again with the next.
func (w *writer) clean(made *shot) {
	w.aside = slices.DeleteFunc(w.aside, func(name string) bool {
		path := filepath.Join(w.dir, name)
		return w.fs.Rename(path, path+asideEnding) == nil
	})
	names, err := w.fs.Names(w.dir)
	if err != nil {
		return
	}
	for _, name := range names {
		bare, part := strings.CutSuffix(name, partEnding)
		kind, number, ok := splitName(bare)
		if part && ok && number < made.number {
			_ = w.fs.Remove(filepath.Join(w.dir, name))
		}
		if !part && ok && kind != maskFiles && number < w.snapshot && !slices.Contains(w.aside, name) && !(kind == mapFiles && w.needs(number, made)) {
			_ = w.fs.Remove(filepath.Join(w.dir, name))
		}
	}
	w.snapshot, w.before = made.number, made.ids
}

// asideEnding is what damaged files are kept under.
const asideEnding = ".damaged"

// needs reports whether a file of maps has one that the newest snapshot, or the
// one before, is in need of.
func (w *writer) needs(number int, made *shot) bool {
	for id, at := range w.maps {
		if at == number && (w.before == nil || w.before[id] || made.ids[id]) {
			return true
		}
	}
	return false
}
