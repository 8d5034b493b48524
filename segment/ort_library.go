package segment

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"groundglass/assets"
	"groundglass/assets/ortpin"

	"github.com/klauspost/compress/zstd"
)

// libraryEnv names a library that is used instead of the bundled one: a build with a GPU, say.
const libraryEnv = "GROUNDGLASS_ORT"

// findLibrary returns the path of the ONNX Runtime library: what GROUNDGLASS_ORT names, else a library beside the
// executable, else the bundled one, unpacked to the user's cache or, where that cannot be written, to the temporary
// folder.
func findLibrary() (string, error) {
	if path := os.Getenv(libraryEnv); path != "" {
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("%s names a library that is not there: %w", libraryEnv, err)
		}
		return filepath.Abs(path)
	}
	pin, ok := ortpin.Current()
	if !ok {
		return "", fmt.Errorf("no library is bundled for %s/%s: set %s to the path of ONNX Runtime %s",
			runtime.GOOS, runtime.GOARCH, libraryEnv, ortpin.Version)
	}
	if exe, err := os.Executable(); err == nil {
		path := filepath.Join(filepath.Dir(exe), pin.File)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return unpackFirst(libraryFolders(pin), pin, assets.ONNXRuntime)
}

// libraryFolders lists the folders to unpack to, best first.
func libraryFolders(pin ortpin.Library) []string {
	name := "onnxruntime-" + pin.SHA256[:16]
	var dirs []string
	if cache, err := os.UserCacheDir(); err == nil {
		dirs = append(dirs, filepath.Join(cache, "groundglass", name))
	}
	return append(dirs, filepath.Join(os.TempDir(), fmt.Sprintf("groundglass-%d", os.Getuid()), name))
}

// unpackFirst unpacks to the first of dirs that can be written.
func unpackFirst(dirs []string, pin ortpin.Library, packed []byte) (string, error) {
	var errs []error
	for _, dir := range dirs {
		path, err := unpack(dir, pin, packed)
		if err == nil {
			return path, nil
		}
		errs = append(errs, err)
	}
	return "", fmt.Errorf("the bundled library could not be unpacked: %w", errors.Join(errs...))
}

// unpack returns the path of the unpacked library in dir, writing it unless it is there already with the pinned hash.
// Several processes may do so at once: each writes a file of its own and renames it to the same contents.
func unpack(dir string, pin ortpin.Library, packed []byte) (string, error) {
	if err := private(dir); err != nil {
		return "", err
	}
	path := filepath.Join(dir, pin.File)
	if data, err := os.ReadFile(path); err == nil && matches(data, pin.SHA256) {
		return path, nil
	}
	dec, err := zstd.NewReader(nil)
	if err != nil {
		return "", err
	}
	defer dec.Close()
	data, err := dec.DecodeAll(packed, nil)
	if err != nil || !matches(data, pin.SHA256) {
		return "", errors.New("the library inside this program is damaged: install the program again")
	}
	if err := replace(path, data); err != nil {
		// Where a library in use cannot be replaced (Windows), another process has just written the same one.
		if now, readErr := os.ReadFile(path); readErr != nil || !matches(now, pin.SHA256) {
			return "", err
		}
	}
	return path, nil
}

// private makes dir and sees to it that dir and its parent belong to this user, since only an owner may change a mode:
// a library in another user's folder could be exchanged between the check of its hash and its loading.
func private(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return errors.Join(os.Chmod(filepath.Dir(dir), 0o700), os.Chmod(dir, 0o700))
}

// replace writes data to path by way of a temporary file, so that nobody sees half of it.
func replace(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".unpack-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

func matches(data []byte, pin string) bool {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]) == pin
}
