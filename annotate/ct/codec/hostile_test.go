package codec_test

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"
	"time"

	"groundglass/annotate/ct/codec"
)

// hostileJ2K is a codestream whose header asks for as much work as it can.
type hostileJ2K struct {
	name         string
	order        byte
	layers       uint16
	levels       byte
	block        byte // exponents of the size of code blocks less two
	style        byte
	precincts    byte // exponents of the size of precincts, of all levels
	wavelet      byte // 1 is the reversible one
	tileW, tileH uint32
	changes      int  // of the order
	first        byte // the least value of the data's bytes
	spread       byte // their other values
}

func (h *hostileJ2K) stream(w, height, length int) []byte {
	be := binary.BigEndian
	b := []byte{0xff, 0x4f, 0xff, 0x51, 0, 41, 0, 0}
	for _, v := range []uint32{uint32(w), uint32(height), 0, 0, h.tileW, h.tileH, 0, 0} {
		b = be.AppendUint32(b, v)
	}
	b = append(b, 0, 1, 15, 1, 1)
	b = append(b, 0xff, 0x52, 0, 13+h.levels, 1, h.order)
	b = be.AppendUint16(b, h.layers)
	b = append(b, 0, h.levels, h.block, h.block, h.style, h.wavelet)
	b = append(b, bytes.Repeat([]byte{h.precincts}, int(h.levels)+1)...)
	b = append(b, 0xff, 0x5c, 0, 4+3*h.levels, 0x40)
	b = append(b, bytes.Repeat([]byte{18 << 3}, 3*int(h.levels)+1)...)
	if h.changes > 0 {
		b = append(b, 0xff, 0x5f)
		b = be.AppendUint16(b, uint16(2+7*h.changes))
		b = append(b, bytes.Repeat([]byte{0, 0, 0xff, 0xff, 33, 1, 3}, h.changes)...)
	}
	b = append(b, 0xff, 0x90, 0, 10, 0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0x93)
	r := rand.New(rand.NewPCG(1, 2))
	for range length {
		v := h.first
		if h.spread > 0 {
			v += byte(r.IntN(int(h.spread)))
		}
		b = append(b, v)
	}
	return append(b, 0xff, 0xd9)
}

var hostileJ2Ks = []hostileJ2K{
	{name: "empty packets", layers: 65535, levels: 5, block: 0, precincts: 0x33, tileW: 512, tileH: 512},
	{name: "tiny precincts", layers: 65535, levels: 5, block: 0, precincts: 0x11, tileW: 512, tileH: 512},
	{name: "packets of one layer", order: 3, layers: 65535, levels: 1, block: 4, precincts: 0xff, tileW: 512, tileH: 512, first: 0x80},
	{name: "blocks in many layers", layers: 65535, levels: 0, block: 0, precincts: 0xff, tileW: 512, tileH: 512, first: 0x80, spread: 3},
	{name: "noise", layers: 100, levels: 5, block: 0, precincts: 0xff, wavelet: 1, tileW: 512, tileH: 512, spread: 255},
	{name: "ones", layers: 65535, levels: 5, block: 0, precincts: 0xff, tileW: 512, tileH: 512, first: 0xfe},
	{name: "all passes", layers: 3, levels: 2, block: 4, style: 63, precincts: 0xff, tileW: 512, tileH: 512, first: 0xdb},
	{name: "all levels", order: 4, layers: 9, levels: 32, block: 0, precincts: 0x11, tileW: 512, tileH: 512},
	{name: "order changes", layers: 65535, levels: 5, block: 0, precincts: 0x22, tileW: 512, tileH: 512, changes: 1000},
	{name: "order changes without precincts", layers: 1, levels: 32, block: 0, precincts: 0x11, tileW: 512, tileH: 512, changes: 1000},
	{name: "tiny tiles", layers: 1, levels: 32, block: 0, precincts: 0xff, tileW: 1, tileH: 1},
	{name: "small tiles", layers: 1, levels: 32, block: 0, precincts: 0xff, tileW: 8, tileH: 8},
	{name: "High Throughput", layers: 1, levels: 5, block: 4, style: 64, precincts: 0xff, wavelet: 1, tileW: 512, tileH: 512, first: 0x80, spread: 127},
	{name: "High Throughput noise", layers: 3, levels: 0, block: 0, style: 64, precincts: 0xff, wavelet: 1, tileW: 512, tileH: 512, spread: 255},
	{name: "High Throughput ones", layers: 9, levels: 2, block: 4, style: 72, precincts: 0xff, wavelet: 1, tileW: 512, tileH: 512, first: 0xdb},
	{name: "lossy noise", layers: 3, levels: 5, block: 4, precincts: 0xff, tileW: 512, tileH: 512, spread: 200},
}

// TestHostile bounds what headers can ask for: memory in relation to the
// picture and the data, and time, generously, since the machine may be busy.
func TestHostile(t *testing.T) {
	p := codec.Params{Rows: 512, Columns: 512, Bits: 16}
	const length = 1 << 20
	streams := map[string][]byte{}
	for _, h := range hostileJ2Ks {
		streams[h.name] = h.stream(512, 512, length)
	}
	table := append([]byte{0xff, 0xc4, 0, 19}, make([]byte, 17)...)
	streams["Huffman tables"] = append([]byte{0xff, 0xd8}, bytes.Repeat(table, length/len(table))...)
	streams["markers"] = append([]byte{0xff, 0xd8}, bytes.Repeat([]byte{0xff}, length)...)
	ls := []byte{0xff, 0xd8, 0xff, 0xf7, 0, 11, 16, 2, 0, 2, 0, 1, 1, 0x11, 0, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 0, 0}
	streams["JPEG-LS zeros"] = slices.Concat(ls, make([]byte, length))
	streams["JPEG-LS ones"] = slices.Concat(ls, bytes.Repeat([]byte{0xff, 0x7f}, length/2))
	for name, data := range streams {
		t.Run(name, func(t *testing.T) {
			for _, decode := range []codec.Decoder{codec.DecodeJPEG, codec.DecodeJPEGLS, codec.DecodeJPEG2000, codec.DecodeRLE} {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				start := time.Now()
				_, err := decode(data, p)
				took := time.Since(start)
				runtime.ReadMemStats(&after)
				used := after.TotalAlloc - before.TotalAlloc
				if took > 20*time.Millisecond || used > 4<<20 {
					t.Logf("%d MB, %v: %v", used>>20, took, err)
				}
				if used > 512*512*300+4*length {
					t.Errorf("%d MB were allocated", used>>20)
				}
				if took > 20*time.Second {
					t.Errorf("it took %v", took)
				}
			}
		})
	}
}
