package deid

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Origin is what a pseudonym stands for.
type Origin struct {
	Pseudonym string
	Kind      string // patient, uid, series or file
	From      string // a patient without an ID has name and date of birth in two lines, and an ID its issuer in a second one
}

// Origins looks up in a key file what pseudonyms stand for: patients, UIDs, folders of
// series and files, in the order of the file. The file is only read. It knows what was
// written with it on the machines that share it.
func Origins(path string, pseudonyms []string) (out []Origin, err error) {
	if _, err := readKey(path); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	asked := map[string]bool{}
	for _, p := range pseudonyms {
		asked[p] = true
	}
	lines := newLines(io.LimitReader(f, keyLimit))
	seen := map[Origin]bool{}
	for {
		b, err := lines.next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("the key file %s cannot be read: %w", path, err)
		}
		var l keyLine
		if json.Unmarshal(b, &l) != nil || !asked[l.To] || l.Kind == "days" {
			continue // as of a line that a crash cut short
		}
		o := Origin{l.To, l.Kind, strings.TrimSpace(l.From)}
		if !seen[o] {
			seen[o] = true
			out = append(out, o)
		}
	}
}
