package dicom

import "encoding/binary"

// stored holds the values of one frame after another.
type stored struct {
	form      storedForm
	values    []uint16
	low, high int // all values outside are 0
}

// spread makes values of a frame's bytes, of which the first begins with shift
// bits that are none of the frame's. Most of a mask is 0, which costs little.
func (f *stored) spread(raw []byte, shift int, order binary.ByteOrder) {
	clear(f.values[f.low:f.high])
	first, end := nonzero(raw)
	switch f.form.bits {
	case 1:
		f.low, f.high = max(0, first*8-shift), max(0, min(len(f.values), end*8-shift))
		for k := first; k < end; k++ {
			if raw[k] != 0 {
				f.spreadBits(k*8-shift, raw[k])
			}
		}
	case 8:
		f.low, f.high = first, end
		for k, v := range raw[first:end] {
			f.values[first+k] = uint16(v)
		}
	default:
		f.low, f.high = first/2, (end+1)/2
		for k := f.low; k < f.high; k++ {
			f.values[k] = order.Uint16(raw[2*k:])
		}
	}
	f.low = min(f.low, f.high)
}

// spreadBits sets the values from at on, as far as they are the frame's, to the
// bits of a byte.
func (f *stored) spreadBits(at int, b byte) {
	if at >= 0 && at+8 <= len(f.values) {
		v := f.values[at:][:8]
		for k := range v {
			v[k] = uint16(b >> k & 1)
		}
		return
	}
	for k := range 8 {
		if p := at + k; p >= 0 && p < len(f.values) {
			f.values[p] = uint16(b >> k & 1)
		}
	}
}

// narrow takes decoded values.
func (f *stored) narrow(values []int32) {
	n := min(len(values), len(f.values))
	for i, v := range values[:n] {
		f.values[i] = uint16(v)
	}
	clear(f.values[n:])
	f.low, f.high = 0, n
	for f.low < n && f.values[f.low] == 0 {
		f.low++
	}
	for f.high > f.low && f.values[f.high-1] == 0 {
		f.high--
	}
}

// nonzero is the range outside which all bytes are 0.
func nonzero(b []byte) (first, end int) {
	for first+8 <= len(b) && binary.LittleEndian.Uint64(b[first:]) == 0 {
		first += 8
	}
	for first < len(b) && b[first] == 0 {
		first++
	}
	for end = len(b); end-8 >= first && binary.LittleEndian.Uint64(b[end-8:]) == 0; {
		end -= 8
	}
	for end > first && b[end-1] == 0 {
		end--
	}
	return first, end
}
