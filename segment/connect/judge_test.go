package connect

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"testing"
)

// scipyJudge answers with SciPy's labels and filled holes of each mask. Its
// structure for filling is that of the background.
const scipyJudge = `
import json, sys
import numpy as np
from scipy import ndimage
eight, four, out = np.ones((3, 3)), None, []
for case in json.load(sys.stdin):
    m = np.array(case["mask"]).reshape(case["h"], case["w"])
    l8, l4 = ndimage.label(m, eight)[0], ndimage.label(m, four)[0]
    f8, f4 = ndimage.binary_fill_holes(m, four), ndimage.binary_fill_holes(m, eight)
    out.append([a.astype(int).ravel().tolist() for a in (l8, l4, f8, f4)])
print(json.dumps(out))
`

func TestAgainstSciPy(t *testing.T) {
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import scipy.ndimage").Run() != nil {
		t.Skip("skipped: the judge SciPy is not installed (Debian: python3-scipy)")
	}
	type question struct {
		W    int   `json:"w"`
		H    int   `json:"h"`
		Mask []int `json:"mask"`
	}
	var cases []question
	r := rand.New(rand.NewPCG(3, 4))
	for range 60 {
		q := question{W: 1 + r.IntN(40), H: 1 + r.IntN(40)}
		for share, i := r.Float64(), 0; i < q.W*q.H; i++ {
			q.Mask = append(q.Mask, map[bool]int{true: 1}[r.Float64() < share])
		}
		cases = append(cases, q)
	}
	input, err := json.Marshal(cases)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(python, "-c", scipyJudge)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answers [][4][]int
	if err := json.Unmarshal(output, &answers); err != nil {
		t.Fatal(err)
	}
	for i, q := range cases {
		m := make([]uint8, len(q.Mask))
		for k, v := range q.Mask {
			m[k] = uint8(v)
		}
		_, eight := Components(m, q.W, q.H, Eight)
		_, four := Components(m, q.W, q.H, Four)
		got := [4][]int{ints(eight), ints(four), ints(Fill(m, q.W, q.H, -1, Eight)), ints(Fill(m, q.W, q.H, -1, Four))}
		for k, name := range []string{"8-connected parts", "4-connected parts", "filled, 8", "filled, 4"} {
			if !slices.Equal(got[k], answers[i][k]) {
				t.Errorf("mask %d: %s differ", i, name)
			}
		}
	}
}

func ints[T uint8 | int32](a []T) []int {
	out := make([]int, len(a))
	for i, v := range a {
		out[i] = int(v)
	}
	return out
}
