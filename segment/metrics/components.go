package metrics

import "fmt"

// Components numbers the connected components of a mask from 1 in the order of
// their first pixels; 0 is background. Pixels are connected that share a corner
// (8 neighbours in a slice, 26 in a volume). It returns the number of each
// pixel and how many components there are.
func Components(mask []bool, g Grid) (number []int32, n int, err error) {
	if err := g.check(mask); err != nil {
		return nil, 0, fmt.Errorf("find components: %w", err)
	}
	number = make([]int32, len(mask))
	var open []int // pixels whose neighbours are yet to be seen
	for first, set := range mask {
		if !set || number[first] != 0 {
			continue
		}
		n++
		number[first] = int32(n)
		for open = append(open, first); len(open) > 0; {
			i := open[len(open)-1]
			open = open[:len(open)-1]
			g.around(i, func(j int) {
				if mask[j] && number[j] == 0 {
					number[j] = int32(n)
					open = append(open, j)
				}
			})
		}
	}
	return number, n, nil
}

// around calls f for pixel i and those that share a corner with it.
func (g Grid) around(i int, f func(j int)) {
	var low, high [3]int
	for axis, stride := range g.strides() {
		at := i / stride % g.Size[axis]
		low[axis], high[axis] = max(at-1, 0), min(at+1, g.Size[axis]-1)
	}
	for z := low[2]; z <= high[2]; z++ {
		for y := low[1]; y <= high[1]; y++ {
			for x := low[0]; x <= high[0]; x++ {
				f((z*g.Size[1]+y)*g.Size[0] + x)
			}
		}
	}
}

// Lesions counts components, image by image: how many true lesions are found,
// and into how many pieces the prediction falls.
//
// A lesion is a connected component of the truth (see Components). It is found
// where the predicted pixels in it are at least the share Overlap of its pixels,
// and at least one. Per-lesion recall is the share of lesions found, each
// counting the same whatever its size.
type Lesions struct {
	Overlap float64 // 0..1

	Images     int
	True       int // components of the truth
	Found      int // of them
	Predicted  int // components of the prediction
	Difference int // between the two numbers, |Predicted - True|, summed over images
}

// Add counts an image, a slice or a volume. It fails, and counts nothing, where
// the masks don't fit the grid, whose spacing does not matter here.
func (l *Lesions) Add(prediction, truth []bool, g Grid) error {
	_, predicted, err := Components(prediction, g)
	if err != nil {
		return err
	}
	number, n, err := Components(truth, g)
	if err != nil {
		return err
	}
	size, hit := make([]int, n+1), make([]int, n+1)
	for i, c := range number {
		size[c]++
		if prediction[i] {
			hit[c]++
		}
	}
	for c := 1; c <= n; c++ {
		if hit[c] > 0 && float64(hit[c]) >= l.Overlap*float64(size[c]) {
			l.Found++
		}
	}
	l.Images, l.True, l.Predicted = l.Images+1, l.True+n, l.Predicted+predicted
	l.Difference += max(predicted-n, n-predicted)
	return nil
}

// merge adds the images of o.
func (l *Lesions) merge(o Lesions) {
	l.Images += o.Images
	l.True += o.True
	l.Found += o.Found
	l.Predicted += o.Predicted
	l.Difference += o.Difference
}

// Recall is the share of the true lesions that were found, 1 without any.
func (l *Lesions) Recall() float64 {
	if l.True == 0 {
		return 1
	}
	return float64(l.Found) / float64(l.True)
}

// PerImage are the mean numbers of components of an image in the prediction and
// in the truth: a prediction in more pieces than the expert's is fragmented.
// Added slice by slice they are components a slice. Without images both are 0.
func (l *Lesions) PerImage() (predicted, truth float64) {
	n := float64(max(l.Images, 1))
	return float64(l.Predicted) / n, float64(l.True) / n
}

// Fragmentation is the mean over images of how far the prediction's number of
// components is from the truth's: 0 where every image falls into as many pieces
// as the expert's. It is this project's own measure of a ragged mask, to compare
// training with and without total variation; Dice hardly sees specks. Without
// images it is 0.
func (l *Lesions) Fragmentation() float64 {
	return float64(l.Difference) / float64(max(l.Images, 1))
}
