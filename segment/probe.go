package segment

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"
)

// ONNX Runtime ends the whole program on some damaged models: a stride of zero
// is a division by zero. A model from elsewhere is therefore loaded and run in
// a process of its own first, which is this program again with an environment
// variable set.

// probeEnv makes the program try the model on its standard input and end.
const probeEnv = "GROUNDGLASS_PROBE"

func init() {
	if os.Getenv(probeEnv) == "" {
		return
	}
	limitMemory()
	if err := tryModel(os.Stdin); err != nil {
		fmt.Print(err)
		os.Exit(probeRefused)
	}
	os.Exit(0)
}

const (
	probeRefused = 3        // exit status where standard output says why
	probeMemory  = 12 << 30 // address space, bytes; memoryLimit and what a program needs without a model
	probeLimit   = loadLimit + sliceLimit
)

// tryModel loads the model in r, a card's text after its length and then the
// file, and runs it once.
func tryModel(r io.Reader) error {
	var n uint32
	if err := binary.Read(r, binary.LittleEndian, &n); err != nil {
		return err
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return err
	}
	card, err := ParseCard(text)
	if err != nil {
		return err
	}
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := LoadWith(data, LoadOptions{Card: card, Device: deviceCPU})
	if err != nil {
		return err
	}
	_, err = m.run(context.Background(), m.trialSide(), m.trialPictures()...)
	return err
}

// probe tries a model in a process of its own.
func probe(data []byte, card Card) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("the model cannot be tried: %w", err)
	}
	text, err := card.Encode()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), probeLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), probeEnv+"=1")
	cmd.WaitDelay = time.Second
	head := binary.LittleEndian.AppendUint32(nil, uint32(len(text)))
	cmd.Stdin = io.MultiReader(bytes.NewReader(head), bytes.NewReader([]byte(text)), bytes.NewReader(data))
	out, err := cmd.Output()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("the model was stopped: it took more than %v to try", probeLimit)
	case errors.As(err, &exit) && exit.ExitCode() == probeRefused:
		return errors.New(string(out))
	case errors.As(err, &exit):
		return errors.New("the model is damaged: ONNX Runtime breaks on it")
	}
	return fmt.Errorf("the model cannot be tried: %w", err)
}
