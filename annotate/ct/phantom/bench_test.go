package phantom

import "testing"

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		New(Demo())
	}
}

func BenchmarkSlice(b *testing.B) {
	p := New(Demo())
	for i := 0; b.Loop(); i++ {
		if _, err := p.slice(i % p.slices); err != nil {
			b.Fatal(err)
		}
	}
}
