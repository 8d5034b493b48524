package main

import (
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"groundglass/assets/ortpin"
)

const module = "groundglass"

// Libraries outside the standard one, by what they are for.
const (
	fynePath      = "fyne.io/fyne/v2"
	fyneAppPath   = "fyne.io/fyne/v2/app"
	glfwPath      = "github.com/go-gl/glfw/v3.4/glfw"
	dicomPath     = "github.com/suyashkumar/dicom"
	ortPath       = "github.com/yalue/onnxruntime_go"
	zstdPath      = "github.com/klauspost/compress/zstd"
	protowirePath = "google.golang.org/protobuf/encoding/protowire"
	plotPath      = "gonum.org/v1/plot"
	yamlPath      = "gopkg.in/yaml.v3"
)

// mayImport says what each package may import besides the standard library and its own subpackages: a path stands for
// itself, and for what is below it where it ends in "/...". A package without a row takes the one of its parent. This
// is the project's structure: change it on purpose only.
var mayImport = map[string][]string{
	"annotate/ct":           {},
	"annotate/ct/codec":     {},
	"annotate/ct/dicom":     {"annotate/ct/codec", dicomPath + "/..."},
	"annotate/ct/nifti":     {},
	"annotate/ct/tiff":      {},
	"annotate/ct/phantom":   {"annotate/ct"},
	"annotate":              {},
	"annotate/project":      {"annotate", "annotate/ct", "annotate/internal/turn"},
	"annotate/export":       {"annotate", "annotate/internal/turn", "annotate/internal/leak", "annotate/ct", "annotate/ct/dicom", "annotate/ct/nifti", "annotate/labels", "annotate/contour", "annotate/shape", dicomPath + "/...", "golang.org/x/image/..."},
	"annotate/contour":      {},
	"annotate/region":       {"annotate/contour"},
	"annotate/shape":        {},
	"annotate/labels":       {"annotate", "annotate/ct", "annotate/ct/dicom", "annotate/ct/nifti"},
	"annotate/deid":         {"annotate/ct/dicom", "annotate/internal/leak"},
	"segment":               {"annotate/ct", "assets", "assets/ortpin", ortPath, zstdPath, "golang.org/x/sys/cpu", yamlPath},
	"segment/connect":       {},
	"segment/metrics":       {},
	"segment/metrics/curve": {"segment/metrics", plotPath + "/..."},
	"segment/onnx":          {protowirePath},
	"segment/quantize":      {"segment", "segment/onnx", "segment/metrics"},
	"segment/train":         {"annotate/ct", "segment", "segment/onnx", "segment/metrics", "segment/metrics/curve"},
	"assets":                {},
	"assets/ortpin":         {},
	"assets/ortpin/fetch":   {"assets/ortpin", zstdPath},
	"ui":                    {fynePath + "/...", "annotate", "annotate/ct", "assets", "ui/..."},
	"app":                   {"annotate/...", "segment/...", "assets/...", "ui/...", "app/...", fynePath + "/...", glfwPath},
	"app/internal/xtest":    {"github.com/jezek/xgb/..."},
}

// mustNotReach lists what the imports of a top-level folder's packages must not lead to, however far away.
var mustNotReach = map[string][]string{
	"ui":      {fyneAppPath, ortPath, "groundglass/segment", "groundglass/annotate/export", "groundglass/annotate/project"},
	"segment": {fynePath, fyneAppPath},
}

// mustNotImport keeps parts of the standard library out: the document does no input and output of its own, so that it can be tested and fuzzed by itself.
var mustNotImport = map[string][]string{"annotate": {"os", "io/fs", "net/http"}}

// importers lists the only packages that may import what is dangerous or heavy.
var importers = map[string][]string{
	fyneAppPath: {"app/..."},
	glfwPath:    {"app"},
	ortPath:     {"segment"},
	dicomPath:   {"annotate/ct/dicom", "annotate/export"},
}

type listed struct {
	ImportPath string
	Imports    []string
	Deps       []string
	EmbedFiles []string
}

// name is the package's path within the module.
func (p listed) name() string { return strings.TrimPrefix(p.ImportPath, module+"/") }

