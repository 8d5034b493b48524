package ui

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"

	"groundglass/annotate"
)

// A key rejects the slice in view and goes to the next; the list and the panel say
// so, and its doubt asks for no look any more, until it is reopened.
func TestRejectSlice(t *testing.T) {
	h := start(t, nil)
	h.open(chest("Thorax", 64, 5))
	h.propose()
	h.until("it is proposed", func() bool { return h.proposing == nil && proposedAll(h.session) })
	h.settle()
	i, asked := h.session.Current(), len(h.doubtful())
	h.run(h.commands.byKey[shift(fyne.KeyA)])
	h.settle()
	if h.session.Status(i) != annotate.Rejected || h.session.Current() != i+1 || len(h.doubtful()) != asked-1 {
		t.Fatalf("the slice is %v, in view is %d, %d slices are in doubt", h.session.Status(i), h.session.Current(), len(h.doubtful()))
	}
	h.session.SetCurrent(i)
	h.settle()
	if word, _, _ := statusLook(h.session.Status(i)); word != txtRejected || !strings.Contains(h.panel.note.Text, "rejected") {
		t.Errorf("the list says %q, the panel %q", word, h.panel.note.Text)
	}
	h.Do("slice.reopen")
	h.settle()
	if h.session.Status(i) != annotate.Proposed || len(h.doubtful()) != asked {
		t.Errorf("reopened, the slice is %v", h.session.Status(i))
	}
}
