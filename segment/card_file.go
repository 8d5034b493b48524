package segment

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"
)

// Endings of the file beside a model that may hold its card, in the order in
// which they are looked for.
var cardEndings = []string{".yaml", ".yml", ".json"}

// maxCardFile bounds a card's file, in bytes.
const maxCardFile = 1 << 16

// CardBeside reads the card in the file beside a model, model.yaml, model.yml
// or model.json for model.onnx. Without one it returns nil.
func CardBeside(model string) (*Card, error) {
	for _, ending := range cardEndings {
		file := strings.TrimSuffix(model, filepath.Ext(model)) + ending
		if _, err := os.Stat(file); err == nil && file != model {
			return CardFile(file)
		}
	}
	return nil, nil
}

// CardFile reads a card from a YAML or JSON file. What may be left out there, and
// what is then meant, is in CARD.md.
func CardFile(file string) (*Card, error) {
	text, err := readCardFile(file)
	if err != nil {
		return nil, err
	}
	c, err := ParseCard(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	if strings.TrimSpace(c.Name) == "" {
		base := filepath.Base(file)
		c.Name = strings.TrimSuffix(base, filepath.Ext(base))
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return c, nil
}

func readCardFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	var why *fs.PathError
	if errors.As(err, &why) {
		return nil, fmt.Errorf("the card %s cannot be read: %w", file, why.Err)
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxCardFile+1))
	if err == nil && len(text) > maxCardFile {
		err = fmt.Errorf("more than %d bytes", maxCardFile)
	}
	if err != nil {
		return nil, fmt.Errorf("the card %s cannot be read: %w", file, err)
	}
	return text, nil
}

// ParseCard reads a card's text, YAML or JSON, and fills in the schema and a
// threshold of 0.5 where they are left out. A field that is none of a card's is
// an error, so that a misspelt one does not go unnoticed.
func ParseCard(text []byte) (*Card, error) {
	var any map[string]any
	if err := yaml.Unmarshal(text, &any); err != nil { // JSON is YAML
		return nil, fmt.Errorf("the card is neither YAML nor JSON: %w", err)
	}
	if len(any) == 0 {
		return nil, errors.New("the card is empty")
	}
	plain, err := json.Marshal(any)
	if err != nil {
		return nil, fmt.Errorf("the card cannot be read: %w", err)
	}
	c := Card{Schema: CardSchema, Threshold: 0.5}
	d := json.NewDecoder(bytes.NewReader(plain))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return nil, fmt.Errorf("the card cannot be read: %s", strings.TrimPrefix(err.Error(), "json: "))
	}
	return &c, nil
}
