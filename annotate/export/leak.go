package export

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"groundglass/annotate/internal/leak"
)

// leaks looks through all bytes of a case's files, and their names, for the
// patient's name and ID, however they are spelt, and for the UIDs of its images. It is
// for exports without the identity d, and an error says what tells it.
func leaks(dir string, c *Case, e *CaseEntry, d Identity) error {
	secret := secretsOf(c, e, d)
	for _, f := range e.Files {
		if what := secret.in([]byte(f.File), leak.InTexts); what != nil {
			return fmt.Errorf("the name of the file %s %w", f.File, what)
		}
		if err := secret.inFile(filepath.Join(dir, filepath.FromSlash(f.File))); err != nil {
			return fmt.Errorf("%s %w", f.File, err)
		}
	}
	data, err := indented(e)
	if err != nil {
		return err
	}
	if what := secret.in(data, leak.InTexts); what != nil {
		return fmt.Errorf("the manifest of %s %w", e.Case, what)
	}
	return nil
}

// secrets are values that must not leave.
type secrets struct {
	finder *leak.Finder
	what   []string // each of them is
}

// newSecrets makes secrets of values by what they are.
func newSecrets(values map[string]string) *secrets {
	var s secrets
	var all []string
	for v, what := range values {
		all, s.what = append(all, v), append(s.what, what)
	}
	s.finder = leak.New(all)
	return &s
}

// secretsOf are the values of a case that must not leave. What exports have on purpose is
// none, such as the words of a pseudonym, and neither are short numbers, which would be
// found among counts of pixels.
func secretsOf(c *Case, e *CaseEntry, d Identity) *secrets {
	out := map[string]string{}
	own := ownWords(c, e)
	if d.done {
		for _, w := range leak.Words(c.Series.Patient.ID + " " + c.Series.Patient.Name) {
			own[leak.Fold(w)] = true
		}
	}
	for _, v := range append(secretWords(c), wholeSecrets(c)...) {
		if !slices.ContainsFunc(leak.Words(v), func(w string) bool { return !own[leak.Fold(w)] }) {
			continue // as a patient may be called Mask
		}
		if strings.Trim(leak.Fold(v), "0123456789") != "" || len(v) > 6 {
			out[v] = "the patient's name or ID"
		}
	}
	if d.done {
		return newSecrets(out)
	}
	for _, uid := range []string{c.Series.UID, c.Series.StudyUID, c.Series.FrameOfReferenceUID} {
		out[uid] = "a UID of the images"
	}
	for _, s := range c.Series.Sources {
		out[s.SOPInstanceUID] = "a UID of the images"
	}
	return newSecrets(out)
}

// in finds a secret in a text. The error completes a sentence.
func (s *secrets) in(text []byte, least int) error { return s.read(bytes.NewReader(text), least) }

// read is in for all that r holds.
func (s *secrets) read(r io.Reader, least int) (told error) {
	err := s.finder.Read(r, least, func(i int) { told = fmt.Errorf("tells %s", s.what[i]) })
	return errors.Join(told, err)
}
