package segment

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"runtime"

	"groundglass/annotate/ct"

	"golang.org/x/sys/cpu"
)

// Quantized says how a model of 8-bit integers differs from the float model
// that it was made from. It stands on the int8 model's card; the card's scores
// are the float model's.
type Quantized struct {
	From        string       `json:"from"`        // the float model's file: its SHA-256, hexadecimal
	Pictures    int          `json:"calibration"` // training pictures that set the integers' ranges
	Differences []Difference `json:"differences"`
}

// Difference compares the two models on one source's pictures, which neither
// training nor calibration saw, at the card's threshold. Dice is pooled.
type Difference struct {
	Data      string  `json:"data"`
	Images    int     `json:"images"`
	FloatDice float64 `json:"float_dice"`
	Dice      float64 `json:"dice"`
	Pixels    int64   `json:"pixels"` // proposed by one of the models and not by the other
	Share     float64 `json:"share"`  // Pixels as a share of those that either proposes
}

// PreferInt8 tells whether this processor multiplies 8-bit integers several at
// a time and adds them up in one instruction (VNNI of x86, the dot product of
// ARM), so that an int8 model is right, and worth its small loss.
func PreferInt8() bool {
	appleSilicon := runtime.GOOS == "darwin" && runtime.GOARCH == "arm64" // cpu does not look there
	return cpu.X86.HasAVX512VNNI || cpu.X86.HasAVXVNNI || cpu.ARM64.HasASIMDDP || appleSilicon
}

// runsHere refuses an int8 model on a processor that does not prefer such:
// without VNNI, x86 adds products of 8 bits with saturation and gets sums wrong.
func (c Card) runsHere(int8 bool) error {
	if c.Quantized != nil && !int8 {
		return errors.New("the model is one of 8-bit integers, which this processor would get wrong: take the float model that it was made from")
	}
	return nil
}

// MadeFrom tells whether an int8 model's card names this float model.
func MadeFrom(int8, float []byte) bool {
	c, err := ReadCard(int8)
	return err == nil && c.Quantized != nil && c.Quantized.From == Fingerprint(float)
}

// Fingerprint is a model's SHA-256 in hexadecimal.
func Fingerprint(model []byte) string {
	sum := sha256.Sum256(model)
	return hex.EncodeToString(sum[:])
}

// Input is what the model's network is given of a slice: a square of its window
// as 0..1, row by row, Size*Size values of a model of this project.
func (m *Model) Input(s *ct.Slice) []float32 {
	box := m.Box(s)
	return windowed(s, box, m.card.side(box), m.card.window())
}
