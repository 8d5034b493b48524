package annotate

import (
	"slices"
	"testing"
)

// planes are labels for an import, by slice.
func planes(at map[int][]uint8) Imported {
	in := Imported{Name: "Import", Plane: func(i int) []uint8 { return at[i] }}
	for i := range at {
		in.Slices = append(in.Slices, i)
	}
	slices.Sort(in.Slices)
	return in
}

func TestImportKeepsWhatAPersonSet(t *testing.T) {
	s := newTestSession(4, 2, 3)
	s.SetTool(Brush{Radius: 0.5, Label: 2})
	s.Press(Point{0.5, 0.5})
	s.Release()
	s.Accept(2)
	in := planes(map[int][]uint8{
		0: {1, 1, 0, 0, 0, 1, 3, 0},
		1: {1, 0, 0, 0, 0, 0, 0, 0},
		2: {1, 1, 1, 1, 1, 1, 1, 1},
	})
	n, err := s.Import(in)
	if want := (Taken{Slices: 2, Pixels: 4, Kept: 1, Accepted: 1}); err != nil || n != want {
		t.Fatalf("%+v, %v, want %+v", n, err, want)
	}
	generation := s.BeginProposal()
	for i := range 3 {
		s.Propose(i, generation, Guess{Prob: filled(4, 2, 255)})
	}
	wantPicture(t, s.Mask(0), "21xx", "x13x")
	wantPicture(t, s.Mask(1), "1xxx", "xxxx")
	wantPicture(t, s.Mask(2), "....", "....")
	s.Undo() // the proposal
	if s.UndoName() != "Import" {
		t.Fatalf("the import is %q", s.UndoName())
	}
	s.Undo()
	wantPicture(t, s.Mask(0), "2...", "....")
	wantPicture(t, s.Mask(1), "....", "....")
	s.Redo()
	wantPicture(t, s.Mask(0), "21xx", "x13x")
	if n, _ := s.Import(in); n != (Taken{Kept: 1, Accepted: 1}) || !s.CanRedo() {
		t.Errorf("a second import came to %+v and was an edit", n)
	}
}

func TestImportExtendsTheTable(t *testing.T) {
	s := newTestSession(2, 1, 1)
	in := planes(map[int][]uint8{0: {4, 0}})
	in.Labels = []Label{{Value: 1, Name: "Ground glass"}, {Value: 4, Name: "Lung"}}
	if _, err := s.Import(in); err != nil {
		t.Fatal(err)
	}
	if got := s.Labels(); len(got) != 4 || got[3].Name != "Lung" {
		t.Fatalf("the table is %v", got)
	}
	in.Labels[1].Name = "Liver"
	if _, err := s.Import(in); err == nil {
		t.Error("one value has two names")
	}
	in.Labels[1] = Label{Value: 255, Name: "Bone"}
	if _, err := s.Import(in); err == nil {
		t.Error("a label of the value 255 was taken")
	}
}

func TestImportOfWrongPlanes(t *testing.T) {
	s := newTestSession(2, 1, 1)
	for _, at := range []map[int][]uint8{{0: {1}}, {0: {255, 0}}, {7: {1, 1}}, {0: nil}} {
		if n, err := s.Import(planes(at)); err == nil || n != (Taken{}) || s.CanUndo() {
			t.Errorf("%v came to %+v, %v", at, n, err)
		}
	}
}
