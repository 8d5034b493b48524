// Command fetch fetches the pinned ONNX Runtime libraries through npm (no install scripts run) and its licence texts
// through pip, checks every hash, and writes the libraries zstd-compressed for go:embed. It runs in the assets folder,
// by `go generate ./assets`; nothing else in the build needs npm, pip or a network.
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path"
	"path/filepath"

	"groundglass/assets/ortpin"

	"github.com/klauspost/compress/zstd"
)

func main() {
	log.SetFlags(0)
	if err := run(); err != nil {
		log.Fatalf("fetch: %v", err)
	}
}

func run() error {
	tmp, err := os.MkdirTemp("", "ort")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	if err := libraries(tmp); err != nil {
		return err
	}
	return texts(tmp)
}

// libraries writes ort_OS_ARCH.zst for every pinned library.
func libraries(tmp string) error {
	tgz, err := download(tmp, "*.tgz", "npm", "pack", "--silent", "--ignore-scripts", ortpin.Tarball)
	if err != nil {
		return err
	}
	h := sha512.Sum512(tgz)
	if got := "sha512-" + base64.StdEncoding.EncodeToString(h[:]); got != ortpin.Integrity {
		return fmt.Errorf("%s has integrity %s, pinned is %s", ortpin.Tarball, got, ortpin.Integrity)
	}
	gz, err := gzip.NewReader(bytes.NewReader(tgz))
	if err != nil {
		return err
	}
	left := map[string]ortpin.Library{}
	for _, l := range ortpin.Libraries {
		left[l.Path] = l
	}
	for tr := tar.NewReader(gz); len(left) > 0; {
		hd, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("%s lacks %v", ortpin.Tarball, left)
		}
		if err != nil {
			return err
		}
		l, ok := left[hd.Name]
		if !ok {
			continue
		}
		delete(left, hd.Name)
		if err := library(l, tr); err != nil {
			return err
		}
	}
	return nil
}

// library checks one library and writes it compressed.
func library(l ortpin.Library, r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := check(l.Path, data, l.SHA256); err != nil {
		return err
	}
	z, err := compress(data)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("ort_%s_%s.zst", l.GOOS, l.GOARCH)
	log.Printf("%s: %d bytes, compressed from %d", name, len(z), len(data))
	return os.WriteFile(name, z, 0o644)
}

// compress uses the zstd program at its highest level where there is one , else the Go library's.
func compress(data []byte) ([]byte, error) {
	if _, err := exec.LookPath("zstd"); err != nil {
		enc, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedBestCompression))
		if err != nil {
			return nil, err
		}
		return enc.EncodeAll(data, nil), nil
	}
	cmd := exec.Command("zstd", "--ultra", "-22", "-q", "-c")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(data), os.Stderr
	return cmd.Output()
}

// texts writes the licence and the notices to onnxruntime/.
func texts(tmp string) error {
	whl, err := download(tmp, "*.whl", "python3", "-m", "pip", "download", "-q", "--no-deps", "--only-binary", ":all:",
		"--python-version", "3.11", "--platform", "manylinux_2_28_x86_64", ortpin.Wheel)
	if err != nil {
		return err
	}
	zr, err := zip.NewReader(bytes.NewReader(whl), int64(len(whl)))
	if err != nil {
		return err
	}
	for name, sum := range ortpin.Texts {
		f, err := zr.Open(path.Join("onnxruntime", name))
		if err != nil {
			return err
		}
		text, err := io.ReadAll(f)
		if err != nil {
			return err
		}
		if err := check(name, text, sum); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join("onnxruntime", name), text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// download runs a package client in dir and returns the one file matching pattern that it leaves there.
func download(dir, pattern, name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Stderr = dir, os.Stderr
	if err := cmd.Run(); err != nil {
		return nil, fmt.Errorf("%s: %w", cmd, err)
	}
	found, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil || len(found) != 1 {
		return nil, fmt.Errorf("%s left %d files %s, not one", cmd, len(found), pattern)
	}
	return os.ReadFile(found[0])
}

func check(name string, data []byte, pin string) error {
	if s := sha256.Sum256(data); hex.EncodeToString(s[:]) != pin {
		return fmt.Errorf("%s has sha256 %x, pinned is %s", name, s, pin)
	}
	return nil
}
