package ct

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"groundglass/annotate/internal/testkit"
)

const (
	tableFile   = "GROUNDGLASS_TEST_TABLE" // where TestEveryFileIsRightOrRefused writes its table
	visitedDir  = "GROUNDGLASS_TEST_VISIT" // a folder with the list of files that the child process opens
	visitedList = "files.json"             // in it
	visitedOut  = "outcomes.jsonl"         // written to it, one outcome a line
	visitedRaw  = "values"                 // written to it, as testdata/judge.py does
)

// outcome is what became of one file: its frames, or the reason of its refusal.
type outcome struct {
	Syntax        string
	Rows, Columns int
	Frames        []int // numbers of the frames that were decoded, from 0
	Offset        int64 // of the first frame's values
	Refused       string
}

// verdict is what the judge says of one file.
type verdict struct {
	Judge                 string
	Frames, Rows, Columns int
	Slope                 float64
	Offset                int64
	Nothing               string // why there is nothing to compare
}

// rightRefusals are parts of the reasons for which files are refused although
// they hold grey pixels that a judge can read.
var rightRefusals = []string{
	"a segmentation", "a label map", "a radiotherapy dose", "a localizer",
	"(retired) is not supported", "the file is damaged",
}

// TestEveryFileIsRightOrRefused opens each file of the real data by itself, in a
// process with bounded memory, and compares every pixel with what an independent
// program reads. A file is either the same to the last pixel or refused with a
// reason; what the judge can read is refused for a known reason only.
func TestEveryFileIsRightOrRefused(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the address space can be limited on Linux only")
	}
	data := sharedData(t)
	needPython(t, "pydicom")
	for _, tool := range []string{"gdcmconv", "dcmdjpeg", "zstd"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the program %s, which this test needs, is not installed", tool)
		}
	}
	names, paths := everyFile(t, data)
	outcomes, ours := visitAll(t, paths)
	verdicts, judged := judgeAll(t, paths)
	rows := make([]string, len(names))
	opened := 0
	for i, o := range outcomes {
		result, why := compare(o, verdicts[i], ours, judged)
		if result == wrong {
			t.Errorf("%s: %s", names[i], why)
		}
		if o.Refused == "" {
			opened++
		}
		rows[i] = fmt.Sprintf("| %s | %s | %s |\n", names[i], result, strings.ReplaceAll(why, "|", `\|`))
	}
	t.Logf("%d files: %d opened, %d refused", len(names), opened, len(names)-opened)
	if opened < 120 || len(names) < 300 {
		t.Errorf("only %d of %d files were opened", opened, len(names))
	}
	writeTable(t, fmt.Sprintf("%d files: %d opened, %d refused.\n\n| file | outcome | judge or reason |\n| --- | --- | --- |\n%s",
		len(names), opened, len(names)-opened, strings.Join(rows, "")))
}

func writeTable(t *testing.T, text string) {
	path := os.Getenv(tableFile)
	if path == "" {
		return
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		t.Fatal(err)
	}
	writeFile(t, path, []byte(text))
}

// everyFile lists the files below a folder; those packed with zstd a second time,
// unpacked.
func everyFile(t *testing.T, data string) (names, paths []string) {
	unpacked := t.TempDir()
	err := filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		name, err := filepath.Rel(data, path)
		if err != nil {
			return err
		}
		names, paths = append(names, name), append(paths, path)
		if strings.HasSuffix(name, ".zst") {
			content, err := exec.Command("zstd", "-dcq", path).Output()
			if err != nil {
				return err
			}
			to := filepath.Join(unpacked, filepath.Base(strings.TrimSuffix(path, ".zst")))
			names, paths = append(names, name+", unpacked"), append(paths, to)
			return os.WriteFile(to, content, 0o666)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names, paths
}

// visitAll opens files in a process with bounded memory and returns their
// outcomes and values.
func visitAll(t *testing.T, paths []string) ([]outcome, []byte) {
	dir := t.TempDir()
	list, err := json.Marshal(paths)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, visitedList), list)
	testkit.Bounded(t, "TestVisitChild", visitedDir+"="+dir, 0)
	f, err := os.Open(filepath.Join(dir, visitedOut))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var outcomes []outcome
	lines := json.NewDecoder(bufio.NewReader(f))
	for range paths {
		var o outcome
		if err := lines.Decode(&o); err != nil {
			t.Fatal(err)
		}
		outcomes = append(outcomes, o)
	}
	values, err := os.ReadFile(filepath.Join(dir, visitedRaw))
	if err != nil {
		t.Fatal(err)
	}
	return outcomes, values
}

// TestVisitChild opens each file of a list; it is run by
// TestEveryFileIsRightOrRefused in a process with bounded memory.
func TestVisitChild(t *testing.T) {
	dir := os.Getenv(visitedDir)
	if dir == "" {
		t.Skip("run by TestEveryFileIsRightOrRefused")
	}
	list, err := os.ReadFile(filepath.Join(dir, visitedList))
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	if err := json.Unmarshal(list, &paths); err != nil {
		t.Fatal(err)
	}
	var lines, values bytes.Buffer
	raw, err := os.Create(filepath.Join(dir, visitedRaw))
	if err != nil {
		t.Fatal(err)
	}
	offset := int64(0)
	for _, path := range paths {
		values.Reset()
		fmt.Println("opening", path) // the last one, should the process end here
		o := visit(path, &values)
		o.Offset = offset
		if err := json.NewEncoder(&lines).Encode(o); err != nil {
			t.Fatal(err)
		}
		n, err := raw.Write(values.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		offset += int64(n)
	}
	if err := raw.Close(); err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(dir, visitedOut), lines.Bytes())
}

