package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate/deid"
)

var identifyCommand = command{
	name: "identify", args: "PSEUDONYM... [--key FILE] [--json]",
	summary: "Says what pseudonyms stand for, to who has the key",
	notes: "A PSEUDONYM is a patient's (p and eight hexadecimal digits), a UID, the folder of a series (s and eight digits), the name of a\n" +
		"case or the path of a file that was written without the identity. Nothing is written. What is printed is of patients: mind\n" +
		"where it goes.",
	prepare: func(p *Program, f *flag.FlagSet) action {
		var key string
		keyFlag(f, &key)
		asJSON := jsonFlag(f)
		return func(_ context.Context, args []string) error {
			if len(args) == 0 {
				return wrongUse("a pseudonym is needed")
			}
			return p.identify(args, key, *asJSON)
		}
	},
}

// identified is what a pseudonym stands for.
type identified struct {
	Pseudonym string `json:"pseudonym"`
	Kind      string `json:"kind"` // patient, uid, series or file
	Original  string `json:"original"`
}

func (p *Program) identify(asked []string, key string, asJSON bool) error {
	if key = p.keyFile(key); key == "" {
		return errors.New("name the key with --key")
	}
	var all []string
	of := map[string][]string{}
	for _, a := range asked {
		of[a] = pseudonymsIn(a)
		all = append(all, of[a]...)
	}
	origins, err := deid.Origins(key, all)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no key %s: name another one with --key", key)
	} else if err != nil {
		return err
	}
	found, known := []identified{}, map[string]bool{}
	for _, o := range origins {
		known[o.Pseudonym] = true
		found = append(found, identified{o.Pseudonym, o.Kind, o.From})
	}
	if asJSON {
		err = p.printJSON(found)
	} else {
		for _, o := range found {
			fmt.Fprintf(p.Stdout, "%s: %s %s\n", o.Pseudonym, o.Kind, oneLine(o.Original))
		}
	}
	for _, a := range asked {
		if !slices.ContainsFunc(of[a], func(s string) bool { return known[s] }) {
			err = errors.Join(err, fmt.Errorf("%s is not in the key %s", oneLine(a), key))
		}
	}
	return err
}

// pseudonymsIn are a text and the parts of it that may be pseudonyms: of a path and of a case's name.
func pseudonymsIn(text string) []string {
	path := filepath.ToSlash(text)
	out := []string{text}
	parts := strings.Split(path, "/")
	if n := len(parts); n > 2 { // files are named by the last three
		out = append(out, strings.Join(parts[n-3:], "/"))
	}
	for _, part := range parts {
		out = append(out, strings.Split(part, "_")...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
