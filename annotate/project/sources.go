package project

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"slices"

	"groundglass/annotate/ct"
)

// hashFile is the SHA-256 of a file, in hexadecimal digits; "" where it cannot be
// read, or done is closed before.
func hashFile(path string, done <-chan struct{}) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	for {
		select {
		case <-done:
			return ""
		default:
		}
		if _, err := io.CopyN(h, f, 1<<20); errors.Is(err, io.EOF) {
			return hex.EncodeToString(h.Sum(nil))
		} else if err != nil {
			return ""
		}
	}
}

// hashFiles hashes the files of a series, each once, by path. Of images in an
// archive it hashes the archive.
func hashFiles(s *ct.Series, done <-chan struct{}) map[string]string {
	out := map[string]string{}
	for _, src := range s.Sources {
		path := ct.FullPath(src.File)
		if _, have := out[path]; !have {
			file := there(path)
			if _, have := out[file]; !have && file != "" {
				out[file] = hashFile(file, done)
			}
			out[path] = out[file]
		}
	}
	return out
}

// look hashes the files of a series, in the background. Hashes that the project
// has not yet are added to it; where they are others, changed is told of how many
// slices.
func (p *Project) look(id string, s *ct.Series, changed func(slices int)) {
	p.beside.Go(func() {
		now := hashFiles(s, p.done)
		p.mu.Lock()
		n, err := p.compare(id, s, now)
		p.mu.Unlock()
		if err == nil && n > 0 && changed != nil {
			changed(n)
		}
	})
}

func (p *Project) compare(id string, s *ct.Series, now map[string]string) (differ int, err error) {
	at := p.description.at(id)
	if at < 0 {
		return 0, nil
	}
	d := p.description
	d.Series = slices.Clone(d.Series)
	var added bool
	if d.Series[at].Sources, differ, added = d.Series[at].compare(s, now); added && p.held == "" {
		err = p.write(d)
	}
	return differ, err
}

// compare holds the sources of a series against its files' hashes by now: how many
// differ, and the sources with the hashes that they lacked, if any were added.
func (e SeriesEntry) compare(s *ct.Series, now map[string]string) (sources []SourceEntry, differ int, added bool) {
	if len(e.Sources) != s.Len() {
		return e.Sources, 0, false
	}
	sources = slices.Clone(e.Sources)
	for i, src := range s.Sources {
		hash, have := now[ct.FullPath(src.File)], &sources[i].SHA256
		switch {
		case hash == "":
		case *have == "":
			*have, added = hash, true
		case *have != hash:
			differ++
		}
	}
	return sources, differ, added
}
