package metrics

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// Settings say how a Study measures.
type Settings struct {
	Threshold float64   // probability, 0..1, from which a pixel is foreground
	Tolerance float64   // of surface Dice, mm
	Overlap   float64   // share of a lesion, 0..1, that makes it found; see Lesions
	Bootstrap Bootstrap // how intervals are found
}

// Image is one slice to measure.
type Image struct {
	Group, Patient string     // "" where unknown
	Probability    []uint8    // of foreground, 255 being 1, row by row, W*H
	Truth          []uint8    // foreground where it is not 0, W*H
	W, H           int        // columns and rows
	Spacing        [2]float64 // mm between columns, between rows; 0 where unknown
}

// grid is where the image's pixels lie; unknown spacing counts as 1.
func (m Image) grid() Grid {
	g := Grid{Size: [3]int{m.W, m.H, 1}, Spacing: [3]float64{1, 1, 1}}
	if m.measured() {
		g.Spacing[0], g.Spacing[1] = m.Spacing[0], m.Spacing[1]
	}
	return g
}

// measured says whether the size of the image's pixels is known.
func (m Image) measured() bool { return m.Spacing != [2]float64{} }

// Study measures slices that belong to groups, such as data sets, and to
// patients. It is for one goroutine at a time; memory is about 12 KB for each
// patient of each group, however many slices they have.
type Study struct {
	settings Settings
	tallies  map[owner]*tally
}

// owner is whose an image is.
type owner struct{ group, patient string }

func (a owner) compare(b owner) int {
	return cmp.Or(cmp.Compare(a.group, b.group), cmp.Compare(a.patient, b.patient))
}

// NewStudy returns a study without images.
func NewStudy(s Settings) *Study { return &Study{s, map[owner]*tally{}} }

// Add measures one image and returns its own scores. It fails, and counts
// nothing, where sizes don't fit or spacing is none.
func (s *Study) Add(m Image) (Scores, error) {
	one := newTally(s.settings)
	if err := one.add(m); err != nil {
		return Scores{}, err
	}
	key := owner{m.Group, m.Patient}
	if s.tallies[key] == nil {
		s.tallies[key] = newTally(s.settings)
	}
	s.tallies[key].merge(one)
	return one.scores(), nil
}

// StudyReport is what a study found. Images without a group count in All alone.
type StudyReport struct {
	Groups     map[string]Scores `json:"groups"`
	All        Scores            `json:"all"`
	Confidence float64           `json:"confidence"` // of intervals, 0..1
	Patients   map[string]Scores `json:"-"`          // of all groups, without intervals
}

// Report are the results of named groups and of all their images together.
type Report struct {
	Groups map[string]Result
	All    Result
}

// Curves is the report without what Study adds to a Result.
func (r StudyReport) Curves() Report {
	out := Report{Groups: map[string]Result{}, All: r.All.Result}
	for name, s := range r.Groups {
		out.Groups[name] = s.Result
	}
	return out
}

// Report returns what the images added so far measure. Where all patients of a
// group are named and there are two at least, its scores have intervals, which
// are too narrow for a handful of patients: of two they are hardly more than
// both patients' figures. The order in which images were added does not matter.
// It fails where the Bootstrap's settings are out of range.
func (s *Study) Report() (StudyReport, error) {
	all, groups := patients{}, map[string]patients{}
	for _, key := range slices.SortedFunc(maps.Keys(s.tallies), owner.compare) {
		all.add(key.patient, s.tallies[key])
		if key.group == "" {
			continue
		}
		if groups[key.group] == nil {
			groups[key.group] = patients{}
		}
		groups[key.group].add(key.patient, s.tallies[key])
	}
	r := StudyReport{Groups: map[string]Scores{}, Patients: map[string]Scores{}, Confidence: s.settings.Bootstrap.level()}
	var err error
	if r.All, err = all.scores(s.settings); err != nil {
		return r, err
	}
	for name, p := range groups {
		if r.Groups[name], err = p.scores(s.settings); err != nil {
			return r, fmt.Errorf("group %s: %w", name, err)
		}
	}
	for name, t := range all {
		if name != "" {
			r.Patients[name] = t.scores()
		}
	}
	return r, nil
}

// patients are the tallies of named patients; "" is of those without a name.
type patients map[string]*tally

// add counts what is in t as the patient's.
func (p patients) add(name string, t *tally) {
	if p[name] == nil {
		p[name] = newTally(t.settings)
	}
	p[name].merge(t)
}

// scores are those of all patients, with intervals.
func (p patients) scores(s Settings) (Scores, error) {
	names := slices.Sorted(maps.Keys(p))
	sum := func(draw []int) Scores {
		t := newTally(s)
		for _, i := range draw {
			t.merge(p[names[i]])
		}
		return t.scores()
	}
	every := make([]int, len(names))
	for i := range every {
		every[i] = i
	}
	out := sum(every)
	if p[""] != nil || len(names) < 2 {
		return out, nil
	}
	out.Patients = len(names)
	intervals, err := s.Bootstrap.Intervals(len(names), func(draw []int) []float64 {
		drawn := sum(draw)
		return drawn.measures()
	})
	if err != nil {
		return out, err
	}
	out.setIntervals(intervals)
	return out, nil
}
