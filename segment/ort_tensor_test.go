package segment

import (
	"runtime"
	"testing"
	"time"
)

// A tensor that nobody closed is freed with the last reference to it; the
// memory that it pins must not bring the program down.
func TestForgottenTensor(t *testing.T) {
	func() {
		for range 10 {
			if _, err := NewFloat([]int64{100}, nil); err != nil {
				t.Fatal(err)
			}
		}
	}()
	for range 3 {
		runtime.GC()
		time.Sleep(10 * time.Millisecond) // finalizers run beside
	}
}
