package export

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// put makes files below a folder, and folders of the names that end in a slash.
func put(t *testing.T, dir string, names ...string) {
	t.Helper()
	for _, name := range names {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o755); err != nil {
				t.Fatal(err)
			}
			continue
		}
		write(t, path, []byte("x"))
	}
}

// What the manifest does not name is said, of whatever kind it is, and a folder once.
func TestVerifyNamesWhatIsNotOfTheExport(t *testing.T) {
	for _, c := range []struct {
		name, preset     string
		put              []string
		problem, remarks []string
	}{
		{"notes", "png", []string{"notes.txt"}, []string{"notes.txt is not in the manifest."}, nil},
		{"an archive", "png", []string{"all.tar.gz"}, []string{"all.tar.gz is not in the manifest."}, nil},
		{"no ending", "png", []string{"README"}, []string{"README is not in the manifest."}, nil},
		{"hidden", "png", []string{".mask.png"}, []string{".mask.png is not in the manifest."}, nil},
		{"beside the cases' manifests", "png", []string{"groundglass/other.json"}, []string{"groundglass/other.json is not in the manifest."}, nil},
		{"a folder of masks", "png", []string{"more/a_mask.png", "more/deep/b_mask.png"}, []string{"more/ is not in the manifest."}, nil},
		{"an empty folder", "coco", []string{"images/new/"}, []string{"images/new/ is not in the manifest."}, nil},
		{"an unfinished export", "png", []string{unfinished + "12ab/plan.json"}, []string{unfinished + "12ab/ is of an export that did not end: unless one is running, remove it."}, nil},
		{"what systems leave", "coco", []string{".DS_Store", "images/Thumbs.db", "desktop.ini", "._manifest"}, nil,
			[]string{".DS_Store, ._manifest, desktop.ini (and 1 more) is not of the export, and harmless."}},
		{"a copy by a system that loaders take", "png", []string{"._IM1_mask.png"}, []string{"._IM1_mask.png is not in the manifest."}, nil},
		{"what Ultralytics leaves", "yolo", []string{"labels/train.cache"}, nil, []string{"labels/train.cache is not of the export, and harmless."}},
		{"the same beside another preset", "coco", []string{"labels/train.cache"}, []string{"labels/ is not in the manifest."}, nil},
		{"what nnU-Net leaves", "nnunet", []string{"nnUNet_preprocessed/Dataset500/x.npz"}, nil, []string{"nnUNet_preprocessed/ is not of the export, and harmless."}},
		{"a case for nnU-Net", "nnunet", []string{"Dataset500_Groundglass/imagesTs/x_0000.nii.gz"}, []string{"Dataset500_Groundglass/imagesTs/ is not in the manifest."}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := PresetNamed(c.preset)
			if err != nil {
				t.Fatal(err)
			}
			dir, _ := mustWrite(t, p, several(1, []int{0}), Options{})
			put(t, dir, c.put...)
			r, err := Verify(context.Background(), dir)
			if err != nil || !slices.Equal(r.Problems, c.problem) || !slices.Equal(r.Remarks, c.remarks) {
				t.Errorf("it says %q and remarks %q, %v", r.Problems, r.Remarks, err)
			}
		})
	}
}

// Many strangers are counted.
func TestVerifyCountsManyStrangers(t *testing.T) {
	dir := export(t, Options{})
	for i := range maxProblems + 2 {
		put(t, dir, strings.Repeat("x", i+1))
	}
	r, err := Verify(context.Background(), dir)
	if n := len(r.Problems); err != nil || n != maxProblems+1 || r.Problems[n-1] != "2 more files or folders are not in the manifest." {
		t.Errorf("it says %q, %v", r.Problems, err)
	}
}
