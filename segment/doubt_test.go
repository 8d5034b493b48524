package segment

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/assets"
)

// The bundled model's doubt ranks the slices of patients that it never saw by
// how wrong it is, and better than the mean entropy of the pixels that are not
// surely background does.
func TestDoubtRanksSlices(t *testing.T) {
	folder := dataFolder(t)
	if assets.Model() == nil {
		t.Skip("no model is bundled")
	}
	m, err := Load(assets.Model())
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	var wrong, doubts, entropies []float64
	for _, patient := range []string{"coronacases_006", "coronacases_010"} {
		files, err := filepath.Glob(filepath.Join(folder, "corona", patient, "*_infection.png"))
		if err != nil || len(files) == 0 {
			t.Skipf("no slices of %s: %v", patient, err)
		}
		for i := 0; i < len(files); i += 2 {
			truth := maskPicture(t, files[i])
			p, err := m.Examine(t.Context(), picture(t, strings.Replace(files[i], "_infection", "_ct", 1)))
			if err != nil {
				t.Fatal(err)
			}
			wrong = append(wrong, 1-diceOf(p.Foreground, truth, levelOf(m.card.Threshold)))
			doubts = append(doubts, p.Doubt)
			entropies = append(entropies, meanEntropy(p))
		}
	}
	ours, theirs := spearman(doubts, wrong), spearman(entropies, wrong)
	t.Logf("%d slices: Spearman with 1-Dice %.3f, mean entropy %.3f", len(wrong), ours, theirs)
	if !(ours > 0.5 && ours > theirs) {
		t.Error("doubt does not rank slices by how wrong the proposal is")
	}
}

// diceOf is a proposal's Dice, 1 where there is nothing in either.
func diceOf(prob []uint8, truth mask, level uint8) float64 {
	var both, sum float64
	for i, in := range truth {
		marked := prob[i] >= level
		sum += float64(one(in) + one(marked))
		both += float64(one(in && marked))
	}
	if sum == 0 {
		return 1
	}
	return 2 * both / sum
}

// meanEntropy is over the pixels of a probability above 1 %.
func meanEntropy(p Proposal) float64 {
	n, sum := 0.0, 0.0
	for i, v := range p.Foreground {
		if v > 2 {
			n++
			sum += float64(p.Uncertainty[i]) / 255
		}
	}
	return sum / max(n, 1)
}

// spearman is the correlation of ranks, equal values sharing the mean of theirs.
func spearman(a, b []float64) float64 {
	x, y := ranks(a), ranks(b)
	mean := float64(len(a)-1) / 2
	var xy, xx, yy float64
	for i := range x {
		dx, dy := x[i]-mean, y[i]-mean
		xy, xx, yy = xy+dx*dy, xx+dx*dx, yy+dy*dy
	}
	return xy / math.Sqrt(xx*yy)
}

func ranks(v []float64) []float64 {
	sorted := slices.Sorted(slices.Values(v))
	out := make([]float64, len(v))
	for i, x := range v {
		first, _ := slices.BinarySearch(sorted, x)
		last, _ := slices.BinarySearchFunc(sorted, x, func(e, target float64) int {
			if e <= target {
				return -1
			}
			return 1
		})
		out[i] = float64(first+last-1) / 2
	}
	return out
}

func TestSpearman(t *testing.T) {
	// scipy.stats.spearmanr([1, 2, 3, 4, 5], [5, 6, 7, 8, 7]) = 0.82078...
	if got := spearman([]float64{1, 2, 3, 4, 5}, []float64{5, 6, 7, 8, 7}); math.Abs(got-0.8207826816681233) > 1e-12 {
		t.Errorf("%v", got)
	}
}
