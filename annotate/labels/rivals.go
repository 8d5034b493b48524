package labels

import (
	"hash/maphash"
	"path/filepath"
	"slices"
)

// seed is of the hashes of planes.
var seed = maphash.MakeSeed()

// rival is a volume that was found in a folder, and what it would bring to the slices.
type rival struct {
	path   string
	labels [4]uint64      // a bit for each
	planes map[int]uint64 // hashes of the labels by slice
	whole  bool           // it holds all labels of a case, as in sets to train on
}

// setFolders are those in which the sets of nnU-Net and Decathlon have a volume a case.
var setFolders = []string{"labelsTr", "labelsTs"}

const amongRivals = "it is one of several volumes of a folder that have labels on the same slices of the series, and not the same ones: " +
	"which of them is of the series cannot be told. Name its file, or more of them in the order in which they are to be laid over each other"

// skipRivals leaves out volumes of one folder that bring the same label to the same slices,
// but not to the same pixels: they may be of several patients, or by several readers. Those
// of different labels, a file each, belong together. Files that a manifest knows, or that
// were named one by one, are no rivals.
func (in *intake) skipRivals(files []string, folders map[string]string) error {
	candidates, groups, all := map[string][]string{}, map[string][]*rival{}, map[string]*rival{}
	scout := in.scout()
	for _, path := range files {
		if err := in.ctx.Err(); err != nil {
			return err
		}
		folder, found := folders[path]
		if _, known := in.own[path]; found && !known && !in.done[path] && scout.volume(path, scout.lies) {
			candidates[folder] = append(candidates[folder], path)
		}
	}
	for folder, paths := range candidates {
		for _, path := range paths {
			r := &rival{path: path, planes: map[int]uint64{}, whole: slices.Contains(setFolders, filepath.Base(filepath.Dir(path)))}
			if len(paths) > 1 && scout.volume(path, func(v *volume) bool { return scout.survey(v, r) }) {
				groups[folder], all[path] = append(groups[folder], r), r
			}
		}
	}
	for _, path := range files {
		if r := all[path]; r != nil && slices.ContainsFunc(groups[folders[path]], r.contests) {
			in.done[path] = true
			in.report.leave(path, "", amongRivals)
		}
	}
	return nil
}

// scout is an intake to look at files with beforehand, of which nothing stays.
func (in *intake) scout() *intake {
	return &intake{
		ctx: in.ctx, o: in.o, target: in.target, canvas: in.canvas, own: in.own, report: &Report{}, used: map[int]bool{},
		table: &table{labels: slices.Clone(in.table.labels), known: in.table.known},
	}
}

// volume looks at a file, and tells whether it is a volume and use says so, too. What is
// wrong with a file is told when it is read.
func (in *intake) volume(path string, use func(v *volume) bool) (yes bool) {
	in.file = path
	defer func() {
		if recover() != nil {
			yes = false
		}
	}()
	f, size, err := openRegular(path)
	if err != nil {
		return false
	}
	defer f.Close()
	v, known, err := in.openVolume(f, size)
	return known && err == nil && use(v)
}

// lies reports whether planes of a volume lie on slices.
func (in *intake) lies(v *volume) bool {
	on, _ := in.planesOf(v.image)
	return len(on) > 0
}

// survey reads what a volume would bring; false where it does not come in.
func (in *intake) survey(v *volume, r *rival) bool {
	on, labels, err := in.readVolume(v)
	if err != nil {
		return false
	}
	for _, label := range labels {
		if label != 0 {
			r.labels[label/64] |= 1 << (label % 64)
		}
	}
	for _, o := range on {
		r.planes[o.slice] = maphash.Bytes(seed, v.labelled(o, labels, in.canvas.pixels()))
	}
	return true
}

// contests reports whether two volumes cannot both be of the series.
func (r *rival) contests(o *rival) bool {
	if r == o || !(r.whole && o.whole) && !r.shares(o) {
		return false
	}
	for i, plane := range r.planes {
		if other, ok := o.planes[i]; ok && other != plane {
			return true
		}
	}
	return false
}

// shares reports whether two volumes have a label in common.
func (r *rival) shares(o *rival) bool {
	for k, bits := range r.labels {
		if bits&o.labels[k] != 0 {
			return true
		}
	}
	return false
}
