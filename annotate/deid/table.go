package deid

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// Edition is the edition of DICOM PS3.15 whose Table E.1-1 is used.
const Edition = "2026d"

//go:embed table.csv
var tableCSV string

// Row is a row of Table E.1-1. The actions of options are "" where they leave what
// the profile says.
type Row struct {
	Tag         string // 8 hexadecimal digits, x for any; "private" for all private attributes
	Name        string
	Basic       string // of the profile: an action, or several that depend on the attribute's type
	UIDs        Action
	Device      Action
	Institution Action
	Patient     Action
	Dates       Action // full
	Shifted     Action
	Descriptors Action
	Type        int // for several actions: the strictest type (PS3.5 7.4) in the IODs of images and their labels
}

var table = sync.OnceValue(readTable)

// Table returns the rows of Table E.1-1.
func Table() []Row { return table().rows }

type rows struct {
	rows  []Row
	byTag map[uint32]*Row
}

// readTable reads the embedded table, whose form a test checks.
func readTable() rows {
	lines, err := csv.NewReader(strings.NewReader(tableCSV)).ReadAll()
	if err != nil {
		panic(err)
	}
	t := rows{byTag: map[uint32]*Row{}}
	for _, l := range lines[1:] {
		kind, _ := strconv.Atoi(l[15])
		t.rows = append(t.rows, Row{l[0], l[1], l[4], Action(l[5]), Action(l[6]), Action(l[7]), Action(l[8]), Action(l[9]), Action(l[10]), Action(l[11]), kind})
	}
	for i := range t.rows {
		if n, err := strconv.ParseUint(t.rows[i].Tag, 16, 32); err == nil {
			t.byTag[uint32(n)] = &t.rows[i]
		}
	}
	return t
}

// rowOf finds the row of a tag. Private groups, curves and overlays are no single
// tags: see decide.
func rowOf(tag uint32) *Row { return table().byTag[tag] }

// basic is the profile's action. Where the table leaves a choice by the attribute's
// type, it is the one that keeps the file valid for all IODs of images and labels:
// a dummy for type 1, nothing as its value for type 2, and removal for type 3.
func (r *Row) basic() Action {
	choice := strings.Split(r.Basic, "/")
	if len(choice) == 1 {
		return Action(r.Basic)
	}
	offers := func(a Action) bool {
		for _, c := range choice {
			if Action(c) == a {
				return true
			}
		}
		return false
	}
	order := []Action{Remove, Zero, Dummy}
	switch {
	case offers("U*"):
		return Map // the sequence stays, and the UIDs in it are mapped
	case r.Type == 1:
		order = []Action{Dummy, Zero, Remove}
	case r.Type == 2:
		order = []Action{Zero, Dummy, Remove}
	}
	for _, a := range order {
		if offers(a) {
			return a
		}
	}
	panic(fmt.Sprintf("%s has the actions %s", r.Tag, r.Basic))
}

// action is what the table says of an attribute with these options. Keeping wins
// over cleaning, but for dates that are to be shifted: one that stayed would tell
// the shift.
func (r *Row) action(o Options) Action {
	if o.Dates == ShiftDates && r.Shifted != "" {
		return r.Shifted
	}
	for _, option := range []struct {
		used bool
		does Action
	}{{o.KeepUIDs, r.UIDs}, {o.KeepDevice, r.Device}, {o.KeepPatient, r.Patient}, {o.Dates == KeepDates, r.Dates}, {o.CleanDescriptors, r.Descriptors}} {
		if option.used && option.does != "" {
			return option.does
		}
	}
	return r.basic()
}
