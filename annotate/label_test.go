package annotate

import (
	"slices"
	"strings"
	"testing"
)

func TestLabelTablesThatCannotBe(t *testing.T) {
	ok := Label{Value: 9, Name: "Nodule", Key: '9', Export: 7}
	for name, change := range map[string]func(l *Label){
		"fine":                  func(*Label) {},
		"value 0":               func(l *Label) { l.Value = 0 },
		"value 255":             func(l *Label) { l.Value = 255 },
		"value twice":           func(l *Label) { l.Value = 2 },
		"export value twice":    func(l *Label) { l.Export = 3 },
		"the own value twice":   func(l *Label) { l.Export, l.Value = 1, 8 },
		"key twice":             func(l *Label) { l.Key = '1' },
		"key that is no number": func(l *Label) { l.Key = 'b' },
		"name twice":            func(l *Label) { l.Name = "ground GLASS" },
		"no name":               func(l *Label) { l.Name = " " },
		"a name of two lines":   func(l *Label) { l.Name = "a\nb" },
		"a very long name":      func(l *Label) { l.Name = strings.Repeat("a", 201) },
		"half a code":           func(l *Label) { l.Code.Scheme = "SCT" },
	} {
		l := ok
		change(&l)
		if err := CheckLabels(append(DefaultLabels(), l)); (err == nil) != (name == "fine") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLabelsKeepTheirValues(t *testing.T) {
	s := newTestSession(4, 1, 1)
	dot(s, Brush{Radius: 0.5, Label: 2}, 1, 0)
	v, err := s.AddLabel(Label{Name: "Nodule", Key: '2'})
	if err != nil || v != 4 {
		t.Fatalf("the new label has the value %d, %v", v, err)
	}
	if l, _ := s.LabelOf(2); l.Key != 0 {
		t.Error("two labels have one key")
	}
	nodule, _ := s.LabelOf(4)
	nodule.Name, nodule.Export, nodule.Code = "Knoten", 200, Code{"SCT", "786838002", "Nodule of lung"}
	if err := s.SetLabel(nodule); err != nil {
		t.Fatal(err)
	}
	if err := s.MoveLabel(4, 0); err != nil {
		t.Fatal(err)
	}
	dot(s, Brush{Radius: 0.5, Label: 4}, 3, 0)
	wantPicture(t, s.Mask(0), ".2.4")
	if got := s.Labels()[0]; got.Value != 4 || got.ExportValue() != 200 {
		t.Errorf("the first label is %+v", got)
	}
	if err := s.SetLabel(nodule); err != nil || s.UndoName() != "Brush" {
		t.Errorf("an edit that changes nothing is %q, %v", s.UndoName(), err)
	}
	for range 4 {
		s.Undo()
	}
	if !slices.Equal(s.Labels(), DefaultLabels()) {
		t.Errorf("undone, the labels are %v", s.Labels())
	}
	if v, _ := s.AddLabel(Label{Name: "Fibrosis"}); v != 5 {
		t.Errorf("a value that meant something else is given again: %d", v)
	}
	for _, l := range []Label{{Value: 2, Name: "Ground glass"}, {Value: 2, Name: "x", Export: 3}, {Value: 99, Name: "y"}} {
		if s.SetLabel(l) == nil {
			t.Errorf("%+v was taken", l)
		}
	}
}

func TestRemoveLabel(t *testing.T) {
	make3 := func() *Session {
		s := newTestSession(4, 1, 3)
		for i := range 3 {
			s.SetCurrent(i)
			dot(s, Brush{Radius: 0.5, Label: 2}, i, 0)
		}
		dot(s, Brush{Radius: 0.5, Label: 3}, 3, 0)
		s.Accept(1)
		return s
	}
	s := make3()
	if u := s.LabelUse(2); u != (Use{Pixels: 3, Slices: 3, Accepted: 1}) {
		t.Errorf("it is used %+v", u)
	}
	if err := s.RemoveLabel(2, 0); err != nil {
		t.Fatal(err)
	}
	wantPicture(t, s.Mask(0), "x...")
	wantPicture(t, s.Mask(2), "..x3")
	if s.Status(1) != Accepted || len(s.Labels()) != 2 || s.UndoName() != "Remove label" {
		t.Errorf("%v, %v, %q", s.Status(1), s.Labels(), s.UndoName())
	}
	dot(s, Brush{Radius: 0.5, Label: 2}, 0, 0)
	wantPicture(t, s.Mask(2), "..x3")
	s.Undo()
	wantPicture(t, s.Mask(1), ".2..")

	s = make3()
	s.SetActiveLabel(2)
	if err := s.RemoveLabel(2, 3); err != nil || s.ActiveLabel() != 1 {
		t.Fatal(err, s.ActiveLabel())
	}
	wantPicture(t, s.Mask(2), "..33")
	if b, ok := s.Tool().(Brush); !ok || b.Label != 1 {
		t.Errorf("the tool in hand is %+v", s.Tool())
	}
}

// A label that proposals give cannot be removed, and comes back with them.
func TestLabelsOfProposals(t *testing.T) {
	s := newTestSession(2, 1, 1)
	two := func() Guess {
		return Guess{Prob: filled(2, 1, 255), Kind: []uint8{0, 1}, Kinds: []string{"Consolidation", "ground glass"}}
	}
	l, _ := s.LabelOf(2)
	l.Name = "Konsolidierung"
	if err := s.SetLabel(l); err != nil {
		t.Fatal(err)
	}
	s.Propose(0, s.BeginProposal(), two())
	if got := s.Mask(0).Label; !slices.Equal(got, []uint8{2, 1}) {
		t.Fatalf("a kind finds no label by its code: %v", got)
	}
	if s.RemoveLabel(2, 1) == nil || s.RemoveLabel(1, 0) == nil {
		t.Error("labels of proposals were removed")
	}
	s.Undo()
	if err := s.RemoveLabel(2, 1); err != nil {
		t.Fatal(err)
	}
	s.Undo()
	s.Propose(0, s.BeginProposal(), two())
	s.Redo() // the removal
	if got, ok := s.LabelOf(2); !ok || got.Name != "Konsolidierung" || s.Mask(0).Label[0] != 2 {
		t.Errorf("a proposed label has no row: %v", s.Labels())
	}
}

func TestLockedLabels(t *testing.T) {
	lock := func(s *Session, v uint8, on bool) {
		t.Helper()
		l, _ := s.LabelOf(v)
		l.Locked = on
		if err := s.SetLabel(l); err != nil {
			t.Fatal(err)
		}
	}
	s := newTestSession(5, 1, 1)
	s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{0, 0, 0, 100, 200}})
	dot(s, Brush{Radius: 0.5, Label: 2}, 0, 0)
	lock(s, 2, true)
	lock(s, 1, true)
	if s.Refusal() != LabelLocked || !s.Protected(2) || s.Protected(3) || s.Protected(0) || !s.Protected(99) {
		t.Error("it is not told what is locked")
	}
	line := func(label uint8) { s.Do("Line", 0, func(st *Stroke) { st.Span(0, 0, 5, label) }) }
	line(0)
	line(3)
	wantPicture(t, s.Mask(0), "233mm")
	line(2)
	line(1)
	s.Do("Free", 0, func(st *Stroke) { st.Free(0, 0, 5) })
	wantPicture(t, s.Mask(0), "2..mm")
	n, err := s.Import(planes(map[int][]uint8{0: {3, 3, 1, 2, 0}}))
	if err != nil || n != (Taken{Slices: 1, Pixels: 1, Kept: 1, Locked: 3}) {
		t.Fatalf("%+v, %v", n, err)
	}
	wantPicture(t, s.Mask(0), "23.mm")
	if s.RemoveLabel(2, 3) == nil || s.RemoveLabel(3, 2) == nil {
		t.Error("a removal changed a locked label")
	}
	s.SetThreshold(0.6)
	wantPicture(t, s.Mask(0), "23..m")
	for s.UndoName() != "Lock label" {
		s.Undo()
	}
	s.Undo()
	s.Undo()
	line(3)
	wantPicture(t, s.Mask(0), "33333")
}

