package codec

// Contexts of the coding passes (T.800 table D.7): 0 to 8 for significance, 9
// to 13 for signs, 14 to 16 for refinement.
const (
	contextSign   = 9
	contextRefine = 14
	contextRun    = 17
	contextEqual  = 18 // all symbols alike
	contexts      = 19
)

// firstStates are the contexts' states at the beginning (T.800 table D.7).
var firstStates = [contexts]mqState{0: 4 << 1, contextRun: 3 << 1, contextEqual: 46 << 1}

// Flags of a coefficient. The lower eight say which neighbours are significant,
// the next four which of those in the four directions are negative.
const (
	flagW = 1 << iota
	flagE
	flagN
	flagS
	flagNW
	flagNE
	flagSW
	flagSE
	flagNegativeW
	flagNegativeE
	flagNegativeN
	flagNegativeS
	flagSignificant
	flagVisited // in this bit plane's significance pass
	flagRefined

	flagNeighbours = flagNegativeW - 1
)

// significanceContexts gives the context for each orientation of a subband and
// each set of significant neighbours (T.800 table D.1).
var significanceContexts = func() (table [4][256]uint8) {
	for f := range 256 {
		bit := func(flag int) int {
			if f&flag != 0 {
				return 1
			}
			return 0
		}
		h, v := bit(flagW)+bit(flagE), bit(flagN)+bit(flagS)
		d := bit(flagNW) + bit(flagNE) + bit(flagSW) + bit(flagSE)
		table[0][f] = straightContext(h, v, d)
		table[1][f] = straightContext(v, h, d)
		table[2][f] = straightContext(h, v, d)
		table[3][f] = diagonalContext(h+v, d)
	}
	return table
}()

// straightContext is the column for LL and LH of table D.1; with h and v
// exchanged, that for HL.
func straightContext(h, v, d int) uint8 {
	switch {
	case h == 2:
		return 8
	case h == 1 && v >= 1:
		return 7
	case h == 1 && d >= 1:
		return 6
	case h == 1:
		return 5
	case v == 2:
		return 4
	case v == 1:
		return 3
	}
	return uint8(min(d, 2))
}

// diagonalContext is the column for HH of table D.1.
func diagonalContext(hv, d int) uint8 {
	switch {
	case d >= 3:
		return 8
	case d == 2:
		return uint8(6 + min(hv, 1))
	case d == 1:
		return uint8(3 + min(hv, 2))
	}
	return uint8(min(hv, 2))
}

// signContexts gives, for the neighbours in the four directions and, above them,
// which are negative, the context of the sign, and in the highest bit whether
// the decoded bit is to be inverted (T.800 tables D.2 and D.3).
var signContexts = func() (table [256]uint8) {
	for f := range 256 {
		part := func(flag int) int {
			if f&flag == 0 {
				return 0
			}
			return 1 - f>>4&flag/flag*2
		}
		h := max(-1, min(1, part(flagW)+part(flagE)))
		v := max(-1, min(1, part(flagN)+part(flagS)))
		invert := uint8(0)
		if h < 0 || h == 0 && v < 0 {
			h, v, invert = -h, -v, 0x80
		}
		context := contextSign + v // h == 0
		if h == 1 {
			context = contextSign + 3 + v
		}
		table[f] = uint8(context) | invert
	}
	return table
}()
