package export

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// leaks looks through all bytes of a case's files, and their names, for the
// patient's name and ID and for the UIDs of its images. It is for exports without the
// identity, and an error says what tells it.
func leaks(dir string, c *Case, e *CaseEntry) error {
	secret := secretsOf(c, e)
	for _, f := range e.Files {
		if what := told(strings.NewReader(f.File), secret); what != nil {
			return fmt.Errorf("the name of the file %s %w", f.File, what)
		}
		if err := leaksIn(filepath.Join(dir, filepath.FromSlash(f.File)), secret); err != nil {
			return fmt.Errorf("%s %w", f.File, err)
		}
	}
	data, err := indented(e)
	if err != nil {
		return err
	}
	if what := told(bytes.NewReader(data), secret); what != nil {
		return fmt.Errorf("the manifest of %s %w", e.Case, what)
	}
	return nil
}

// secretsOf are the words that must not leave, in lower case, by what they are. What
// exports have on purpose is none, such as the words of a pseudonym, and neither are short
// numbers, which would be found among counts of pixels.
func secretsOf(c *Case, e *CaseEntry) map[string]string {
	out := map[string]string{}
	own := ownWords(c, e)
	for _, w := range secretWords(c) {
		if own[w] {
			continue // as a patient may be called Mask
		}
		if strings.Trim(w, "0123456789") != "" || len(w) > 6 {
			out[w] = "the patient's name or ID"
		}
	}
	for _, uid := range []string{c.Series.UID, c.Series.StudyUID, c.Series.FrameOfReferenceUID} {
		out[uid] = "a UID of the images"
	}
	for _, s := range c.Series.Sources {
		out[s.SOPInstanceUID] = "a UID of the images"
	}
	delete(out, "")
	return out
}

// leaksIn looks through a file; of a compressed volume, through its header. In pixels,
// short words come up by chance, and are looked for in the beginning alone.
func leaksIn(path string, secret map[string]string) error {
	f, err := os.Open(path)
	if err != nil {
		return errors.New("cannot be read")
	}
	defer f.Close()
	switch filepath.Ext(path) {
	case ".json", ".jsonl", ".csv", ".txt", ".yaml":
		return told(f, secret)
	case ".gz":
		z, err := gzip.NewReader(f)
		if err != nil {
			return fmt.Errorf("is damaged: %w", err)
		}
		return told(io.LimitReader(z, headerBytes), secret)
	}
	if err := told(io.LimitReader(f, headerBytes), secret); err != nil {
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return errors.New("cannot be read")
	}
	return told(f, long(secret))
}

// headerBytes are the bytes of a file of pixels that tell of it.
const headerBytes = 512

// long are the secrets that do not come up in pixels by chance.
func long(secret map[string]string) map[string]string {
	out := map[string]string{}
	for w, what := range secret {
		if len(w) >= 6 {
			out[w] = what
		}
	}
	return out
}

// told finds a secret among the words of a text, or of any bytes. The error completes a
// sentence.
func told(r io.Reader, secret map[string]string) error {
	words := bufio.NewScanner(r)
	words.Buffer(nil, 1<<20)
	words.Split(splitWords)
	for words.Scan() {
		whole := strings.Trim(strings.ToLower(words.Text()), ".")
		if what, ok := secret[whole]; ok {
			return fmt.Errorf("tells %s", what)
		}
		if len(whole) > longestName || !strings.ContainsRune(whole, '.') {
			continue
		}
		for part := range strings.SplitSeq(whole, ".") {
			if what, ok := secret[part]; ok {
				return fmt.Errorf("tells %s", what)
			}
		}
	}
	return words.Err()
}

// longestWord bounds the runs of bytes that are taken as a word: longer ones are cut;
// longestName is that of a UID or a file's name.
const (
	longestWord = 1024
	longestName = 255
)

// splitWords is a bufio.SplitFunc for words, and for UIDs, which have dots in them.
func splitWords(data []byte, atEOF bool) (advance int, token []byte, err error) {
	start := 0
	for start < len(data) && !isWord(data[start]) {
		start++
	}
	end := start
	for end < len(data) && isWord(data[end]) && end-start < longestWord {
		end++
	}
	if end == len(data) && !atEOF && end-start < longestWord {
		return start, nil, nil
	}
	if end == start {
		return end, nil, nil
	}
	return end, data[start:end], nil
}

// isWord tells the bytes of words. Those of other alphabets are taken as letters.
func isWord(b byte) bool {
	return b == '.' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= 0x80
}
