package segment

// counts is a histogram of Hounsfield units from huLow to huHigh.
type counts struct {
	n  int
	at [huHigh - huLow + 1]int32
}

func (c *counts) add(hu int16) {
	c.at[int(hu)-huLow]++
	c.n++
}

// quantile is the least value that at least the share q of all are at or below;
// huLow of none.
func (c *counts) quantile(q float64) int16 {
	below, want := 0, q*float64(c.n)
	for i, n := range c.at {
		if below += int(n); float64(below) >= want {
			return int16(huLow + i)
		}
	}
	return huHigh
}
