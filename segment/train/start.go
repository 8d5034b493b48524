package train

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"

	"groundglass/segment"
	"groundglass/segment/onnx"
)

// normsKey is the key of a model's metadata_props that keeps what folding takes
// away: for each batch normalisation, in the order of the layout, gamma, beta,
// mean and variance, as little-endian float32 in base64. With them a finished
// model can be trained on.
const normsKey = "groundglass.norms"

// norms are the metadata of a network with these parameters and statistics.
func (l *layout) normsText(theta, stats []float32) string {
	var all []byte
	for _, n := range l.norms {
		for _, v := range l.normParts(n, theta, stats) {
			all, _ = binary.Append(all, binary.LittleEndian, v) // floats always fit
		}
	}
	return base64.StdEncoding.EncodeToString(all)
}

// normParts are gamma, beta, mean and variance of a layer.
func (l *layout) normParts(n norm, theta, stats []float32) [4][]float32 {
	gamma, _ := l.of(n.layer+"_gamma", theta)
	beta, _ := l.of(n.layer+"_beta", theta)
	return [4][]float32{gamma, beta, stats[n.off:][:n.channels], stats[n.off+n.channels:][:n.channels]}
}

// startFrom is the state of a run that goes on from a finished model, the
// paper's transfer learning: its weights and statistics, and an optimizer that
// knows nothing yet. Classes are found by their names; those that the model does
// not have start as they would without it.
func (c *Config) startFrom(path string) (*state, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s, err := c.warm(b)
	if err != nil {
		return nil, fmt.Errorf("training cannot start from %s: %w", path, err)
	}
	return s, nil
}

// start is the state before the first step.
func (c *Config) start() (*state, error) {
	if c.Start != "" {
		return c.startFrom(c.Start)
	}
	return newState(layoutOf(c.Network), c.Seed), nil
}

func (c *Config) warm(model []byte) (*state, error) {
	card, err := segment.ReadCard(model)
	if err != nil {
		return nil, err
	}
	g, err := onnx.Parse(model)
	if err != nil {
		return nil, err
	}
	l := layoutOf(c.Network)
	s := newState(l, c.Seed)
	if err := l.readNorms(g.Metadata[normsKey], s); err != nil {
		return nil, err
	}
	weights, err := l.readWeights(g)
	if err != nil {
		return nil, err
	}
	for _, n := range l.norms {
		w, _ := l.of(n.layer+"_w", s.theta)
		copy(w, weights[n.layer+"_w"])
		l.unfold(n, w, s)
	}
	for name, values := range weights {
		if into, ok := l.of(name, s.theta); ok && !l.normed(name) && !headTensor(name) {
			copy(into, values)
		}
	}
	c.warmHead(l, s, weights, card.Labels)
	return s, nil
}

func headTensor(name string) bool { return name == "head_w" || name == "head_b" }

// normed tells whether a tensor is of a layer with batch normalisation.
func (l *layout) normed(name string) bool {
	return slices.ContainsFunc(l.norms, func(n norm) bool { return name == n.layer+"_w" || name == n.layer+"_b" })
}

// readNorms fills in gammas, betas and statistics.
func (l *layout) readNorms(text string, s *state) error {
	if text == "" {
		return errors.New("it keeps no statistics of its normalisation, as models of this program do")
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return fmt.Errorf("%s: %w", normsKey, err)
	}
	if int64(len(raw)) != 2*4*l.stats {
		return errors.New("it is of another size than the configuration's network")
	}
	for _, n := range l.norms {
		for _, v := range l.normParts(n, s.theta, s.stats) {
			used, err := binary.Decode(raw, binary.LittleEndian, v)
			if err != nil {
				return err
			}
			raw = raw[used:]
		}
	}
	return nil
}

// readWeights finds a model's tensors by name and holds their shapes against the
// layout's, but for the number of classes.
func (l *layout) readWeights(g *onnx.Graph) (map[string][]float32, error) {
	found := map[string][]float32{}
	for _, t := range g.Tensors {
		i, ok := l.byName[t.Name]
		if !ok && !l.normed(t.Name) {
			continue // a constant, or a bias that folding made
		}
		if ok && !headTensor(t.Name) && !slices.Equal(t.Dims, l.params[i].dims) || t.Type != onnx.Float {
			return nil, fmt.Errorf("its tensor %s has the shape %v, which is not the configuration's network's", t.Name, t.Dims)
		}
		v := make([]float32, len(t.Raw)/4)
		if _, err := binary.Decode(t.Raw, binary.LittleEndian, v); err != nil {
			return nil, fmt.Errorf("its tensor %s: %w", t.Name, err)
		}
		found[t.Name] = v
	}
	for _, p := range l.params {
		if _, ok := found[p.name]; !ok && p.std > 0 {
			return nil, fmt.Errorf("it has no tensor %s", p.name)
		}
	}
	return found, nil
}

// unfold takes the scale of a layer's normalisation out of its weights w.
func (l *layout) unfold(n norm, w []float32, s *state) {
	parts := l.normParts(n, s.theta, s.stats)
	per := int64(len(w)) / n.channels
	for c := range n.channels {
		scale := parts[0][c] / float32(math.Sqrt(float64(parts[3][c])+batchNormEpsilon))
		if scale == 0 {
			continue // nothing came through
		}
		for i := c * per; i < (c+1)*per; i++ {
			w[i] /= scale
		}
	}
}

// warmHead copies the output channels of the classes that a model's labels name.
func (c *Config) warmHead(l layout, s *state, weights map[string][]float32, labels []string) {
	w, _ := l.of("head_w", s.theta)
	b, _ := l.of("head_b", s.theta)
	per := len(w) / len(b)
	for from, label := range labels {
		to := 0
		if from > 0 {
			if to = c.class(label) + Foreground; to < Foreground {
				continue
			}
		}
		if (from+1)*per <= len(weights["head_w"]) && from < len(weights["head_b"]) {
			copy(w[to*per:][:per], weights["head_w"][from*per:])
			b[to] = weights["head_b"][from]
		}
	}
}
