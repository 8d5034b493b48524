package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

// Of an export of this program the images are taken, where it holds some, and its masks never.
func TestExportsAsImages(t *testing.T) {
	_, dir := patient(t, phantomOptions)
	m, out := model(t), t.TempDir()
	for _, c := range []struct {
		preset, flag string
		series       string // what is exported of the export; "" for an error
	}{
		{"png", "", ""},
		{"png", "--images", "5 files of 5 slices"},
		{"nnunet", "", "5 files of 5 slices"},
		{"semiseg", "", "5 files of 5 slices"},
		{"probability", "", ""},
	} {
		name := filepath.Join(out, c.preset+c.flag)
		args := strings.Fields("export " + dir + " -o " + name + " --model " + m + " --preset " + c.preset + " " + c.flag)
		call(t, args...).want(t, 0, "", "")
		ways := map[string][]string{"folder": {name}}
		if c.preset == "nnunet" || c.series == "" {
			ways["list"] = []string{"--list", listOf(t, t.TempDir(), name)}
		}
		for kind, sources := range ways {
			again := call(t, append([]string{"export", "-o", filepath.Join(out, "of "+c.preset+c.flag+" "+kind), "--model", m}, sources...)...)
			if c.series == "" {
				again.want(t, 1, "", "holds no images: name the images that it was made of")
				continue
			}
			if strings.Contains(again.errors, "json") {
				t.Errorf("%s: it tells of the export's own files: %s", name, again.errors)
			}
			again.want(t, 0, c.series, "of the export in "+name+": left out, since they are masks or the like, and no images")
		}
	}
	call(t, "propose", filepath.Join(out, "png"), "-o", filepath.Join(out, "proposed"), "--model", m).want(t, 1, "", "holds no images")
	write(t, filepath.Join(out, "png--images", "manifest.json"), []byte(`{"format":"groundglass export"}`))
	call(t, "propose", filepath.Join(out, "png--images"), "-o", filepath.Join(out, "proposed"), "--model", m).want(t, 1, "", "it cannot be told whether they are images: ")
}
