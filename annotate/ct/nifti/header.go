package nifti

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// HeaderBytes is how much of a file's beginning Parse needs at most.
const HeaderBytes = header2Size

const (
	header2Size = 540
	maxSide     = 1 << 16 // voxels along one axis
	maxVoxels   = 1 << 40
)

// Image is what the header of a NIfTI-1 or NIfTI-2 file says.
type Image struct {
	Version          int           // 1 or 2
	Dim              [3]int        // voxels along i, j and k
	Volumes          int           // along the fourth axis, usually time
	Affine           [4][4]float64 // from (i, j, k) indices to mm: right, anterior, superior
	Placed           bool          // the file gives the affine; if not, it is the voxel sizes on the axes of NIfTI's oldest method
	Type             string        // of the stored values, as "int16"
	Slope, Intercept float64       // value = Slope * stored + Intercept
	Description      string
	Offset           int64 // of the first voxel in the file that holds the voxels
	Pair             bool  // the voxels are in a file of their own, named .img

	order binary.ByteOrder
	kind  kind
}

// Is tells by a file's first bytes whether it is a NIfTI header.
func Is(head []byte) bool {
	_, version, _ := recognise(head)
	return version > 0
}

// recognise finds the byte order and the version; 0 is no NIfTI.
func recognise(head []byte) (order binary.ByteOrder, version int, pair bool) {
	if len(head) < headerSize {
		return nil, 0, false
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		magic := ""
		switch order.Uint32(head) {
		case headerSize:
			magic, version = string(head[344:348]), 1
		case header2Size:
			magic, version = string(head[4:8]), 2
		}
		if len(magic) == 4 && magic[0] == 'n' && (magic[1] == '+' || magic[1] == 'i') && int(magic[2]-'0') == version && magic[3] == 0 {
			return order, version, magic[1] == 'i'
		}
	}
	return nil, 0, false
}

// fields reads a header's fields by their offsets.
type fields struct {
	b     []byte
	order binary.ByteOrder
	wide  bool // NIfTI-2, with 64-bit dimensions and numbers
}

func (f fields) short(at int) int { return int(int16(f.order.Uint16(f.b[at:]))) }

func (f fields) int(at int) int { return int(int32(f.order.Uint32(f.b[at:]))) }

// real reads number i of an array of the version's floats.
func (f fields) real(at, i int) float64 {
	if f.wide {
		return math.Float64frombits(f.order.Uint64(f.b[at+8*i:]))
	}
	return float64(math.Float32frombits(f.order.Uint32(f.b[at+4*i:])))
}

// layout is where a version keeps its fields.
type layout struct{ datatype, dim, pixdim, offset, slope, intercept, qform, sform, quaternion, origin, rows, units, description int }

var layouts = map[int]layout{
	1: {datatype: 70, dim: 40, pixdim: 76, offset: 108, slope: 112, intercept: 116, qform: 252, sform: 254, quaternion: 256, origin: 268, rows: 280, units: 123, description: 148},
	2: {datatype: 12, dim: 16, pixdim: 104, offset: 168, slope: 176, intercept: 184, qform: 344, sform: 348, quaternion: 352, origin: 376, rows: 400, units: 500, description: 240},
}

