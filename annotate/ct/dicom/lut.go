package dicom

import (
	"errors"
	"fmt"
	"math"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// maxTable is the longest modality lookup table, in bytes: 65,536 words.
const maxTable = 2 << 16

// errTable refuses a file whose values cannot be known.
var errTable = errors.New("the lookup table that its values go through is damaged")

// lut is a modality lookup table, which takes the place of slope and intercept
// (PS3.3 C.11.1).
type lut struct {
	first  int64 // stored value that the first entry is of
	values []int16
	unit   string // Modality LUT Type: of the values, HU for Hounsfield units
}

// readTable reads the file's modality lookup table; nil where it has none.
func (f *file) readTable(signed bool) (*lut, error) {
	item := f.item(tag.ModalityLUTSequence)
	if item == nil {
		return nil, nil
	}
	word := func(e *element, i int) uint16 { return item.order.Uint16(e.value[2*i:]) }
	d, data := item.find(tag.LUTDescriptor), item.find(tag.LUTData)
	if d == nil || len(d.value) != 6 || data == nil {
		return nil, errTable
	}
	n, bits := int(word(d, 0)), word(d, 2)
	if n == 0 {
		n = 1 << 16
	}
	t := &lut{first: int64(word(d, 1)), values: make([]int16, n), unit: item.text(tag.ModalityLUTType)}
	if signed {
		t.first = int64(int16(word(d, 1)))
	}
	switch {
	case bits < 8 || bits > 16:
		return nil, fmt.Errorf("the entries of its lookup table have %d bits", bits)
	case len(data.value) == 2*n:
		for i := range t.values {
			v := word(data, i)
			if v > math.MaxInt16 {
				return nil, fmt.Errorf("an entry of its lookup table, %d, is too large for Hounsfield units", v)
			}
			t.values[i] = int16(v)
		}
	case bits == 8 && len(data.value) == n+n%2: // two to a word
		for i := range t.values {
			t.values[i] = int16(data.value[i])
		}
	default:
		return nil, errTable
	}
	return t, nil
}

// at is what a stored value becomes: those before and behind the table are as its
// ends.
func (t *lut) at(v int64) int16 {
	return t.values[min(max(v-t.first, 0), int64(len(t.values)-1))]
}
