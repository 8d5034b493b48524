package cli

import (
	"path/filepath"
	"slices"

	"groundglass/annotate/project"
)

// onceEach are projects without those that are named again, which it tells.
func (p *Program) onceEach(all []namedProject) (out []namedProject) {
	for _, n := range all {
		same := func(o namedProject) bool { return folderOf(o) == folderOf(n) && (o.uid == n.uid || o.uid == "") }
		if slices.ContainsFunc(out, same) {
			p.warn("%s is named twice, and exported once", n.path)
			continue
		}
		out = append(out, n)
	}
	return out
}

// folderOf is where a project lies.
func folderOf(n namedProject) string {
	if filepath.Base(n.path) == project.DescriptionFile {
		return resolved(filepath.Dir(n.path))
	}
	return resolved(n.path)
}

// tellDoubles leaves images out that a project has work on, and tells of series that are there several times all the same.
func (p *Program) tellDoubles(s *exportSources) {
	worked, first := map[string]string{}, map[string]string{}
	for _, e := range s.all {
		if e.project != "" {
			worked[e.standIn.UID] = e.project
		}
	}
	s.all = slices.DeleteFunc(s.all, func(e exportSource) bool {
		uid, where := e.standIn.UID, e.where()
		by, twice := worked[uid], uid != "" && first[uid] != ""
		switch {
		case uid != "" && by != "" && e.project == "":
			p.warn("%s is left out: the project %s has the work on this series", where, by)
			return true
		case twice:
			p.warn("%s and %s are of the same series: each becomes a case", first[uid], where)
		default:
			first[uid] = where
		}
		return false
	})
}

// where is what a source is called in messages.
func (e *exportSource) where() string {
	switch {
	case e.project != "":
		return e.project
	case e.line != nil:
		return e.line.said
	}
	return filesOf(e.series)
}
