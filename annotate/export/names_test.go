package export

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/fuzzlimit"
)

func sources(files ...string) []ct.Source {
	var out []ct.Source
	for _, f := range files {
		out = append(out, ct.Source{File: f})
	}
	return out
}

func TestNames(t *testing.T) {
	long := strings.Repeat("é", 150)
	for _, c := range []struct {
		name        string
		files, want []string
	}{
		{"plain", []string{"/a/x.dcm", "/a/y.dcm"}, []string{"x", "y"}},
		{"same stem in two folders", []string{"/a/one/x.dcm", "/a/two/x.dcm", "/a/two/z.dcm"}, []string{"one_x", "two_x", "two_z"}},
		{"same stem and folder name", []string{"/a/s/x.dcm", "/b/s/x.dcm"}, []string{"s_x_1", "s_x_2"}},
		{"two endings", []string{"/s/x.dcm", "/s/x.ima"}, []string{"s_x_1", "s_x_2"}},
		{"case alone", []string{"/a/X.dcm", "/b/x.dcm"}, []string{"a_X", "b_x"}},
		{"the number is taken", []string{"/s/x.dcm", "/s/x.ima", "/t/s_x_1.dcm"}, []string{"s_x_2", "s_x_3", "s_x_1"}},
		{"the folder's name is taken", []string{"/a/x.dcm", "/b/x.dcm", "/c/a_x.dcm"}, []string{"a_x_1", "b_x", "a_x_2"}},
		{"no names", []string{"", ""}, []string{"slice_0001", "slice_0002"}},
		{"in the root", []string{"/x.dcm", "/x.ima"}, []string{"x_1", "x_2"}},
		{"no UTF-8, control characters", []string{"/a/x\x8d\x8e.dcm", "/a/y\n.dcm"}, []string{"x_", "y_"}},
		{"long and blank at first", []string{"/a/" + strings.Repeat(" ", 300) + "x.dcm"}, []string{"slice_0001"}},
		{"long", []string{"/a/" + long + ".dcm"}, []string{strings.Repeat("é", 100)}},
	} {
		got := Names(sources(c.files...))
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestNamesOfFramesDiffer(t *testing.T) {
	var s []ct.Source
	for f := 1; f <= 30; f++ {
		s = append(s, ct.Source{File: "/a/multi.dcm", Frame: f})
	}
	if n := Names(s); n[0] == n[1] || !strings.HasPrefix(n[0], "multi") {
		t.Errorf("frames are named %q, %q", n[0], n[1])
	}
}

func TestCaseNames(t *testing.T) {
	for _, c := range []struct {
		series [][]string // the files of each
		want   []string
	}{
		{[][]string{{"/s/P1/CT/1", "/s/P1/CT/2"}, {"/s/P2/ct/1", "/s/P2/ct/2"}, {"/s/P3/1", "/s/P3/2"}}, []string{"P1_CT", "P2_ct", "P3"}},
		{[][]string{{"/s/a/v.nii.gz"}, {"/s/b/v.nii.gz"}}, []string{"a_v", "b_v"}},
		{[][]string{{"CT/1", "CT/2"}, {"CT/3", "CT/4"}}, []string{"CT_1", "CT_2"}},
		{[][]string{{"/CT/1", "/CT/2"}, {"/CT/3", "/CT/4"}}, []string{"CT_1", "CT_2"}},
	} {
		var all []*ct.Series
		for _, files := range c.series {
			all = append(all, &ct.Series{Sources: sources(files...)})
		}
		if got := (Identity{}).CaseNames(all); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.series, got, c.want)
		}
	}
}

// Whatever the names, they are unique to a file system without case.
func FuzzNames(f *testing.F) {
	f.Add("a/x.dcm|b/x.dcm|a/a_x.dcm|c/X_1|/|..|x/..dcm|")
	f.Add("s/x.a|s/x.b|s/x.c|s_x_1.d|s/s_x.e")
	f.Fuzz(func(t *testing.T, joined string) {
		defer fuzzlimit.Start()()
		files := strings.Split(joined, "|")
		if len(files) > 200 {
			return
		}
		seen := map[string]string{}
		for i, n := range Names(sources(files...)) {
			low := strings.ToLower(n)
			if was, twice := seen[low]; twice {
				t.Fatalf("%q and %q are both named %q", was, files[i], n)
			}
			if seen[low] = files[i]; !usable(n) || len(n) > maxName+10 {
				t.Fatalf("%q is named %q", files[i], n)
			}
		}
	})
}

func TestRelative(t *testing.T) {
	for _, c := range []struct{ files, want []string }{
		{[]string{"/h/p/s1/x", "/h/p/s2/x"}, []string{"s1/x", "s2/x"}},
		{[]string{"/h/p/x"}, []string{"x"}},
		{[]string{"/h/p/x", "/h/p/q/y"}, []string{"x", "q/y"}},
		{[]string{"rel/x", "rel/y"}, []string{"x", "y"}},
		{[]string{"", ""}, []string{".", "."}},
	} {
		if got := relative(sources(c.files...)); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q, want %q", c.files, got, c.want)
		}
	}
}

func ExampleNames() {
	fmt.Println(Names(sources("/scans/one/IM1.dcm", "/scans/two/IM1.dcm")))
	// Output: [one_IM1 two_IM1]
}
