package deid

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"sync"
)

// Key makes new identities of old ones by a secret (HMAC-SHA256), so that all who
// have the key get the same ones, in any order and on any machine, and nobody else
// can tell which belongs to whom. It keeps what it met in its file, so that who has
// the file can go back. It may be used by several goroutines.
type Key struct {
	path   string
	secret []byte

	mu      sync.Mutex
	written map[uint64]bool // lines, by their hash
	made    map[uint64]bool // UIDs and pseudonyms, by their hash
	pending bytes.Buffer
}

// The key file has a line of JSON for the secret, and one for each identity that was
// met. Lines are only ever appended.
type (
	keyHead struct {
		Format string `json:"groundglass_key"`
		Secret string `json:"secret"`
	}
	keyLine struct {
		Kind string `json:"kind"`
		From string `json:"from"`
		To   string `json:"to"`
	}
)

const (
	keyFormat  = "1"
	secretSize = 32
	keyLimit   = 1 << 30 // bytes of a key file
)

// OpenKey reads the key in a file, or makes one there, which only its owner may read.
func OpenKey(path string) (*Key, error) {
	k, err := readKey(path)
	if !errors.Is(err, os.ErrNotExist) {
		return k, err
	}
	if err := makeKey(path); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("cannot make the key file %s: %w", path, err)
	}
	return readKey(path) // which another program may have made meanwhile
}

// NewKey is a key that is in no file, for looking at what would be done.
func NewKey() *Key {
	k := &Key{secret: make([]byte, secretSize), written: map[uint64]bool{}, made: map[uint64]bool{}}
	rand.Read(k.secret)
	return k
}

// makeKey writes a new key file. It appears with all it holds, or not at all.
func makeKey(path string) error {
	head, err := json.Marshal(keyHead{keyFormat, hex.EncodeToString(NewKey().secret)})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	part := fmt.Sprintf("%s.%016x.tmp", path, binary.LittleEndian.Uint64(NewKey().secret))
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer os.Remove(part)
	_, err = f.Write(append(head, '\n'))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(part, path) // unlike a rename, this replaces no other's key
}

// readKey reads a key file.
func readKey(path string) (*Key, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	k := &Key{path: path, written: map[uint64]bool{}, made: map[uint64]bool{}}
	d := newLines(io.LimitReader(f, keyLimit))
	first, err := d.next()
	var head keyHead
	if err == nil {
		err = json.Unmarshal(first, &head)
	}
	if err == nil {
		k.secret, err = hex.DecodeString(head.Secret)
	}
	if err != nil || head.Format != keyFormat || len(k.secret) != secretSize {
		return nil, fmt.Errorf("%s is no key file of this program", path)
	}
	for {
		line, err := d.next()
		switch {
		case errors.Is(err, io.EOF):
			return k, nil
		case err != nil:
			return nil, fmt.Errorf("the key file %s cannot be read: %w", path, err)
		}
		k.written[hashOf(line)] = true
		if to, ok := given(line); ok {
			k.made[hashOf(to)] = true
		}
	}
}

// given is the UID or pseudonym that a line of a key file ends with.
func given(line []byte) (to []byte, ok bool) {
	if !bytes.HasPrefix(line, []byte(`{"kind":"uid"`)) && !bytes.HasPrefix(line, []byte(`{"kind":"patient"`)) {
		return nil, false
	}
	const before = `"to":"` // whose quotes a text within the line would have behind a backslash
	i := bytes.LastIndex(line, []byte(before))
	to, ok = bytes.CutSuffix(line[max(i, 0):], []byte(`"}`))
	return bytes.TrimPrefix(to, []byte(before)), ok && i >= 0
}

func hashOf(line []byte) uint64 {
	h := fnv.New64a()
	h.Write(bytes.TrimSpace(line))
	return h.Sum64()
}

// sum is the secret's answer to a question.
func (k *Key) sum(kind, from string) []byte {
	m := hmac.New(sha256.New, k.secret)
	io.WriteString(m, kind)
	m.Write([]byte{0})
	io.WriteString(m, from)
	return m.Sum(nil)
}

// Made tells whether a UID or a patient's pseudonym is one that the key has given, as far
// as its file tells.
func (k *Key) Made(id string) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.made[hashOf([]byte(id))]
}

// UID returns a UID derived from a UUID (PS3.5 B.2). The standard's own UIDs, "" and those
// that it gave before stay.
func (k *Key) UID(uid string) string {
	if uid == "" || known(uid) || k.Made(uid) {
		return uid
	}
	to := k.uid(uid)
	k.met("uid", uid, to)
	return to
}

func (k *Key) uid(from string) string {
	b := k.sum("uid", from)[:16]
	b[6] = b[6]&0x0f | 0x80 // version 8, of what one likes
	b[8] = b[8]&0x3f | 0x80
	return "2.25." + new(big.Int).SetBytes(b).String()
}

// Patient returns a pseudonym of a letter and eight hexadecimal digits. One that it gave
// before stays.
func (k *Key) Patient(id string) string {
	if k.Made(id) {
		return id
	}
	to := fmt.Sprintf("p%x", k.sum("patient", id)[:4])
	k.met("patient", id, to)
	return to
}

// Days returns a shift of a month to five years into the past, in days.
func (k *Key) Days(id string) int {
	n := binary.BigEndian.Uint32(k.sum("days", id))
	days := -30 - int(n%(5*365-30+1))
	k.met("days", id, fmt.Sprint(days))
	return days
}

// Folder returns a name for the folder of a series, of a letter and eight
// hexadecimal digits. It is the same for a UID and for what [Key.UID] made of it.
func (k *Key) Folder(uid string) string {
	now, again := uid, k.Made(uid)
	if !again {
		now = k.uid(uid)
	}
	to := fmt.Sprintf("s%x", k.sum("folder", now)[:4])
	if !again {
		k.met("series", uid, to)
	}
	return to
}

// File notes that the file from is the file to now.
func (k *Key) File(from, to string) { k.met("file", from, to) }

// met notes an identity. Flush writes it.
func (k *Key) met(kind, from, to string) {
	line, err := json.Marshal(keyLine{kind, from, to})
	if err != nil {
		return // strings alone are always JSON
	}
	h := hashOf(line)
	k.mu.Lock()
	defer k.mu.Unlock()
	if !k.written[h] {
		k.written[h] = true
		k.pending.Write(append(line, '\n'))
		if kind == "uid" || kind == "patient" {
			k.made[hashOf([]byte(to))] = true
		}
	}
}

// Flush appends what was met to the key file, in one piece, so that several programs
// may use it at once.
func (k *Key) Flush() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pending.Len() == 0 || k.path == "" {
		return nil
	}
	f, err := os.OpenFile(k.path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return fmt.Errorf("cannot write the key file: %w", err)
	}
	_, err = f.Write(k.pending.Bytes())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("cannot write the key file %s: %w", k.path, err)
	}
	k.pending.Reset()
	return nil
}
