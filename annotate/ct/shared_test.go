package ct

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// python is where Debian's python3-pydicom and python3-nibabel, the judges, are
// installed.
const python = "/usr/bin/python3"

// needPython skips a test whose judge is not installed.
func needPython(t testing.TB, module string) {
	t.Helper()
	if err := exec.Command(python, "-c", "import "+module).Run(); err != nil {
		t.Skipf("python3-%s, the judge of this test, is not installed", module)
	}
}

// sharedData finds the folder of real DICOM data beside the repository.
func sharedData(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("there is no go.mod above the test")
		}
	}
	data := filepath.Join(dir, "..", "shared", "data", "dicom")
	if _, err := os.Stat(data); err != nil {
		t.Skip("the real data (../shared/data) is not here")
	}
	return data
}
