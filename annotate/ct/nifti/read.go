package nifti

import (
	"errors"
	"fmt"
	"io"
)

// chunkBytes bounds what Rows reads at once, a single row apart.
const chunkBytes = 1 << 20

// Rows reads the box of voxels from lo up to, but not including, hi, out of one
// volume, and hands over its rows along i in the file's order: j grows first,
// then k. The values are scaled; they are the callee's until it returns. Voxels
// is the file that holds the voxels, see Image.Pair.
func (m *Image) Rows(voxels io.ReaderAt, volume int, lo, hi [3]int, row func(j, k int, values []float64) error) error {
	for a := range 3 {
		if lo[a] < 0 || lo[a] >= hi[a] || hi[a] > m.Dim[a] {
			return fmt.Errorf("there are no voxels %v to %v in a volume of %v", lo, hi, m.Dim)
		}
	}
	if volume < 0 || volume >= m.Volumes {
		return fmt.Errorf("there is no volume %d of %d", volume+1, m.Volumes)
	}
	line, wide := int64(m.Dim[0]*m.kind.bytes), int64((hi[0]-lo[0])*m.kind.bytes)
	together := max(1, int((chunkBytes-wide)/line)+1)
	values := make([]float64, hi[0]-lo[0])
	buf := make([]byte, wide+int64(min(together, hi[1]-lo[1])-1)*line)
	for k := lo[2]; k < hi[2]; k++ {
		for j := lo[1]; j < hi[1]; j += together {
			n := min(together, hi[1]-j)
			part := buf[:wide+int64(n-1)*line]
			if err := readAt(voxels, part, m.position(volume, lo[0], j, k)); err != nil {
				return err
			}
			for i := range n {
				m.convert(values, part[int64(i)*line:])
				if err := row(j+i, k, values); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// position is the offset of a voxel in its file.
func (m *Image) position(volume, i, j, k int) int64 {
	slice := int64(volume)*int64(m.Dim[2]) + int64(k)
	return m.Offset + int64(m.kind.bytes)*((slice*int64(m.Dim[1])+int64(j))*int64(m.Dim[0])+int64(i))
}

func readAt(r io.ReaderAt, b []byte, at int64) error {
	n, err := r.ReadAt(b, at)
	switch {
	case n == len(b):
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("the file is cut short: it ends within the voxels")
	}
	return err
}

// convert scales stored voxels.
func (m *Image) convert(values []float64, b []byte) {
	size, read := m.kind.bytes, m.kind.value
	for i := range values {
		values[i] = read(m.order, b[i*size:])
	}
	if m.Slope == 1 && m.Intercept == 0 {
		return
	}
	for i, v := range values {
		values[i] = v*m.Slope + m.Intercept
	}
}
