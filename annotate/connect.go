package annotate

import "math/bits"

// Connectivity says how a proposal is made to hang together before it is shown.
// The zero value leaves it as the threshold cuts it.
type Connectivity struct {
	TV        float64 // weight of total variation: smooths edges, joins what is near, and drops specks
	LeastArea float64 // of a part, in mm², or in pixels where their size is unknown: smaller ones are dropped
	FillHoles bool    // holes within a part are filled
}

// MaxTV and MaxLeastArea are the most that a session takes.
const (
	MaxTV        = 2
	MaxLeastArea = 1000
)

// Connector makes the proposal of a series' slices hang together. From a map
// (0..255, row-major, not to be written to) it makes one that is at least cut
// exactly where a pixel is proposed. A draft may be a little off and should
// take no more than 20 ms. The same arguments give the same map, on any
// goroutine.
type Connector func(prob []uint8, cut uint8, c Connectivity, draft bool) []uint8

// recipe is what a slice's proposal is made by, beside its map; the zero value
// is none.
type recipe struct {
	cut          uint8
	connectivity Connectivity
	draft        bool
}

// joins reports whether it takes a Connector.
func (r recipe) joins() bool { return r.connectivity != Connectivity{} }

// serves reports whether what r made will do where want is asked for.
func (r recipe) serves(want recipe) bool {
	return r == want || want.draft && r.cut == want.cut && r.connectivity == want.connectivity
}

// joined is a proposal that was made to hang together, a bit a pixel. It is not
// changed once made.
type joined struct {
	prob *byteMap // what it was made of
	by   recipe
	bits []uint8
	n    int // pixels
}

func join(c Connector, prob *byteMap, by recipe) *joined {
	out := c(prob.read().pixels(), by.cut, by.connectivity, by.draft)
	j := &joined{prob: prob, by: by, bits: make([]uint8, (len(out)+7)/8)}
	for i, v := range out {
		if v >= by.cut {
			j.bits[i/8] |= 1 << (i % 8)
		}
	}
	for _, b := range j.bits {
		j.n += bits.OnesCount8(b)
	}
	return j
}

// holds reports whether it will do for a map and a recipe.
func (j *joined) holds(prob *byteMap, by recipe) bool {
	return j != nil && j.prob == prob && j.by.serves(by)
}

// has reports whether pixel i is proposed.
func (j *joined) has(i int) bool { return j.bits[i/8]>>(i%8)&1 != 0 }

// spread makes eight bytes of eight bits: 1 where the bit is set, else 0.
func spread(b uint8) uint64 {
	each := uint64(b) * ones & 0x8040201008040201
	return (each + ones*0x7f) >> 7 & ones
}

// SetConnector gives the session what makes proposals hang together; nil, as in
// a new session, leaves them as the threshold cuts them. It is called before
// anything is proposed.
func (s *Session) SetConnector(c Connector) { s.connect = c }

// Connectivity is how proposals are made to hang together.
func (s *Session) Connectivity() Connectivity { return s.connectivity }

// SetConnectivity changes it, clipped to what makes sense. As with the
// threshold, changes that follow each other are one undoable edit, and pixels
// that a person set stay.
func (s *Session) SetConnectivity(c Connectivity) {
	to := s.setting
	to.connectivity = Connectivity{TV: clip(c.TV, MaxTV), LeastArea: clip(c.LeastArea, MaxLeastArea), FillHoles: c.FillHoles}
	if to == s.setting {
		return
	}
	what := ConnectivityChanged
	if s.connect != nil {
		what |= Pixels
	}
	s.move("Connectivity", to, what)
}

// clip is v within 0..most; what is no number is 0.
func clip(v, most float64) float64 {
	if !(v > 0) {
		return 0
	}
	return min(v, most)
}

// SetDraft tells that a person begins to move the threshold or the connectivity,
// or has come to rest. Meanwhile masks may be a little off what they will be; a
// Snapshot never is.
func (s *Session) SetDraft(on bool) {
	if s.draft == on {
		return
	}
	s.draft = on
	if on || s.connect == nil || s.connectivity.TV == 0 {
		return
	}
	s.freshenStroke()
	s.emit(EverySlice, s.bounds(), Pixels)
}
