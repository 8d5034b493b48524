package shape

// complement is all pixels of the grid that are not in the set.
func (s *Set) complement() *Set {
	return s.rows(func(out *Set, row int32, runs []run) {
		x := int32(0)
		for _, r := range runs {
			out.put(row, x, r.x0)
			x = r.x1
		}
		out.put(row, x, int32(s.W))
	})
}

// Minus is the pixels of a set that are not in another on the same grid.
func (s *Set) Minus(o *Set) *Set {
	return s.rows(func(out *Set, row int32, runs []run) {
		cuts := o.runs[o.first[row]:o.first[row+1]]
		for _, r := range runs {
			for len(cuts) > 0 && cuts[0].x1 <= r.x0 {
				cuts = cuts[1:]
			}
			x := r.x0
			for k := 0; k < len(cuts) && cuts[k].x0 < r.x1; k++ {
				out.put(row, x, cuts[k].x0)
				x = cuts[k].x1
			}
			out.put(row, x, r.x1)
		}
	})
}

// union is the pixels of either set.
func (s *Set) union(o *Set) *Set {
	return s.complement().Minus(o).complement()
}

// rows makes a set of the runs of each row.
func (s *Set) rows(do func(out *Set, row int32, runs []run)) *Set {
	out := NewSet(s.Grid)
	for row := range s.H * s.D {
		do(out, int32(row), s.runs[s.first[row]:s.first[row+1]])
		out.first = append(out.first, int32(len(out.runs)))
	}
	return out
}

// put adds a run where there is any of it.
func (s *Set) put(row, x0, x1 int32) {
	if x0 < x1 {
		s.append(run{row, x0, x1})
	}
}
