package train

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// checkpoint is a run between two steps: with the configuration, all that is
// needed to go on to the same bytes as a run that was never stopped.
type checkpoint struct {
	Step     int      `json:"step"` // steps done, where a stage that stopped early counts in full
	Count    int      `json:"count"`
	Progress progress `json:"progress"`
	Seconds  float64  `json:"seconds"`
	Log      []Entry  `json:"log"`
	Config   Config   `json:"config"`
	BestMean float64  `json:"best_mean"`
	Sum      losses   `json:"sum"` // since the last entry of the log

	state   *state
	average *state // of theta and stats; nil moments
	best    *state
}

const checkpointMagic = "groundglass checkpoint 1\n"

// vectors lists the float vectors in the order of the file.
func (c *checkpoint) vectors() []*[]float32 {
	for _, s := range []**state{&c.state, &c.average, &c.best} {
		if *s == nil {
			*s = &state{}
		}
	}
	return []*[]float32{
		&c.state.theta, &c.state.moment1, &c.state.moment2, &c.state.stats,
		&c.average.theta, &c.average.stats, &c.best.theta, &c.best.stats,
	}
}

// save writes magic, the length and text of the JSON header, for each vector
// its length and little-endian floats, and the SHA-256 of all that; by way of a
// temporary file, so that the old checkpoint stays until the new one is whole.
func (c *checkpoint) save(path string) error {
	header, err := json.Marshal(c)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString(checkpointMagic)
	b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(header))))
	b.Write(header)
	for _, v := range c.vectors() {
		b.Write(binary.LittleEndian.AppendUint64(nil, uint64(len(*v))))
		if err := binary.Write(&b, binary.LittleEndian, *v); err != nil {
			return err
		}
	}
	sum := sha256.Sum256(b.Bytes())
	b.Write(sum[:])
	return writeFile(path, b.Bytes())
}

func loadCheckpoint(path string) (*checkpoint, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	c, err := parseCheckpoint(b)
	if err != nil {
		return nil, fmt.Errorf("checkpoint %s: %w", path, err)
	}
	return c, nil
}

func parseCheckpoint(b []byte) (*checkpoint, error) {
	if len(b) < len(checkpointMagic)+sha256.Size || string(b[:len(checkpointMagic)]) != checkpointMagic {
		return nil, errors.New("not a checkpoint of this program")
	}
	body, sum := b[:len(b)-sha256.Size], b[len(b)-sha256.Size:]
	if want := sha256.Sum256(body); !bytes.Equal(want[:], sum) {
		return nil, errors.New("damaged: its checksum does not match")
	}
	r := bytes.NewReader(body[len(checkpointMagic):])
	header, err := readCounted(r, 1)
	if err != nil {
		return nil, err
	}
	c := &checkpoint{}
	if err := json.Unmarshal(header, c); err != nil {
		return nil, err
	}
	for _, v := range c.vectors() {
		raw, err := readCounted(r, 4)
		if err != nil {
			return nil, err
		}
		*v = make([]float32, len(raw)/4)
		if err := binary.Read(bytes.NewReader(raw), binary.LittleEndian, *v); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// readCounted reads a length and so many elements of the given size.
func readCounted(r *bytes.Reader, size int) ([]byte, error) {
	var n uint64
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
		return nil, err
	}
	if n > uint64(r.Len()/size) {
		return nil, io.ErrUnexpectedEOF
	}
	b := make([]byte, int(n)*size)
	_, err := io.ReadFull(r, b)
	return b, err
}

// writeFile replaces a file whole: temporary file, sync, close, rename.
func writeFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func (s *state) clone() *state {
	return &state{slices.Clone(s.theta), slices.Clone(s.moment1), slices.Clone(s.moment2), slices.Clone(s.stats)}
}
