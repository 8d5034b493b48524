package project

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"groundglass/annotate"
)

// The audit file tells who did what, when and where; idle time is left out of the
// time spent.
func TestAudit(t *testing.T) {
	fs := newMemFS()
	clock := time.Date(2026, 5, 1, 9, 0, 0, 0, time.UTC)
	o := testOptions(fs)
	o.Now = func() time.Time { return clock }
	o.Model = func() Model { return Model{"TV-UNet", "16", "5feceb66"} }
	s, _, st, _ := keep(t, o, "work")
	stroke := func(slice int, x float64, after time.Duration) {
		clock = clock.Add(after)
		s.SetCurrent(slice)
		s.SetTool(annotate.Brush{Radius: 2, Label: 1})
		s.Press(annotate.Point{X: x, Y: 8})
		s.Release()
	}
	stroke(0, 3, 0)
	stroke(1, 3, 10*time.Second)
	stroke(1, 9, 20*time.Second)
	stroke(2, 3, time.Hour) // after a pause
	s.Undo()
	s.SetThreshold(0.6)
	s.Propose(3, s.BeginProposal(), annotate.Guess{Prob: make([]uint8, testW*testH)})
	if _, err := s.AddLabel(annotate.Label{Name: "Honeycombing"}); err != nil {
		t.Fatal(err)
	}
	if err := st.Close(nil); err != nil {
		t.Fatal(err)
	}
	data := fs.nodes["work/series/"+SeriesID(s.Series())+"/"+AuditFile].data
	var what []string
	var last [2]AuditLine
	for line := range bytes.Lines(data) {
		var l AuditLine
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		if l.User != "tester" || l.Program != "Groundglass test" || int(l.Step) != len(what)+1 {
			t.Errorf("a line says %s", line)
		}
		what = append(what, l.What)
		last = [2]AuditLine{last[1], l}
	}
	if want := []string{"edit", "edit", "edit", "edit", "undo", "setting", "proposal", "edit"}; !slices.Equal(what, want) {
		t.Errorf("the steps are %v, want %v", what, want)
	}
	if m := last[0].Model; m == nil || *m != o.Model() {
		t.Errorf("the proposal is by %v", m)
	}
	if n := len(last[1].Labels); n == 0 || last[1].Labels[n-1].Name != "Honeycombing" {
		t.Errorf("the label table is %v", last[1].Labels)
	}
	spent, err := SpentOn(strings.NewReader(string(data) + "half a li"))
	if err != nil || spent[1].Spent != 0 || spent[2].Spent != 30*time.Second || spent[3].Spent != time.Minute || spent[2].Edits != 2 {
		t.Errorf("the time spent is %v, %v", spent, err)
	}
}
