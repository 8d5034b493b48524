package viewport

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// letters are the sides of the patient at the edges of the picture: left,
// right, top, bottom; each with a dark copy behind it, so that it reads on any
// ground.
type letters [4]struct{ text, shade *canvas.Text }

const (
	letterSize = 18
	letterGap  = 8 // to the edge
)

func newLetters() letters {
	var l letters
	for i := range l {
		l[i].shade = letter(color.NRGBA{0, 0, 0, 230})
		l[i].text = letter(color.NRGBA{240, 214, 120, 255})
	}
	return l
}

func letter(c color.Color) *canvas.Text {
	t := canvas.NewText("", c)
	t.TextSize = letterSize
	t.TextStyle.Bold = true
	return t
}

func (l *letters) objects() []fyne.CanvasObject {
	var o []fyne.CanvasObject
	for _, p := range l {
		o = append(o, p.shade, p.text)
	}
	return o
}

func (l *letters) set(left, right, top, bottom string) {
	for i, s := range []string{left, right, top, bottom} {
		l[i].shade.Text, l[i].text.Text = s, s
		l[i].shade.Refresh()
		l[i].text.Refresh()
	}
}

func (l *letters) place(s fyne.Size) {
	for i, p := range l {
		m := p.text.MinSize()
		midX, midY := (s.Width-m.Width)/2, (s.Height-m.Height)/2
		at := [4]fyne.Position{
			fyne.NewPos(letterGap, midY),
			fyne.NewPos(s.Width-m.Width-letterGap, midY),
			fyne.NewPos(midX, letterGap/2),
			fyne.NewPos(midX, s.Height-m.Height-letterGap/2),
		}[i]
		p.text.Resize(m)
		p.text.Move(at)
		p.shade.Resize(m)
		p.shade.Move(at.AddXY(1, 1))
	}
}