func TestHiddenLabelsAreNotPaintedByMistake(t *testing.T) {
	s := newTestSession(3, 1, 1)
	dot(s, Brush{Radius: 0.5, Label: 2}, 0, 0)
	s.SetLabelLook(2, Look{Hidden: true, Opacity: 7})
	if s.UndoName() != "Brush" || s.LabelLook(2).Opacity != 1 {
		t.Errorf("looking is an edit: %q, or the opacity is %g", s.UndoName(), s.LabelLook(2).Opacity)
	}
	dot(s, Brush{Radius: 5, Label: 1}, 1, 0)
	dot(s, Brush{Radius: 5, Label: 2}, 1, 0)
	wantPicture(t, s.Mask(0), "211")
	if s.SetActiveLabel(2); s.Refusal() != LabelHidden {
		t.Error("it is not told that the label is hidden")
	}
	s.SetLabelLook(2, Look{Opacity: 1})
	dot(s, Brush{Radius: 5, Label: 2}, 1, 0)
	wantPicture(t, s.Mask(0), "222")
}

func TestPaintRules(t *testing.T) {
	lungs := func(int) []uint8 { return []uint8{1, 1, 1, 0, 0, 0, 1, 0} }
	for name, c := range map[string]struct {
		rule                 PaintRule
		paint, erase, vouch2 string
	}{
		// as it is: background, label 1, label 2, the same outside the lungs, and two by the model
		"everywhere":                {PaintRule{}, "33333333", "xxxxxxxx", "22222222"},
		"over nothing":              {PaintRule{Over: OverNothing}, "312312mm", "xxxxxxxx", "212212mm"},
		"over label 1":              {PaintRule{Over: OverChosen, Chosen: SetOf(1)}, ".32.3233", ".x2.x2xx", ".22.2222"},
		"over label 2 and nothing":  {PaintRule{Over: OverChosen, Chosen: SetOf(0, 2)}, "313313mm", "x1xx1xmm", "212212mm"},
		"in the lungs":              {PaintRule{Lungs: true}, "333.123m", "xxxxxxxx", "222.122m"},
		"over nothing in the lungs": {PaintRule{Over: OverNothing, Lungs: true}, "312.12mm", "xxxxxxxx", "212.12mm"},
	} {
		for what, want := range map[uint8]string{3: c.paint, 0: c.erase, 2: c.vouch2} {
			s := newTestSession(8, 1, 1)
			s.Propose(0, s.BeginProposal(), Guess{Prob: []uint8{0, 0, 0, 0, 0, 0, 255, 255}})
			for x, l := range []uint8{0, 1, 2, 0, 1, 2} {
				if l != 0 {
					dot(s, Brush{Radius: 0.5, Label: l}, x, 0)
				}
			}
			s.SetLungs(lungs)
			s.SetPaintRule(c.rule)
			s.Do("Line", 0, func(st *Stroke) { st.Span(0, 0, 8, what) })
			if got := strings.TrimSpace(picture(s.Mask(0))); got != want {
				t.Errorf("%s, with label %d: %s, want %s", name, what, got, want)
			}
		}
	}
}

