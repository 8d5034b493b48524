package segment

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"runtime"
	"slices"
	"time"
)

// LoadOptions say how a model is loaded. The zero value is right for most.
type LoadOptions struct {
	Card   *Card  // how to feed the model; nil is the card in its metadata
	Device string // a name that ParseDevice takes
	// Int8 is the same model in 8 bits, or nil: it is taken on the CPU where this
	// processor gains from it, it was made from just this float model, and it
	// works. Card().Quantized tells which of the two was.
	Int8  []byte
	Probe bool // the model comes from elsewhere: try it in a process of its own first
}

// Load reads a model from the bytes of an ONNX file with a card in its metadata.
// A model without a card, or one whose names and shapes do not fit its card, is
// refused; errors are sentences for people.
func Load(data []byte) (*Model, error) { return LoadWith(data, LoadOptions{}) }

// LoadWith is Load with options. The model is not trusted: it can read no file,
// runs only the operators in a list, and has bounds on its memory and its time.
// A damaged one may still end the program, unless it is tried apart first.
//
// Where the device is "auto", what the platform may have besides the CPU is
// tried on a made-up picture, for less than half a minute each: it is used if it
// gives what the CPU gives within 0.01, and sooner than all workers on the CPU.
// A device that is named need not be faster, but when it cannot be used that is
// an error.
func LoadWith(data []byte, o LoadOptions) (*Model, error) {
	m, err := load(data, o)
	if err != nil || m.device != titleCPU || !PreferInt8() || !MadeFrom(o.Int8, data) {
		return m, err // other devices are faster still, and most know no 8-bit models
	}
	small, err := load(o.Int8, LoadOptions{Device: deviceCPU})
	if err != nil {
		return m, nil
	}
	small.card.Through = m.card.Through // of the card that was given
	m.Close()
	return small, nil
}

// load is LoadWith without the 8 bits.
func load(data []byte, o LoadOptions) (*Model, error) {
	device, err := ParseDevice(o.Device)
	if err != nil {
		return nil, err
	}
	file, err := readModel(data)
	if err != nil {
		return nil, err
	}
	card, err := cardFor(file.info, o.Card)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(file.unsafe(), fits(file.info, &card), card.runsHere(PreferInt8())); err != nil {
		return nil, err
	}
	if o.Probe {
		if err := probe(data, card); err != nil {
			return nil, err
		}
	}
	m := &Model{card: card, batch: batchOf(file.info, card), limit: sliceLimit, grace: grace, device: titleCPU, idle: make(chan *slot, maxWorkers)}
	open := func(p *provider) (runner, error) {
		return OpenSession(data, []string{card.Input}, []string{card.Output}, Options{Threads: 1, guarded: true, provider: p})
	}
	m.runner, err = bounded(context.Background(), loadLimit, grace, func(context.Context) (runner, error) { return open(nil) }, closeLate)
	if err != nil {
		return nil, loadFailed(err)
	}
	if err := m.chooseDevice(device, candidates(device, open)); err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// cardFor is the card that was given, or else the model's own.
func cardFor(info ModelInfo, given *Card) (Card, error) {
	if given == nil {
		return cardIn(info)
	}
	return *given, given.check()
}

func loadFailed(err error) error {
	if errors.Is(err, errLate) {
		return fmt.Errorf("the model was stopped: it took more than %v to load", loadLimit)
	}
	if outOfMemory(err) {
		return errors.New("the model wants more memory to load than there is")
	}
	return err
}

// closeLate closes what was opened after nobody waited for it any more.
func closeLate(r runner, err error) {
	if err == nil {
		r.Close()
	}
}

// batchOf is how many pictures go into one run: the mirrored one goes along
// where the model leaves the batch open.
func batchOf(info ModelInfo, c Card) int {
	for _, v := range info.Inputs {
		if v.Name == c.Input && c.Mirror && len(v.Shape) > 0 && v.Shape[0] < 0 {
			return 2
		}
	}
	return 1
}

// chooseDevice moves the model to one of the candidates, if one will do.
func (m *Model) chooseDevice(choice string, all []candidate) error {
	if choice == deviceCPU {
		return nil
	}
	t := trial{
		cpu: m.runner, workers: min(maxWorkers, runtime.GOMAXPROCS(0)), open: openLimit, runs: runsLimit, grace: trialGrace, now: time.Now,
		slot: m.trialSlot,
		decode: func(out []float32) ([]float32, error) {
			maps, err := m.card.decode(out[:len(out)/m.batch])
			if err != nil {
				return nil, err
			}
			return total(maps, m.card.foreground()), nil
		},
	}
	if choice != deviceAuto {
		t.forced, t.runs = true, sliceLimit
	}
	r, title, err := t.choose(all)
	switch {
	case r != nil:
		m.runner.Close()
		m.runner, m.device = &serial{runner: r}, title
	case choice != deviceAuto:
		return fmt.Errorf("the model cannot run on %s: %w", choice, err)
	}
	return nil
}

// trialSide is the side of made-up pictures.
func (m *Model) trialSide() int { return m.card.side(image.Rect(0, 0, 256, 256)) }

// trialPictures are made up, with edges and slopes as slices have: as many as
// go into a run.
func (m *Model) trialPictures() [][]float32 {
	side := m.trialSide()
	picture := make([]float32, side*side)
	for i := range picture {
		x, y := float64(i%side)/float64(side), float64(i/side)/float64(side)
		picture[i] = float32(0.5 + 0.3*math.Sin(20*x)*math.Cos(17*y))
		if math.Hypot(x-0.5, y-0.5) > 0.4 {
			picture[i] = 0.9
		}
	}
	return slices.Repeat([][]float32{picture}, m.batch)
}

// trialSlot holds the made-up pictures.
func (m *Model) trialSlot() (*slot, error) {
	t, err := m.card.newSlot(m.batch, m.trialSide())
	if err != nil {
		return nil, err
	}
	m.feed(t, m.trialPictures())
	return t, nil
}
