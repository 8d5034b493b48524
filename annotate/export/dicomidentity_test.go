package export

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/ct"
	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/ct/dicom/dicomtest"
	"groundglass/annotate/internal/leak"
)

// scanOfLi is a series of a patient whose name and ID are too short to be told from other
// words, with the name in a free text.
func scanOfLi(t *testing.T) *ct.Series {
	t.Helper()
	dir := t.TempDir()
	for i := range 3 {
		d := dicomtest.CT(65, 65, float64(5*i), make([]uint16, 65*65))
		for tag, text := range map[uint32][2]string{
			0x00080020: {"DA", "20210506"}, 0x00080030: {"TM", "101112"}, 0x00100010: {"PN", "Li^Hua"}, 0x00100020: {"LO", "12"},
			0x00180050: {"DS", "5"}, 0x00201040: {"LO", "of Li, ID 12"},
		} {
			d.Set(tag, text[0], text[1])
		}
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprint(i, ".dcm")), dicomtest.Write(dicomtest.ExplicitLittle, d), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return scanOf(t, dir)
}

// textsOf are the texts of a DICOM object at every depth.
func textsOf(t *testing.T, item dicom.Item) (all []string) {
	t.Helper()
	for _, e := range item.Elements() {
		for _, i := range e.Items {
			all = append(all, textsOf(t, i)...)
		}
		if slices.Contains([]string{"LO", "SH", "ST", "LT", "UT", "PN", "UC"}, e.VR) {
			text, err := e.Text()
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, text)
		}
	}
	return all
}

// Neither the text about the position, which may be any, nor the time of the study leaves
// without the identity; with it, both do. All words that DICOM objects have whoever they
// are of are in the vocabulary.
func TestShortNamesInDICOM(t *testing.T) {
	c := labelled(scanOfLi(t))
	without := Options{Identity: anonymous()}
	without.Identity.UID = func(uid string) string { return "2.25.77" + strings.ReplaceAll(uid, ".", "") }
	without.Identity.Days = func(string) int { return -30 }
	for _, p := range []Preset{segPreset, segFractionalPreset, rtstructPreset} {
		for _, o := range []Options{{}, without} {
			dir := exported(t, p, c, o)
			files := listing(t, dir)
			file := filepath.Join(dir, files[slices.IndexFunc(files, func(n string) bool { return strings.HasSuffix(n, ".dcm") })])
			want := map[uint32]string{0x00201040: "of Li, ID 12", 0x00080030: "101112", 0x00080020: "20210506", 0x00100010: "Li^Hua"}
			if !o.Identity.Kept() {
				want = map[uint32]string{0x00201040: "", 0x00080030: "", 0x00080020: "20210406", 0x00100010: "p1"}
			}
			object(t, file, func(ob *dicom.Object) {
				for tag, text := range want {
					if got := ob.Text(tag); got != text {
						t.Errorf("%s: %08X is %q, want %q", p.Name, tag, got, text)
					}
				}
				own := ownWords(c, &CaseEntry{Case: "p1", Patient: "p1"})
				for _, text := range textsOf(t, ob.Item) {
					for _, w := range leak.Words(text) {
						if !o.Identity.Kept() && len(w) >= leak.InTexts && strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") == "" && !own[leak.Fold(w)] {
							t.Errorf("%s: the vocabulary lacks %q", p.Name, w)
						}
					}
				}
			})
			if !o.Identity.Kept() && leak.New([]string{"Li", "Hua"}).In(string(read(t, file)), leak.InNotes) {
				t.Errorf("%s tells the name", p.Name)
			}
			alike := newSecrets(map[string]string{"Uei": "a name", "Loe": "a name", "Sea": "a name", "Coes": "a name"}) // as UI, LO and CS mark values
			if err := alike.inFile(file); err != nil {
				t.Errorf("%s %v", p.Name, err)
			}
		}
	}
}
