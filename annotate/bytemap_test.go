package annotate

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"sync"
	"testing"
)

// blobs is a map as models make them: soft discs on 0.
func blobs(r *rand.Rand, w, h, n int) []uint8 {
	out := make([]uint8, w*h)
	for range n {
		x0, y0, radius := r.IntN(w), r.IntN(h), 4+r.IntN(w/8)
		for y := range h {
			for x := range w {
				if d := (x-x0)*(x-x0) + (y-y0)*(y-y0); d < radius*radius {
					out[y*w+x] = max(out[y*w+x], uint8(255-200*d/(radius*radius)+r.IntN(9)-8))
				}
			}
		}
	}
	return out
}

// What is kept comes back the same, and is small where the map is mostly 0.
func TestByteMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := make([]uint8, 100_003)
	for i := range noise {
		noise[i] = uint8(r.Uint32())
	}
	stripes := make([]uint8, 4096)
	for i := range stripes {
		stripes[i] = uint8(i / (1 + i/512) % 2 * 255)
	}
	for name, c := range map[string]struct {
		pix  []uint8
		most int
	}{
		"empty": {nil, 0}, "one": {[]uint8{7}, 2}, "zeros": {make([]uint8, 512*512), 4}, "full": {bytes.Repeat([]uint8{255}, 512*512), 4},
		"noise": {noise, len(noise) + len(noise)/64}, "stripes": {stripes, len(stripes)}, "blobs": {blobs(r, 512, 512, 5), 40_000},
	} {
		m := packMap(c.pix)
		if got := m.read().pixels(); !bytes.Equal(got, c.pix) {
			t.Errorf("%s does not come back", name)
		}
		if int(m.bytes()) > c.most {
			t.Errorf("%s takes %d bytes, at most %d are due", name, m.bytes(), c.most)
		}
		for _, cut := range []uint8{1, 7, 128, 255} {
			if got, want := m.count(cut), countAtLeast(c.pix, cut); got != want {
				t.Errorf("%s: %d pixels of at least %d, want %d", name, got, cut, want)
			}
		}
	}
}

// Runs that were read are those that were made, or are refused: whatever bytes
// there are, the map has as many pixels as it should, and counts them right.
func TestMapOfDamagedRuns(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const w, h = 40, 30
	pix := blobs(r, w, h, 3)
	runs := packMap(pix).runs
	if m, ok := mapOf(runs, w*h); !ok || !bytes.Equal(m.unpack(), pix) || m.atLeast != packMap(pix).atLeast {
		t.Error("what was packed is not taken")
	}
	refused := 0
	for n := range 20_000 {
		damaged := bytes.Clone(runs)
		switch n % 3 {
		case 0:
			damaged[r.IntN(len(damaged))] ^= 1 << r.IntN(8)
		case 1:
			damaged = damaged[:r.IntN(len(damaged))]
		default:
			damaged = append(damaged, byte(r.Uint32()), byte(r.Uint32()))
		}
		m, ok := mapOf(damaged, w*h)
		if !ok {
			refused++
			continue
		}
		out := m.unpack()
		if len(out) != w*h {
			t.Fatalf("%d pixels", len(out))
		}
		for _, cut := range []uint8{1, 100, 255} {
			if got, want := m.count(cut), countAtLeast(out, cut); got != want {
				t.Fatalf("%d pixels of at least %d, want %d", got, cut, want)
			}
		}
	}
	if refused < 10_000 {
		t.Errorf("%d of 20000 damaged maps were refused", refused)
	}
}

// A map is unpacked once for all that hold it, and is let go after them.
func TestByteMapIsShared(t *testing.T) {
	m := packMap(filled(64, 64, 9))
	first := m.read()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if m.read() != first {
				t.Error("it is unpacked twice")
			}
		})
	}
	group.Wait()
	runtime.KeepAlive(first)
	first = nil
	runtime.GC()
	if m.open.Value() != nil {
		t.Error("nobody holds it, and it is still there")
	}
}

func BenchmarkByteMap(b *testing.B) {
	pix := blobs(rand.New(rand.NewPCG(1, 2)), 512, 512, 8)
	m := packMap(pix)
	b.Run("pack", func(b *testing.B) {
		for b.Loop() {
			packMap(pix)
		}
		b.ReportMetric(float64(m.bytes()), "bytes")
	})
	b.Run("unpack", func(b *testing.B) {
		for b.Loop() {
			m.unpack()
		}
	})
}

// Maps of slices that are not in view are kept packed alone.
func TestMapsNotLookedAtArePacked(t *testing.T) {
	s := newTestSession(64, 64, 100)
	g := s.BeginProposal()
	want := blobs(rand.New(rand.NewPCG(3, 4)), 64, 64, 2)
	for i := range 100 {
		s.Propose(i, g, Guess{Prob: bytes.Clone(want)})
	}
	for i := range 100 {
		s.SetCurrent(i)
		s.Mask(i)
		if !bytes.Equal(s.Probability(i), want) {
			t.Fatalf("slice %d has another map", i)
		}
	}
	held := 0
	for i := range s.sheets {
		held += m2i(s.sheets[i].open.prob != nil)
	}
	if held > s.keep+1 {
		t.Errorf("%d maps are held unpacked, where %d masks are kept", held, s.keep)
	}
}