// list runs `go list` in the module's root.
func list(t *testing.T, env []string, args ...string) []listed {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-e", "-json=ImportPath,Imports,Deps,EmbedFiles"}, args...)...)
	cmd.Dir, cmd.Env, cmd.Stderr = "..", append(os.Environ(), env...), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", cmd, err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// row is the row of mayImport that holds for a package.
func row(name string) ([]string, bool) {
	for {
		if r, ok := mayImport[name]; ok {
			return r, true
		}
		i := strings.LastIndexByte(name, '/')
		if i < 0 {
			return nil, false
		}
		name = name[:i]
	}
}

// covers tells whether an entry of a row stands for an imported path.
func covers(entry, path string) bool {
	if tree, ok := strings.CutSuffix(entry, "/..."); ok {
		return path == tree || strings.HasPrefix(path, tree+"/")
	}
	return path == entry
}

func TestImports(t *testing.T) {
	standard := map[string]bool{"C": true, "unsafe": true}
	for _, p := range list(t, nil, "std") {
		standard[p.ImportPath] = true
	}
	for _, p := range list(t, nil, "./...") {
		allowed, ok := row(p.name())
		if !ok {
			t.Errorf("%s has no place in the structure", p.name())
		}
		for _, i := range p.Imports {
			own := strings.TrimPrefix(i, module+"/")
			if standard[i] || strings.HasPrefix(i, p.ImportPath+"/") {
				continue
			}
			if !slices.ContainsFunc(allowed, func(entry string) bool { return covers(entry, own) }) {
				t.Errorf("%s must not import %s", p.name(), i)
			}
		}
		for what, who := range importers {
			may := slices.ContainsFunc(who, func(entry string) bool { return covers(entry, p.name()) })
			if slices.Contains(p.Imports, what) && !may {
				t.Errorf("%s imports %s: only %v may", p.name(), what, who)
			}
		}
		for _, i := range mustNotImport[p.name()] {
			if slices.Contains(p.Imports, i) {
				t.Errorf("%s must not import %s", p.name(), i)
			}
		}
		top, _, _ := strings.Cut(p.name(), "/")
		for _, far := range mustNotReach[top] {
			if slices.Contains(p.Deps, far) {
				t.Errorf("%s reaches %s", p.name(), far)
			}
		}
		if slices.Contains(p.Deps, fyneAppPath) && !strings.HasPrefix(p.name(), "app") {
			t.Errorf("%s reaches %s: only app may", p.name(), fyneAppPath)
		}
	}
}

// ONNX Runtime is used in the files segment/ort*.go alone.
func TestRuntimeFiles(t *testing.T) {
	files, err := filepath.Glob("../segment/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			path, _ := strconv.Unquote(i.Path.Value)
			if path == ortPath && !strings.HasPrefix(filepath.Base(file), "ort") {
				t.Errorf("%s imports %s", file, ortPath)
			}
		}
	}
}

// What neither opens a window nor runs a model builds without a C compiler.
func TestBuildsWithoutC(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the window's packages a second time")
	}
	args := []string{"build"}
	for _, p := range list(t, nil, "./...") {
		if !slices.Contains(p.Deps, ortPath) && p.name() != "app" {
			args = append(args, p.ImportPath)
		}
	}
	cmd := exec.Command("go", args...)
	cmd.Dir, cmd.Env = "..", append(os.Environ(), "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("CGO_ENABLED=0 %s: %v\n%s", cmd, err, out)
	}
}

// Each platform's binary carries its own ONNX Runtime and no other.
func TestEmbeddedRuntime(t *testing.T) {
	for _, l := range append(ortpin.Libraries, ortpin.Library{GOOS: "freebsd", GOARCH: "amd64"}) {
		var want []string
		if l.File != "" {
			want = []string{"ort_" + l.GOOS + "_" + l.GOARCH + ".zst"}
		}
		p := list(t, []string{"GOOS=" + l.GOOS, "GOARCH=" + l.GOARCH, "CGO_ENABLED=0"}, "./assets")[0]
		got := slices.DeleteFunc(p.EmbedFiles, func(f string) bool { return !strings.HasSuffix(f, ".zst") })
		if !slices.Equal(got, want) {
			t.Errorf("%s/%s carries %v, want %v", l.GOOS, l.GOARCH, got, want)
		}
	}
}

// The top level holds the product's parts, and what tools require there.
func TestTopLevel(t *testing.T) {
	allowed := []string{"app", "ui", "segment", "annotate", "assets", "go.mod", "go.sum", "FyneApp.toml", "README.md",
		"LICENSE", "Makefile", ".ci", ".git", ".gitignore"}
	ignored, err := os.ReadFile("../.gitignore")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(ignored)) {
		allowed = append(allowed, strings.Trim(line, "/\n"))
	}
	entries, err := os.ReadDir("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s does not belong at the top level", e.Name())
		}
	}
}
