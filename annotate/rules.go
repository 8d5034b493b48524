package annotate

// setting is what a person can move: it decides, with the map, what is proposed.
type setting struct {
	threshold    float64
	connectivity Connectivity
}

// rules is how the labels of a series' slices derive from their maps.
type rules struct {
	w, h    int
	connect Connector // nil: connectivity is without effect
	setting
	draft bool // a person is moving the setting
}

// layer is what the pixels derive from that no person set.
type layer struct {
	guess Guess
	setting
	draft    bool
	rejected bool // of an accepted slice: it is rejected instead
}

// recipe is how a layer's proposal is made. A draft differs from what it stands
// for by its total variation alone.
func (r *rules) recipe(l layer) recipe {
	by := recipe{cut: cutOf(l.threshold)}
	if r.connect != nil && l.guess.prob != nil {
		by.connectivity = l.connectivity
		by.draft = l.draft && l.connectivity.TV > 0
	}
	return by
}
