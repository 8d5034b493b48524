package main

import (
	"errors"
	"io/fs"
	"os"
	"sync"

	"groundglass/annotate/deid"
)

// userKey is the key of pseudonyms that lies with the user's data. It is made when it
// is first needed. Its methods may be called from any goroutine.
type userKey struct {
	mu   sync.Mutex
	key  *deid.Key
	file string
	made bool // here, and that was not told yet
}

// open reads the key, or makes it.
func (u *userKey) open() (*deid.Key, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.key != nil {
		return u.key, nil
	}
	file, err := keyFile()
	if err != nil {
		return nil, err
	}
	_, absent := os.Stat(file)
	if u.key, err = deid.OpenKey(file); err != nil {
		return nil, err
	}
	u.file, u.made = file, errors.Is(absent, fs.ErrNotExist)
	return u.key, nil
}

// flush writes what the key met, by which its owner can go back. Made is true the first
// time after the key was made.
func (u *userKey) flush() (file string, made bool, err error) {
	key, err := u.open()
	if err != nil {
		return "", false, err
	}
	if err := key.Flush(); err != nil {
		return "", false, err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	made, u.made = u.made, false
	return u.file, made, nil
}

// place is where the key lies, or will; "" where there can be none.
func (u *userKey) place() (file string, there bool) {
	file, err := keyFile()
	if err != nil {
		return "", false
	}
	_, err = os.Stat(file)
	return file, err == nil
}
