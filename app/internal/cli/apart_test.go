package cli

import (
	"os"
	"path/filepath"
	"testing"
)

// What is written is kept apart from what it is made of, and the key from what leaves, wherever links lead.
func TestApart(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	images := filepath.Join(dir, "images")
	if err := os.Mkdir(images, 0o777); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(other, "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Skip("skipped: links to folders cannot be made here")
	}
	if err := os.Symlink(filepath.Join(dir, "out"), filepath.Join(other, "hanging")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ source, dir, key, want string }{
		"apart":                {images, filepath.Join(dir, "out"), filepath.Join(dir, "key"), ""},
		"a name that is alike": {images, images + "2", filepath.Join(dir, "key"), ""},
		"the key within":       {images, filepath.Join(dir, "out"), filepath.Join(dir, "out", "k", "key"), "leave with it"},
		"by a link":            {images, filepath.Join(dir, "out"), filepath.Join(link, "out", "key"), "leave with it"},
		"by a link to nothing": {images, filepath.Join(dir, "out"), filepath.Join(other, "hanging", "key"), "leave with it"},
		"within the source":    {images, filepath.Join(images, "out"), "", "read as a part of it"},
		"both by a link":       {images, filepath.Join(link, "images", "a", "out"), "", "read as a part of it"},
		"the source itself":    {images, filepath.Join(link, "images"), "", "made of"},
		"the source within":    {images, dir, "", "lies in"},
	} {
		err := apart([]string{c.source}, c.dir, c.key)
		if (err == nil) != (c.want == "") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if err != nil {
			called{1, "", err.Error()}.want(t, 1, "", c.want)
		}
	}
}

// Nothing is written where folders or the key would mix, and no key is made.
func TestCommandsKeepApart(t *testing.T) {
	_, images := patient(t, phantomOptions)
	before := names(t, images)
	out := filepath.Join(t.TempDir(), "out")
	for _, command := range [][]string{{"deidentify"}, {"export", "--model", model(t)}, {"import", "--labels", model(t)}} {
		call(t, append(command, images, "-o", out, "--key", filepath.Join(out, "key"))...).want(t, 1, "", "leave with it")
		call(t, append(command, images, "-o", filepath.Join(images, "out"))...).want(t, 1, "", "read as a part of it")
		call(t, append(command, images, "-o", filepath.Dir(images))...).want(t, 1, "", "")
	}
	if _, err := os.Stat(out); err == nil || len(names(t, images)) != len(before) {
		t.Error("something was written")
	}
}
