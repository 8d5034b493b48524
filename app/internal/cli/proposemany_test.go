package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"groundglass/annotate/killtest"
)

// Proposals by a list go to a folder each, in parts; what is there and whole is passed over, the rest done again.
func TestProposeMany(t *testing.T) {
	dir, _ := patients(t, 3)
	m, out := model(t), t.TempDir()
	list := listOf(t, dir, "case0", "case1", "case2", "gone")
	args := []string{"propose", "--list", list, "-o", out, "--model", m}
	call(t, append(args, "--shard", "1/2")...).want(t, 0, "proposed 2 cases with 6 slices", "")
	call(t, append(args, "--shard", "2/2")...).want(t, 1, "proposed 1 case with 3 slices", "gone is left out")
	var got proposeSummary
	c := call(t, append(args, "--json")...)
	if c.decode(t, &got); c.status != 1 || got.Cases != 3 || got.Earlier != 3 || got.Slices != 9 || len(got.LeftOut) != 1 {
		t.Errorf("%+v", c)
	}
	whole := killtest.Files(t, out)
	var record proposedCase
	if err := json.Unmarshal([]byte(whole["case1/proposals.json"]), &record); err != nil || len(record.Report.Slices) != 3 || len(record.Sums) != 6 {
		t.Errorf("%+v, %v", record, err)
	}
	write(t, filepath.Join(out, "case1", record.Report.Slices[1].Mask), []byte("damaged"))
	if err := os.Remove(filepath.Join(out, "case2", "proposals.json")); err != nil {
		t.Fatal(err)
	}
	call(t, args...).want(t, 1, "1 case had been done before", "")
	for name, data := range killtest.Files(t, out) {
		if whole[name] != data {
			t.Errorf("%s is not as it was", name)
		}
	}
	if err := os.Chtimes(filepath.Join(dir, "case1", "phantom_0001.dcm"), time.Time{}, time.Now().Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	c = call(t, append(args, "--json")...)
	if c.decode(t, &got); got.Cases != 3 || got.Earlier != 2 {
		t.Errorf("of images that changed: %+v", c)
	}
	call(t, append(args, "--threshold", "0.9")...).want(t, 1, "proposed 3 cases", "")
	if strings.Contains(call(t, append(args, "--threshold", "0.9")...).out, "before") == strings.Contains(call(t, args...).out, "before") {
		t.Error("proposals at another threshold are taken for the same")
	}
	call(t, "propose", dir, "-o", filepath.Join(out, "found"), "--model", m, "--shard0", "0/1").want(t, 0, "proposed 3 cases with 9 slices", "")
}
