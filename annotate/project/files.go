package project

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"groundglass/annotate"
)

// Version is that of the files that this program writes. It reads all up to it.
const Version = 2

// ErrNewer is what Open and Keep give for the files of a newer program.
var ErrNewer = errors.New("a newer version of the program wrote this")

// The files of a series, each with a number that grows: whatever is written
// later has a higher one, of whatever kind.
const (
	snapshots = "snapshot" // a State, all of it in the end frame's words
	journals  = "journal"  // records
	mapFiles  = "maps"     // maps
	maskFiles = "masks"    // masks, for other programs
)

func fileName(kind string, number int) string { return fmt.Sprintf("%s-%06d.gg", kind, number) }

// splitName is fileName undone.
func splitName(name string) (kind string, number int, ok bool) {
	bare, ok := strings.CutSuffix(name, ".gg")
	kind, digits, found := strings.Cut(bare, "-")
	number, err := strconv.Atoi(digits)
	ok = ok && found && err == nil && number > 0 && slices.Contains([]string{snapshots, journals, mapFiles, maskFiles}, kind)
	return kind, number, ok
}

// The first byte of a payload says what it is.
const (
	isHead   = 'H' // a head
	isRecord = 'R' // number and time of a record, and its bytes
	isMap    = 'M' // a map
	isMask   = 'P' // the mask of a slice
	isEnd    = 'E' // how many records a snapshot has, or masks a file of them
)

// head begins each file.
type head struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Program string `json:"program"`
	Series  string `json:"series"`         // its name in the project
	Step    uint64 `json:"step,omitempty"` // of a snapshot: the number of the last record that it contains
}

func formatOf(kind string) string { return "groundglass " + kind }

func (h head) payload() []byte {
	b, err := json.Marshal(h)
	if err != nil {
		panic(err) // texts and numbers can always be written
	}
	return append([]byte{isHead}, b...)
}

// step is a record with its number, from 1 or 0 for the beginning, and the time that it was made at.
type step struct {
	number uint64
	at     int64 // milliseconds since 1970
	data   []byte
}

func (s step) payload() []byte {
	out := make([]byte, 1, len(s.data)+16)
	out[0] = isRecord
	out = binary.AppendUvarint(out, s.number)
	out = binary.AppendVarint(out, s.at)
	return append(out, s.data...)
}

// beginning is what a session begins with as steps of number 0, so that the steps
// to come mean the same wherever they are done again.
func beginning(s annotate.State) (out []byte) {
	for r := range s.Records() {
		out = appendFrame(out, step{data: r.Data}.payload())
	}
	return out
}

func splitStep(payload []byte) (s step, ok bool) {
	if len(payload) == 0 || payload[0] != isRecord {
		return s, false
	}
	rest := payload[1:]
	number, n := binary.Uvarint(rest)
	if n <= 0 {
		return s, false
	}
	at, k := binary.Varint(rest[n:])
	return step{number, at, rest[n+max(k, 0):]}, k > 0
}

// content is a file taken apart.
type content struct {
	kind    string
	name    string
	number  int
	head    head
	steps   []step   // of a journal
	records [][]byte // of a snapshot
	maps    []packedMap
	whole   bool // nothing is damaged; of a snapshot, nothing is missing
	damaged int  // bytes before the last whole frame
	tail    int  // bytes after it
	unread  error
}

// take takes a file apart. An error means that it is a newer program's.
func take(kind string, data []byte) (c content, err error) {
	f := readFrames(data)
	c.damaged, c.tail = f.damaged, f.tail
	ended := kind != snapshots
	for _, p := range f.payloads {
		if len(p) == 0 {
			continue
		}
		switch p[0] {
		case isHead:
			if json.Unmarshal(p[1:], &c.head) == nil && c.head.Version > Version {
				return c, fmt.Errorf("%w: version %d; this one reads up to %d", ErrNewer, c.head.Version, Version)
			}
		case isRecord:
			s, ok := splitStep(p)
			if kind == snapshots {
				c.records = append(c.records, s.data)
			} else if ok {
				c.steps = append(c.steps, s)
			}
		case isMap:
			if m, ok := splitMap(p[1:]); ok {
				m.old = c.head.Version < Version
				c.maps = append(c.maps, m)
			}
		case isEnd:
			n, _ := binary.Uvarint(p[1:])
			ended = n == uint64(len(c.records))
		}
	}
	c.whole = ended && c.damaged == 0 && c.tail == 0 && c.head.Format == formatOf(kind)
	return c, nil
}
