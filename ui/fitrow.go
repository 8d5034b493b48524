package ui

import "fyne.io/fyne/v2"

// fitRow is the layout of a row that shows as many of its parts as there is room
// for, in their order: rank lists the parts by how much they matter. The others
// are out of sight. Parts keep their least width; the row asks for that of the
// first few.
type fitRow struct {
	rank  []fyne.CanvasObject
	least int // how many parts must always fit
	gap   float32
}

// MinSize fits the parts that matter most, and the tallest part.
func (f *fitRow) MinSize(parts []fyne.CanvasObject) fyne.Size {
	var s fyne.Size
	for i, o := range f.rank[:min(f.least, len(f.rank))] {
		if i > 0 {
			s.Width += f.gap
		}
		s.Width += o.MinSize().Width
	}
	for _, o := range parts {
		s.Height = max(s.Height, o.MinSize().Height)
	}
	return s
}

// Layout places the parts from the left.
func (f *fitRow) Layout(parts []fyne.CanvasObject, s fyne.Size) {
	fits, left := map[fyne.CanvasObject]bool{}, s.Width+f.gap
	for _, o := range f.rank {
		if !o.Visible() {
			continue
		}
		if left -= o.MinSize().Width + f.gap; left < 0 {
			break
		}
		fits[o] = true
	}
	x := float32(0)
	for _, o := range parts {
		if !o.Visible() {
			continue
		}
		w := o.MinSize().Width
		o.Resize(fyne.NewSize(w, s.Height))
		if !fits[o] {
			o.Move(fyne.NewPos(-2*w-10000, 0))
			continue
		}
		o.Move(fyne.NewPos(x, 0))
		x += w + f.gap
	}
}
