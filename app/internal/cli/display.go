package cli

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

// noDisplay says why no window can be opened; nil where one can. The display is called, since the window's toolkit ends
// the program where it does not answer.
func noDisplay() error {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		return nil
	}
	x, wayland := os.Getenv("DISPLAY"), os.Getenv("WAYLAND_DISPLAY")
	if x == "" && wayland == "" {
		return errors.New("there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set")
	}
	if wayland != "" && answers(waylandSocket(wayland)) {
		return nil
	}
	if x != "" {
		for _, address := range xServer(x) {
			if answers(address) {
				return nil
			}
		}
	}
	return fmt.Errorf("the display %s does not answer", strings.TrimSpace(x+" "+wayland))
}

// address is where a display listens.
type address struct{ network, name string }

// patience is how long a display may take to answer.
const patience = 3 * time.Second

func answers(a address) bool {
	c, err := net.DialTimeout(a.network, a.name, patience)
	if err != nil {
		return false
	}
	_ = c.Close()
	return true
}

// waylandSocket is the socket of a WAYLAND_DISPLAY.
func waylandSocket(name string) address {
	if !filepath.IsAbs(name) {
		name = filepath.Join(os.Getenv("XDG_RUNTIME_DIR"), name)
	}
	return address{"unix", name}
}

// xServer lists where the server of a DISPLAY, HOST:NUMBER.SCREEN, may listen: X(7). None where the name makes no sense.
func xServer(display string) []address {
	colon := strings.LastIndexByte(display, ':')
	if colon < 0 {
		return nil
	}
	host := display[:colon]
	number, _, _ := strings.Cut(display[colon+1:], ".")
	n, err := strconv.ParseUint(number, 10, 15)
	if err != nil {
		return nil
	}
	if host == "" || host == "unix" {
		socket := fmt.Sprintf("/tmp/.X11-unix/X%d", n)
		return []address{{"unix", socket}, {"unix", "@" + socket}}
	}
	return []address{{"tcp", net.JoinHostPort(strings.TrimPrefix(host, "tcp/"), strconv.FormatUint(6000+n, 10))}}
}
