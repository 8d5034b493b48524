package train

import (
	"math"
	"math/rand/v2"
)

// Network is the size of a TV-UNet: a U-Net with Levels poolings, whose first
// block has Filters channels and every next one twice as many. The output's
// channels have a sigmoid each: background, foreground, as in the published code
// of the paper (arXiv 2007.12303), and what further classes there are.
type Network struct {
	Outputs int     `json:"outputs,omitempty"` // channels, one more than classes; reading a configuration sets it
	Filters int     `json:"filters"`
	Levels  int     `json:"levels"`
	Dropout float64 `json:"dropout"` // share dropped after each pooling and each concatenation
}

// Foreground is the output channel of the first class; the channel before it is
// background.
const Foreground = 1

// channels is the number of the output's.
func (n Network) channels() int64 { return int64(max(n.Outputs, 1+Foreground)) }

// Multiple is what the input's sides must be a multiple of.
func (n Network) Multiple() int { return 1 << n.Levels }

// batchNormEpsilon is Keras's, with which the paper's code ran.
const batchNormEpsilon = 1e-3

// param is one tensor in the flat parameter vector.
type param struct {
	name     string
	dims     []int64
	off, len int64
	std      float64 // He-normal standard deviation; 0: constant
	constant float32
}

// layout is where each tensor lies in the flat vectors: the parameters, and
// the running statistics of batch normalisation (mean then variance a layer,
// in the order of the layers).
type layout struct {
	params []param
	size   int64
	norms  []norm
	stats  int64
	byName map[string]int
}

// norm is one layer of batch normalisation; its mean starts at off in the
// running statistics and its variance at off+channels.
type norm struct {
	layer         string
	channels, off int64
}

func (l *layout) addNorm(layer string, channels int64) {
	l.norms = append(l.norms, norm{layer, channels, l.stats})
	l.stats += 2 * channels
}

func (l *layout) add(p param) {
	p.off, p.len = l.size, product(p.dims)
	if l.byName == nil {
		l.byName = map[string]int{}
	}
	l.byName[p.name] = len(l.params)
	l.params = append(l.params, p)
	l.size += p.len
}

// of returns a tensor's part of a flat vector, and whether there is such a tensor.
func (l *layout) of(name string, flat []float32) ([]float32, bool) {
	i, ok := l.byName[name]
	if !ok {
		return nil, false
	}
	p := l.params[i]
	return flat[p.off : p.off+p.len], true
}

// initial returns He-normal weights (He et al. 2015), the same for a seed.
func (l *layout) initial(seed uint64) []float32 {
	r := rand.New(rand.NewPCG(seed, 0x7e57))
	theta := make([]float32, l.size)
	for _, p := range l.params {
		for i := p.off; i < p.off+p.len; i++ {
			theta[i] = p.constant
			if p.std > 0 {
				theta[i] = float32(r.NormFloat64() * p.std)
			}
		}
	}
	return theta
}

// initialStats returns running means of 0 and variances of 1.
func (l *layout) initialStats() []float32 {
	stats := make([]float32, l.stats)
	for _, n := range l.norms {
		for i := n.off + n.channels; i < n.off+2*n.channels; i++ {
			stats[i] = 1
		}
	}
	return stats
}

// layoutOf is the layout of a network, which no input size changes.
func layoutOf(n Network) layout { return newStepGraph(n, method{}, 1, n.Multiple(), false).layout }

func heNormal(fanIn int64) float64 { return math.Sqrt(2 / float64(fanIn)) }

func product(dims []int64) int64 {
	n := int64(1)
	for _, d := range dims {
		n *= d
	}
	return n
}