func TestLungsThatAreNotKnown(t *testing.T) {
	s := newTestSession(2, 1, 2)
	s.SetPaintRule(PaintRule{Lungs: true})
	dot(s, paint, 0, 0)
	if s.CanUndo() || s.Refusal() != LungsUnknown || s.KnowsLungs() {
		t.Error("something was painted, or it is not told why not")
	}
	s.SetLungs(func(i int) []uint8 { return [][]uint8{{1, 0}, nil}[i] })
	dot(s, paint, 0, 0)
	wantPicture(t, s.Mask(0), "1.")
	s.SetCurrent(1)
	dot(s, paint, 0, 0)
	wantPicture(t, s.Mask(1), "..")
	if s.Refusal() != NotRefused {
		t.Error("a slice without lung is no reason to refuse")
	}
}

func TestFreeColors(t *testing.T) {
	table := DefaultLabels()
	for n := range 12 {
		c := FreeColor(table)
		for _, l := range table {
			if n < 9 && distance(c, l.Color) < 3000 {
				t.Errorf("color %d, %v, is that of %s", n, c, l.Name)
			}
		}
		table = append(table, Label{Color: c})
	}
}

func TestLabelFiles(t *testing.T) {
	s := newTestSession(3, 1, 1)
	v, _ := s.AddLabel(Label{Name: "Nodule", Key: '7', Export: 70, Code: Code{"SCT", "786838002", "Nodule of lung"}, Locked: true})
	s.SetLabelLook(v, Look{Outline: true, Opacity: 0})
	table, looks, err := DecodeLabels(s.EncodeLabels())
	if err != nil || !slices.Equal(table, s.Labels()) || looks[v] != s.LabelLook(v) || looks[1] != s.LabelLook(1) {
		t.Fatalf("%v, %v, %v", table, looks, err)
	}
	for _, bad := range []string{"", "{}", `{"format":"groundglass labels","version":1}`, `{"format":"groundglass labels","version":2,"labels":[{"value":1,"name":"a"}]}`,
		`{"format":"groundglass labels","version":1,"labels":[{"value":1,"name":"a"},{"value":1,"name":"b"}]}`} {
		if _, _, err := DecodeLabels([]byte(bad)); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

// A table from elsewhere never makes a value in use mean something else.
func TestTakeLabels(t *testing.T) {
	s := newTestSession(3, 1, 1)
	dot(s, Brush{Radius: 0.5, Label: 2}, 0, 0)
	moved, err := s.TakeLabels([]Label{{Value: 2, Name: "Nodule", Export: 9}, {Value: 5, Name: "Fibrosis", Key: '2'}}, map[uint8]Look{5: {Opacity: 0.5}, 2: {Hidden: true, Opacity: 1}})
	if err != nil || len(moved) != 1 || moved[0].Name != "Nodule" {
		t.Fatalf("%v, %v", moved, err)
	}
	if l, _ := s.LabelOf(2); l.Name != "Consolidation" {
		t.Errorf("the pixels are %q now", l.Name)
	}
	if _, proposed := s.LabelOf(ProposalLabel); proposed {
		t.Error("proposals would be of another label")
	}
	nodule, ok := s.LabelOf(4)
	if !ok || nodule.Name != "Nodule" || nodule.ExportValue() != 9 || len(s.Labels()) != 3 || s.LabelLook(5).Opacity != 0.5 {
		t.Errorf("the labels are %v", s.Labels())
	}
	if s.LabelLook(2).Hidden || !s.LabelLook(4).Hidden {
		t.Error("looks went to a label of the same value, and not to the one that they are of")
	}
	s.Undo()
	if !slices.Equal(s.Labels(), DefaultLabels()) {
		t.Errorf("undone, they are %v", s.Labels())
	}
	if s.StartLabels([]Label{{Value: 5, Name: "x"}}, nil) != nil || len(s.Labels()) != 3 {
		t.Error("a session that is under way began anew")
	}
}