// Parse reads a header from a file's first bytes, at most HeaderBytes of them.
// Files that are NIfTI but cannot be read as grey volumes are refused with the
// reason.
func Parse(head []byte) (*Image, error) {
	order, version, pair := recognise(head)
	if version == 0 {
		return nil, errors.New("not a NIfTI header")
	}
	if version == 2 && len(head) < header2Size {
		return nil, errors.New("the NIfTI header is cut short")
	}
	at, f := layouts[version], fields{head, order, version == 2}
	m := &Image{Version: version, Pair: pair, order: order}
	m.Description = text(head[at.description:][:80])
	for _, read := range []func(fields, layout) error{m.readDim, m.readType, m.readOffset, m.readScale, m.readAffine} {
		if err := read(f, at); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// text reads a string that ends with its first zero byte.
func text(b []byte) string {
	s, _, _ := strings.Cut(string(b), "\x00")
	return strings.TrimSpace(strings.ToValidUTF8(s, ""))
}

// textFields are the fields of a header that hold text, by version: from, to.
var textFields = map[int][][2]int{
	1: {{4, 14}, {14, 32}, {148, 228}, {228, 252}, {328, 344}}, // data_type, db_name, descrip, aux_file, intent_name
	2: {{240, 320}, {320, 344}, {508, 524}},                    // descrip, aux_file, intent_name
}

// Texts returns what the file that r reads from its first byte on, not compressed, tells
// besides numbers: the header's text fields, and as many bytes of its extensions as most.
func Texts(r io.Reader, most int64) ([]byte, error) {
	head := make([]byte, HeaderBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	m, err := Parse(head[:n])
	if err != nil {
		return nil, err
	}
	var out []byte
	for _, f := range textFields[m.Version] {
		out = append(append(out, head[f[0]:f[1]]...), 0)
	}
	end := headerSize
	if m.Version == 2 {
		end = header2Size
	}
	rest := io.LimitReader(io.MultiReader(bytes.NewReader(head[end:n]), r), min(most, m.Offset-int64(end)))
	extensions, err := io.ReadAll(rest)
	return append(out, extensions...), err
}

func (m *Image) readDim(f fields, at layout) error {
	var dim [8]int64
	for i := range dim {
		if dim[i] = int64(f.short(at.dim + 2*i)); f.wide {
			dim[i] = int64(f.order.Uint64(f.b[at.dim+8*i:]))
		}
	}
	if dim[0] < 1 || dim[0] > 7 {
		return fmt.Errorf("the NIfTI header gives %d dimensions", dim[0])
	}
	size, total := [8]int{1, 1, 1, 1, 1, 1, 1, 1}, int64(1)
	for i := int64(1); i <= dim[0]; i++ {
		if dim[i] < 1 || dim[i] > maxSide {
			return fmt.Errorf("the NIfTI header gives %d voxels along axis %d", dim[i], i)
		}
		size[i] = int(dim[i])
		if total *= dim[i]; total > maxVoxels {
			return errors.New("the NIfTI header gives more voxels than any file has")
		}
	}
	if n := size[5] * size[6] * size[7]; n > 1 {
		return errors.New("the voxels are vectors (a fifth dimension), not single values")
	}
	m.Dim, m.Volumes = [3]int{size[1], size[2], size[3]}, size[4]
	return nil
}

func (m *Image) readType(f fields, at layout) error {
	code := f.short(at.datatype)
	if name, ok := refused[code]; ok {
		return fmt.Errorf("the voxels are %s, not grey values", name)
	}
	k, ok := kinds[code]
	if !ok {
		return fmt.Errorf("the voxels have the unknown data type %d", code)
	}
	m.kind, m.Type = k, k.name
	return nil
}

// readOffset finds the voxels. In a file of its own kind they follow the header
// and the four bytes that tell of extensions, whatever less the header says.
func (m *Image) readOffset(f fields, at layout) error {
	if f.wide {
		m.Offset = int64(f.order.Uint64(f.b[at.offset:]))
	} else {
		v := f.real(at.offset, 0)
		if !(v >= 0 && v < 1<<40) {
			return fmt.Errorf("the NIfTI header puts the voxels at byte %v", v)
		}
		m.Offset = int64(v)
	}
	if m.Offset < 0 || m.Offset >= 1<<40 {
		return fmt.Errorf("the NIfTI header puts the voxels at byte %d", m.Offset)
	}
	if !m.Pair {
		first := int64(voxOffset)
		if f.wide {
			first = header2Size + 4
		}
		m.Offset = max(m.Offset, first)
	}
	return nil
}

// readScale takes a slope of 0, and one that is no number, for none.
func (m *Image) readScale(f fields, at layout) error {
	m.Slope, m.Intercept = f.real(at.slope, 0), f.real(at.intercept, 0)
	if m.Slope == 0 || !finite(m.Slope) {
		m.Slope, m.Intercept = 1, 0
	}
	if !finite(m.Intercept) {
		return errors.New("the NIfTI header's intercept is not a number")
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Bytes returns the size of all voxels of all volumes.
func (m *Image) Bytes() int64 {
	return int64(m.Dim[0]) * int64(m.Dim[1]) * int64(m.kind.bytes) * int64(m.Dim[2]) * int64(m.Volumes)
}
