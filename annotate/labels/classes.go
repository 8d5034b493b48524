package labels

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// The files that say what the numbers of classes stand for: YOLO's, and those beside
// VOC's masks, a name a line from the background on.
const (
	yoloNames = "data.yaml"
	vocNames  = "labels.txt"
	vocVoid   = 255 // what VOC's masks have for pixels of nothing that is known

	maxNames     = 1 << 20 // bytes
	maxClasses   = 1000
	foldersAbove = 3 // in which names are looked for
)

// classes are the names of classes in a file of a folder, or of one not far above it; nil
// where there is none.
func (in *intake) classes(dir, name string) map[int]string {
	if in.classFiles == nil {
		in.classFiles = map[string]map[int]string{}
	}
	for range foldersAbove + 1 {
		path := filepath.Join(dir, name)
		names, known := in.classFiles[path]
		if !known {
			names = readClasses(path)
			in.classFiles[path] = names
		}
		if len(names) > 0 || dir == filepath.Dir(dir) {
			return names
		}
		dir = filepath.Dir(dir)
	}
	return nil
}

// skipClasses passes over files of classes, which hold no labels.
func (in *intake) skipClasses(files []string) {
	for _, path := range files {
		if name := filepath.Base(path); name == yoloNames || name == vocNames {
			if len(in.classes(filepath.Dir(path), name)) > 0 {
				in.done[path] = true
			}
		}
	}
}

func readClasses(path string) map[int]string {
	f, err := os.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxNames))
	if err != nil {
		return nil
	}
	if filepath.Base(path) == vocNames {
		return linesOf(data)
	}
	return namesOfYAML(data)
}

// linesOf are the names of a list whose first one is the background.
func linesOf(data []byte) map[int]string {
	out := map[int]string{}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for k := 0; lines.Scan() && k < maxClasses; k++ {
		name := strings.TrimSpace(lines.Text())
		if k == 0 && plainly(name) != Background {
			return nil
		}
		if k > 0 && name != "" {
			out[k] = name
		}
	}
	return out
}

// namesOfYAML are the names of a data.yaml: a list or numbers with names, in lines of
// their own or in brackets. Of YAML no more than that is known.
func namesOfYAML(data []byte) map[int]string {
	out := map[int]string{}
	add := func(item string) {
		item = strings.TrimSpace(item)
		number, name, keyed := strings.Cut(item, ":")
		k, err := strconv.Atoi(strings.TrimSpace(number))
		if !keyed || err != nil {
			k, name = len(out), item
		}
		if name = unquoted(name); name != "" && k >= 0 && len(out) < maxClasses {
			out[k] = name
		}
	}
	lines := strings.Split(strings.ReplaceAll(string(data), "\r", ""), "\n")
	for n, line := range lines {
		rest, ok := strings.CutPrefix(line, "names:")
		if !ok {
			continue
		}
		if rest = strings.TrimSpace(uncommented(rest)); rest == "" {
			eachItem(lines[n+1:], add)
			return out
		}
		for _, line := range lines[n+1:] {
			if strings.ContainsAny(rest, "]}") {
				break
			}
			rest += " " + strings.TrimSpace(uncommented(line))
		}
		for _, item := range inBrackets(rest) {
			add(item)
		}
		return out
	}
	return out
}

// eachItem gives the lines of a block of YAML without their dashes.
func eachItem(lines []string, add func(string)) {
	for _, line := range lines {
		line = uncommented(line)
		item := strings.TrimSpace(line)
		switch {
		case item == "":
		case strings.HasPrefix(item, "- "):
			add(item[2:])
		case line[0] == ' ':
			add(item)
		default:
			return
		}
	}
}

// inBrackets are the items of a list in brackets or braces.
func inBrackets(text string) (items []string) {
	text = strings.Trim(strings.TrimSpace(text), "[]{}")
	start, quote := 0, rune(0)
	for k, r := range text {
		switch {
		case r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote = r
		case quote == 0 && r == ',':
			items = append(items, text[start:k])
			start = k + 1
		}
	}
	if strings.TrimSpace(text[start:]) != "" {
		items = append(items, text[start:])
	}
	return items
}

// uncommented is a line without a comment.
func uncommented(line string) string {
	quote := rune(0)
	for k, r := range line {
		switch {
		case r == quote:
			quote = 0
		case quote == 0 && (r == '"' || r == '\''):
			quote = r
		case quote == 0 && r == '#' && (k == 0 || line[k-1] == ' '):
			return line[:k]
		}
	}
	return line
}

// unquoted is a name without its quotes.
func unquoted(name string) string {
	name = strings.TrimSpace(name)
	var out string
	if strings.HasPrefix(name, `"`) && json.Unmarshal([]byte(name), &out) == nil {
		return out
	}
	if len(name) > 1 && name[0] == '\'' && name[len(name)-1] == '\'' {
		return strings.ReplaceAll(name[1:len(name)-1], "''", "'")
	}
	return name
}
