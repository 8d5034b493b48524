package region

import (
	"context"
	"errors"
	"testing"
)

// tower is a volume of n slices alike.
func tower(p Plane, n int) Volume {
	return Volume{W: p.W, H: p.H, Slices: n, HU: func(int) ([]int16, error) { return p.HU, nil }}
}

func TestGrowIn3D(t *testing.T) {
	block := drawn("ggg", "ggg", "ggg")
	ground := Limits{Low: -700, High: -500}
	with := func(change func(*Limits)) Limits {
		l := ground
		change(&l)
		return l
	}
	spaced := tower(block, 9)
	spaced.Spacing = [3]float64{1, 1, 2}
	for _, c := range []struct {
		name   string
		v      Volume
		l      Limits
		voxels int
		full   bool
		slices []int
	}{
		{"all", tower(block, 5), ground, 45, false, []int{0, 1, 2, 3, 4}},
		{"flat", tower(block, 5), with(func(l *Limits) { l.Flat = true }), 9, false, []int{2}},
		{"radius in mm", spaced, with(func(l *Limits) { l.Radius = 2 }), 11, false, []int{1, 2, 3}},
		{"most", tower(block, 5), with(func(l *Limits) { l.Most = 20 }), 21, true, []int{1, 2, 3}},
		{"a locked slice", tower(block, 5), with(func(l *Limits) { l.Allow = onSlice(func(x, y, z int) bool { return z != 1 }) }), 36 - 9, false, []int{2, 3, 4}},
		{"another tissue", tower(block, 5), Limits{Low: -100, High: 100}, 0, false, nil},
		{"beyond 16 bits", tower(block, 5), Limits{Low: 40000, High: 50000}, 0, false, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			g, err := NewGrower(c.v, Voxel{1, 1, 2}, c.l).Grow(context.Background())
			if err != nil || g.Voxels != c.voxels || g.Full != c.full || len(g.Slices) != len(c.slices) {
				t.Fatalf("%d voxels, full %t, on %d slices, %v", g.Voxels, g.Full, len(g.Slices), err)
			}
			for _, z := range c.slices {
				if g.Slices[z] == nil {
					t.Errorf("slice %d is left out", z)
				}
			}
		})
	}
}

func TestGrowTellsErrors(t *testing.T) {
	bad := errors.New("no such file")
	v := tower(drawn("gg"), 3)
	v.HU = func(z int) ([]int16, error) {
		if z == 1 {
			return nil, bad
		}
		return []int16{-650, -650}, nil
	}
	if _, err := NewGrower(v, Voxel{}, Limits{Low: -700, High: -500}).Grow(context.Background()); !errors.Is(err, bad) {
		t.Errorf("an unreadable slice gave %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := NewGrower(v, Voxel{}, Limits{}).Grow(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
