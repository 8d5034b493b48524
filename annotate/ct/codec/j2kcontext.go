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

// Flags of the four coefficients of a column in a stripe. The lowest 18 bits tell
// which of three columns of six rows, those around the four too, are significant,
// row by row. The others are for each coefficient, three bits further for each
// row, as these names are, which are those of the first.
const (
	flagNW = 1 << iota
	flagN
	flagNE
	flagW
	flagSignificant
	flagE
	flagSW
	flagS
	flagSE

	flagNeighbours = flagSE<<1 - 1 - flagSignificant
	flagWindow     = 1<<18 - 1

	flagNegative = 1 << 19
	flagRefined  = 1 << 20
	flagVisited  = 1 << 21 // in this bit plane's significance pass

	flagNegativeAbove = 1 << 18 // of the row above the first
	flagNegativeBelow = 1 << 31 // of the row below the last

	columnSignificant = flagSignificant * 0o1111
	columnVisited     = flagVisited * 0o1111
)

// significanceContexts gives the context for each orientation of a subband and
// each set of significant neighbours (T.800 table D.1).
var significanceContexts = func() (table [4][512]uint8) {
	for f := range 512 {
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

// signContexts gives, for the neighbours in the four directions and, one bit
// below each of these, whether it is negative, the context of the sign, and in
// the highest bit whether the decoded bit is to be inverted (T.800 tables D.2 and
// D.3).
var signContexts = func() (table [256]uint8) {
	for f := range 256 {
		part := func(flag int) int {
			switch {
			case f&flag == 0:
				return 0
			case f&(flag>>1) == 0:
				return 1
			}
			return -1
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
