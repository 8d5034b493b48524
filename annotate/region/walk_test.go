package region

import (
	"context"
	"errors"
	"image"
	"math"
	"testing"
)

// lesion is where slice 20 of the demo phantom has its larger one, and hints a
// person would give: a line through it, a line beside it and one in the wall.
func lesion() (box image.Rectangle, h Hints) {
	h = Hints{Inside: NewSet(image.Rect(0, 0, 512, 512)), Outside: NewSet(image.Rect(0, 0, 512, 512))}
	for d := range 14 {
		h.Inside.Add(284+d, 346+d/2, 350+d/2)
	}
	h.Outside.Add(264, 330, 352)
	h.Outside.Add(303, 345, 365)
	return image.Rect(300, 240, 412, 330), h
}

func TestWalkFindsTheLesion(t *testing.T) {
	p, truth := demo(t, 20)
	box, h := lesion()
	c, err := DefaultWalk.Solve(context.Background(), p, box, h, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := dice(c.Region(h), truth, p.W, image.Rect(330, 262, 380, 310)); d < 0.88 {
		t.Errorf("Dice %.3f", d)
	}
	again, err := DefaultWalk.Solve(context.Background(), p, box, h, &c)
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range again.P {
		if math.Abs(float64(v-c.P[i])) > 0.01 {
			t.Fatalf("started from its answer, pixel %d has %.3f instead of %.3f", i, v, c.P[i])
		}
	}
}

// Where HU say nothing, the model's map does: by its border or by itself.
func TestWalkHeedsTheModel(t *testing.T) {
	p := Plane{W: 32, H: 32, HU: make([]int16, 32*32)}
	prob := make([]uint8, 32*32)
	for i := range prob {
		if i%32 < 20 {
			prob[i] = 255
		}
	}
	h := Hints{Inside: points(p, [][2]int{{10, 16}}), Outside: points(p, [][2]int{{30, 16}})}
	for name, w := range map[string]Walk{
		"border": {HU: 20, Prob: prob, Border: 0.2},
		"trust":  {HU: 20, Prob: prob, Trust: 1},
	} {
		c, err := w.Solve(context.Background(), p, p.Bounds(), h, nil)
		if err != nil {
			t.Fatal(err)
		}
		for y := range 32 {
			for x := range 32 {
				if x != 19 && x != 20 && c.Region(h).Has(x, y) != (x < 20) {
					t.Fatalf("%s: pixel %d, %d is wrong", name, x, y)
				}
			}
		}
	}
}

func TestWalkObeysHints(t *testing.T) {
	p, _ := demo(t, 20)
	box, h := lesion()
	h.Outside.Add(290, 340, 360)
	c, err := DefaultWalk.Solve(context.Background(), p, box, h, nil)
	if err != nil {
		t.Fatal(err)
	}
	found := c.Region(h)
	h.Outside.Spans(func(y, x0, x1 int) {
		for x := x0; x < x1; x++ {
			if found.Has(x, y) {
				t.Errorf("%d, %d is taken against the hint", x, y)
			}
		}
	})
	h.Inside.Spans(func(y, x0, x1 int) {
		for x := x0; x < x1; x++ {
			if !found.Has(x, y) && !h.Outside.Has(x, y) {
				t.Errorf("%d, %d is left out against the hint", x, y)
			}
		}
	})
	if n := found.Bounds(); !n.In(box.Inset(1)) {
		t.Errorf("reaches %v", n)
	}
}

func TestWalkWithout(t *testing.T) {
	p, _ := demo(t, 20)
	box, h := lesion()
	h.Inside = nil
	c, err := DefaultWalk.Solve(context.Background(), p, box, h, nil)
	if n := c.Region(h).Count(); err != nil || n != 0 {
		t.Errorf("without a hint inside: %d pixels, %v", n, err)
	}
	if c, err := DefaultWalk.Solve(context.Background(), Plane{}, box, h, nil); err != nil || len(c.P) != 0 {
		t.Errorf("without a picture: %d chances, %v", len(c.P), err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := DefaultWalk.Solve(ctx, p, box, h, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
