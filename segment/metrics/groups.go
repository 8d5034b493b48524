package metrics

// Report is the results of named groups and of all their images together.
type Report struct {
	Groups map[string]Result `json:"groups"`
	All    Result            `json:"all"`
}

// Groups gathers images that belong to groups, such as the hospitals that they
// come from. It is for one goroutine at a time.
type Groups struct {
	threshold float64
	groups    map[string]*Accumulator
	all       *Accumulator
}

// NewGroups returns empty groups whose results are taken at threshold (0..1).
func NewGroups(threshold float64) *Groups {
	return &Groups{threshold: threshold, groups: map[string]*Accumulator{}, all: New(threshold)}
}

// Add counts one image of a group; see Accumulator.Add.
func (g *Groups) Add(group string, probability, truth []uint8) error {
	if err := g.all.Add(probability, truth); err != nil {
		return err
	}
	if g.groups[group] == nil {
		g.groups[group] = New(g.threshold)
	}
	return g.groups[group].Add(probability, truth)
}

// Report returns what the images added so far measure.
func (g *Groups) Report() Report {
	r := Report{Groups: map[string]Result{}, All: g.all.Result()}
	for name, a := range g.groups {
		r.Groups[name] = a.Result()
	}
	return r
}
