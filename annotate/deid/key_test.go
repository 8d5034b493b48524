package deid

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
)

// Programs that begin at once share one key, and all that they met is in its file.
func TestKeyOfSeveralPrograms(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "identity.key")
	uids := make([]string, 8)
	var all sync.WaitGroup
	for i := range uids {
		all.Go(func() {
			k, err := OpenKey(path)
			if err != nil {
				t.Error(err)
				return
			}
			uids[i] = k.UID("1.2.3")
			k.Patient("ID-" + string(rune('a'+i)))
			if err := k.Flush(); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, uid := range uids {
		if uid != uids[0] || !regexp.MustCompile(`^2\.25\.[1-9][0-9]{0,38}$`).MatchString(uid) {
			t.Fatalf("the UIDs are %q", uids)
		}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range uids {
		if !bytes.Contains(data, []byte(`"from":"ID-`+string(rune('a'+i))+`"`)) {
			t.Errorf("the file does not lead back to patient %d", i)
		}
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("others may read the key: %v, %v", info.Mode(), err)
	}
	again, err := OpenKey(path)
	if err != nil || again.UID("1.2.3") != uids[0] {
		t.Errorf("opened again, the key makes %s, %v", again.UID("1.2.3"), err)
	}
	if other := NewKey(); other.UID("1.2.3") == uids[0] || other.Patient("ID-a") == again.Patient("ID-a") {
		t.Error("another key makes the same")
	}
}

func TestKeyOfTheStandardsOwn(t *testing.T) {
	k := NewKey()
	for _, uid := range []string{"", "1.2.840.10008.1.2.1", "1.2.840.10008.5.1.4.1.1.2"} {
		if k.UID(uid) != uid {
			t.Errorf("%q becomes %q", uid, k.UID(uid))
		}
	}
	for range 100 {
		if d := k.Days(k.Patient("x")); d > -30 || d < -5*365 {
			t.Errorf("dates move by %d days", d)
		}
	}
}

func TestDamagedKeyIsRefused(t *testing.T) {
	for _, text := range []string{"", "{}", `{"groundglass_key":"1","secret":"00"}` + "\n", "\x00\xff", `{"groundglass_key":"9","secret":"` + strings.Repeat("00", 32) + `"}`} {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenKey(path); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%q is taken for a key: %v", text, err)
		}
	}
}