// visit opens one file and appends its frames' values, in the order of their
// numbers.
func visit(path string, values *bytes.Buffer) (o outcome) {
	found, err := Open(context.Background(), []string{path}, nil)
	if err != nil {
		return outcome{Refused: err.Error()}
	}
	for _, l := range found.LeftOut {
		if l.File == path {
			return outcome{Refused: l.Reason}
		}
	}
	if len(found.Series) == 0 || found.Series[0].Sources[0].File != path {
		return outcome{Refused: "a DICOM directory, in whose place its files are looked at"}
	}
	s := found.Series[0]
	o = outcome{Syntax: s.TransferSyntaxes[0], Rows: s.Rows, Columns: s.Columns}
	index := map[int]int{}
	for i, src := range s.Sources {
		o.Frames = append(o.Frames, max(0, src.Frame-1))
		index[max(0, src.Frame-1)] = i
	}
	slices.Sort(o.Frames)
	for _, frame := range o.Frames {
		v, err := s.Slice(index[frame])
		if err != nil {
			return outcome{Refused: strings.TrimPrefix(err.Error(), path+": ")}
		}
		if err := binary.Write(values, binary.LittleEndian, v.HU); err != nil {
			panic(err)
		}
		pad := make([]byte, len(v.HU))
		for p := range v.Pad {
			if v.Pad[p] {
				pad[p] = 1
			}
		}
		values.Write(pad)
	}
	return o
}

// judgeAll lets independent programs read files and returns what they say.
func judgeAll(t *testing.T, paths []string) ([]verdict, []byte) {
	list, err := json.Marshal(paths)
	if err != nil {
		t.Fatal(err)
	}
	raw := filepath.Join(t.TempDir(), "values")
	cmd := exec.Command("sh", "-c", `ulimit -v 600000 && exec "$0" testdata/judge.py "$1"`, python, raw)
	cmd.Stdin, cmd.Stderr = bytes.NewReader(list), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var verdicts []verdict
	if err := json.Unmarshal(out, &verdicts); err != nil {
		t.Fatal(err)
	}
	values, err := os.ReadFile(raw)
	if err != nil {
		t.Fatal(err)
	}
	return verdicts, values
}

const wrong = "WRONG"

// compare words the last columns of a row of the table: the outcome, which is
// wrong where it is not what it should be, and the judge or the reason.
func compare(o outcome, v verdict, ours, judged []byte) (result, why string) {
	switch {
	case o.Refused != "" && v.Judge != "" && !slices.ContainsFunc(rightRefusals, func(s string) bool { return strings.Contains(o.Refused, s) }):
		return wrong, fmt.Sprintf("refused although %s reads it: %s", v.Judge, o.Refused)
	case o.Refused != "":
		return "refused", o.Refused
	case v.Judge == "":
		return wrong, "opened, and no judge reads it: " + v.Nothing
	case len(o.Frames) != v.Frames || o.Rows != v.Rows || o.Columns != v.Columns:
		return wrong, fmt.Sprintf("%d frames of %dx%d, %s has %d of %dx%d",
			len(o.Frames), o.Columns, o.Rows, v.Judge, v.Frames, v.Columns, v.Rows)
	}
	what := fmt.Sprintf("%s, %d x %d x %d", v.Judge, o.Columns, o.Rows, v.Frames)
	size := 3 * o.Rows * o.Columns
	a, b := ours[o.Offset:][:size*v.Frames], judged[v.Offset:][:size*v.Frames]
	if bytes.Equal(a, b) {
		return "identical", what
	}
	different, far := 0, 0.0
	for ; len(a) > 0; a, b = a[size:], b[size:] {
		d, f := difference(a[:size], b[:size])
		different, far = different+d, max(far, f)
	}
	why = fmt.Sprintf("%s; %d pixels differ, by up to %g HU", what, different, far)
	// Inverse cosine transforms may round differently (ITU-T T.83).
	if lossyJPEG := o.Syntax == "1.2.840.10008.1.2.4.50" || o.Syntax == "1.2.840.10008.1.2.4.51"; lossyJPEG && far <= v.Slope {
		return "within 1", why
	}
	return wrong, why
}

// difference compares the values and the padding of one frame.
func difference(a, b []byte) (different int, far float64) {
	pixels := len(a) / 3
	for p := range pixels {
		d := int(int16(binary.LittleEndian.Uint16(a[2*p:]))) - int(int16(binary.LittleEndian.Uint16(b[2*p:])))
		if d != 0 || a[2*pixels+p] != b[2*pixels+p] {
			different++
		}
		far = max(far, math.Abs(float64(d)))
	}
	return different, far
}
