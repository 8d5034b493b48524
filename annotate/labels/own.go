package labels

import (
	"encoding/json"
	"fmt"
	"image/color"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"groundglass/annotate"
)

// An export of this program says in its manifest which slice each mask is of and
// what its values are (package annotate/export).
const (
	ownManifest = "manifest.json"
	ownFormat   = "groundglass export"
	maxManifest = 256 << 20 // bytes
)

// manifest is what is needed of one.
type manifest struct {
	Format string `json:"format"`
	Masks  string `json:"mask_values"`
	Labels []struct {
		Value   uint8  `json:"value"`
		Program uint8  `json:"program_value"`
		Name    string `json:"name"`
		Color   string `json:"color"`
		Code    struct {
			Scheme  string `json:"scheme"`
			Value   string `json:"value"`
			Meaning string `json:"meaning"`
		} `json:"code"`
	} `json:"labels"`
	Slices []struct {
		Source  string         `json:"source"`
		Frame   int            `json:"frame"`
		UID     string         `json:"sop_instance_uid"`
		LabelPx map[string]int `json:"label_px"`
		Mask    ownFile        `json:"mask"`
		Image   ownFile        `json:"image"`
	} `json:"slices"`
}

type ownFile struct {
	File string `json:"file"`
}

// ownMask is what a manifest says of a mask.
type ownMask struct {
	uid    string
	frame  int
	source string
	names  map[value]annotate.Label // that its values stand for, as they were
}

// readOwn reads the manifests among files, so that the masks that they name are
// matched by them, and their pictures of slices are passed over.
func (in *intake) readOwn(files []string) {
	in.own = map[string]ownMask{}
	for _, path := range files {
		if filepath.Base(path) != ownManifest {
			continue
		}
		m, err := decodeManifest(path)
		if err != nil || m.Format != ownFormat {
			continue // as any other file, it is looked at later
		}
		in.done[path] = true
		for i, s := range m.Slices {
			dir := filepath.Dir(path)
			if s.Image.File != "" {
				in.done[filepath.Join(dir, s.Image.File)] = true
			}
			in.own[filepath.Join(dir, s.Mask.File)] = ownMask{s.UID, s.Frame, s.Source, m.names(i)}
		}
	}
}

func decodeManifest(path string) (*manifest, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	m := &manifest{}
	return m, json.NewDecoder(io.LimitReader(f, maxManifest)).Decode(m)
}

// names are what the values of slice i's mask are called. In masks of 0 and 255
// it is the label that alone has pixels on the slice; where several have, they can
// no longer be told apart.
func (m *manifest) names(i int) map[value]annotate.Label {
	out := map[value]annotate.Label{}
	for _, l := range m.Labels {
		n := annotate.Label{Value: l.Program, Name: l.Name, Color: colourOf(l.Color), Export: l.Value}
		if l.Program == 0 {
			n.Value = l.Value
		}
		if l.Code.Scheme != "" && l.Code.Value != "" {
			n.Code = annotate.Code{Scheme: tidy(l.Code.Scheme), Value: tidy(l.Code.Value), Meaning: tidy(l.Code.Meaning)}
		}
		switch px := m.Slices[i].LabelPx; {
		case m.Masks != "0/255":
			out[value(l.Value)] = n
		case len(px) == 1 && px[strconv.Itoa(int(l.Value))] > 0:
			out[255] = n
		}
	}
	return out
}

// colourOf reads a colour as hex writes it; a transparent one where it is none.
func colourOf(text string) color.NRGBA {
	v, err := strconv.ParseUint(strings.TrimPrefix(text, "#"), 16, 24)
	if err != nil {
		return color.NRGBA{}
	}
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

// slice finds the slice that a manifest names: by UID, or by the source's name.
func (m *ownMask) slice(t *target) (i int, by By, reason string) {
	if i, ok := t.byUID(m.uid, m.frame); ok {
		return i, ByUID, ""
	}
	if m.uid != "" {
		return 0, "", "the export that it is of was made of other images"
	}
	source := m.source
	if m.frame > 0 {
		source = fmt.Sprintf("%s_%04d", bare(source), m.frame)
	}
	i, reason = t.byName(source)
	return i, ByName, reason
}
