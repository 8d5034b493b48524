package derived

import (
	"crypto/sha256"
	"fmt"
	"math/big"
)

// implementation names this writer of files (PS3.10 7.1).
var implementation = UID("groundglass", "implementation class")

// UID makes a UID of what it names: the same for the same words, and another one
// for others. It is a UUID of version 8 (RFC 9562), a digest of the words, below
// 2.25 (PS3.5 B.2).
func UID(words ...string) string {
	h := sha256.New()
	for _, w := range words {
		fmt.Fprintf(h, "%d:%s", len(w), w)
	}
	b := h.Sum(nil)[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return "2.25." + new(big.Int).SetBytes(b).String()
}
