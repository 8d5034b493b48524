package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"runtime/debug"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"
	"github.com/go-gl/glfw/v3.4/glfw"

	"groundglass/app/internal/cli"
	"groundglass/assets"
	"groundglass/ui"
)

// appID is the program's name for the desktop and its settings, as in FyneApp.toml.
const appID = "org.groundglass.Groundglass"

// garbagePercent is how much memory may be garbage before it is collected, in percent of what is in use. A quarter of Go's
// own figure costs little: what the window holds is pixels, in which there is nothing to look for.
const garbagePercent = 25

// window opens the window and returns when it is closed.
func window(ctx context.Context, o cli.WindowOptions) error {
	debug.SetGCPercent(garbagePercent)
	reports, stopLog, err := logCrashes()
	if err == nil {
		defer stopLog()
	}
	icon := fyne.NewStaticResource("icon.png", assets.Icon)
	services := newServices(o.Model)
	if reports.fresh {
		services.Crash = reports.dir
		if k, ok := services.Keeper.(*keeper); ok {
			k.recovered = reports.recovered
		}
	}
	services.Icon, services.PollEvents = icon, glfw.PollEvents
	if o.Trace != "" {
		f, err := os.Create(o.Trace)
		if err != nil {
			return err
		}
		defer f.Close()
		services.Trace = tracer(f)
	}
	log.SetOutput(&toolkitLog{out: os.Stderr, failed: func(cause string) {
		fmt.Fprintf(os.Stderr, "groundglass: the window cannot be opened, since OpenGL does not work here: %s\n", cause)
		os.Exit(1)
	}})
	app.SetMetadata(fyne.AppMetadata{
		ID: appID, Name: "Groundglass", Version: version, Icon: icon, Release: true, Migrations: map[string]bool{"fyneDo": true},
	})
	a := app.NewWithID(appID)
	w := ui.New(a, services)
	if o.Demo {
		w.OpenDemo()
	} else {
		w.Open(o.Paths)
	}
	stop := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer stop()
	w.ShowAndRun()
	return nil
}
