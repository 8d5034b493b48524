package labels

import "errors"

// errWork ends the reading of a file.
var errWork = errors.New("its outlines and frames cover far more pixels than the series has, more than a file of its size can be meant to")

// budget bounds what drawing the labels of one file may take: a few times what
// all slices of the series and the bytes of the file come to, in steps of about
// 2 ns.
type budget struct {
	left int64
}

// Steps of drawing that a file may take: for each pixel of the series and for each
// byte of the file.
const (
	stepsPerPixel = 8
	stepsPerByte  = 200
)

func newBudget(pixels int, bytes int64) budget {
	return budget{stepsPerPixel*int64(pixels) + stepsPerByte*min(bytes, 1<<40)}
}

// spend takes steps of the budget; an error where it has not as many.
func (b *budget) spend(steps int) error {
	if b.left -= int64(steps); b.left < 0 {
		return errWork
	}
	return nil
}
