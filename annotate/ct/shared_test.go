package ct

import (
	"os/exec"
	"testing"

	"groundglass/annotate/internal/testkit"
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
	return testkit.Data(t, "dicom")
}
