package deid

import (
	"strings"
	"time"
)

// days is how far the dates of the file move; not at all where they have been by the same
// key.
func (c *cleaner) days() int {
	if c.key.Made(c.id) && c.object.Text(datesModified) == "MODIFIED" {
		return 0
	}
	return c.key.Days(c.id)
}

// shift moves the dates of a value (VR DA or DT) by days; false where one is no
// date. Dates without a day are too coarse to be moved.
func shift(vr, value string, days int) (string, bool) {
	dates := strings.Split(value, `\`)
	for i, d := range dates {
		d = strings.TrimSpace(d)
		if vr == "DA" {
			d = strings.ReplaceAll(d, ".", "") // as before DICOM 3
		}
		if d == "" {
			continue
		}
		if len(d) < 8 || vr == "DA" && len(d) != 8 {
			return "", false
		}
		t, err := time.Parse("20060102", d[:8])
		if err != nil {
			return "", false
		}
		if t = t.AddDate(0, 0, days); t.Year() < 1 || t.Year() > 9999 {
			return "", false
		}
		dates[i] = t.Format("20060102") + d[8:]
	}
	return strings.Join(dates, `\`), true
}
