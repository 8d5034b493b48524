package ui

import (
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"groundglass/annotate"
	"groundglass/annotate/ct"
	"groundglass/ui/viewport"
)

// Window is the program's window. Make it with New; everything but Trace's
// hooks belongs to the UI goroutine.
type Window struct {
	app      fyne.App
	win      fyne.Window
	services Services
	post     func(func())     // runs a function on the UI goroutine
	now      func() time.Time // the clock
	commands *commands
	menu     *menuBar

	// What is open.
	found      *ct.Found
	coming     *ct.Found                        // found, or what is soon
	sessions   map[*ct.Series]*annotate.Session // those worked on, so that changing the series loses nothing
	session    *annotate.Session                // nil: nothing is open
	exportedTo map[*annotate.Session]exportedTo // the last export
	keepings   map[*annotate.Session]*keeping   // how each is kept on disk
	restoring  restoring
	moving     bool // the work is on its way to another folder

	// How it is shown.
	view                       *viewport.Viewport
	level, levelBefore         ct.Window // now, and before the drag under way
	overlay                    viewport.Overlay
	smooth, alone              bool
	showList, showPanel        bool
	showHistory                bool
	look                       look
	over                       overlaying
	bare                       *bareView
	legend                     *legend
	presets                    []ct.Preset // the user's own windows
	radius                     float64     // of the tools that have one, in image pixels
	tools                      []*tool
	tool                       *tool // in hand
	brush                      toolSettings
	region                     regionSettings
	growing                    *growing
	scribbling, finishFound    bool // a scribble is being found; it is to be finished then
	pressed                    pressing
	slice                      *ct.Slice // in the viewport; nil while it loads
	shown                      int       // its index
	nearest                    atomic.Int64
	holding                    []*command
	hoverX, hoverY             float64
	hovering                   bool
	previewing                 bool          // a slice is shown of what is being opened
	closing                    bool          // the window closes once the export has stopped
	stale                      annotate.What // to bring up to date with the next flush
	flushing                   bool
	settling                   bool // a proposal is being made to hang together
	involved                   map[*annotate.Session]*involvement
	involving                  bool // involve is soon called
	sought                     int  // the slice that seekDoubtful last went to
	proposing, opening, saving *task
	importing                  *task             // masks made elsewhere
	awaiting                   *annotate.Session // to be proposed for, once what runs has ended
	operating                  *task             // an operation on masks
	dialogs                    []shownDialog
	silent                     bool // what is done now was asked for by a key that brings no character
	settings                   settings

	// The parts of the window.
	tips     *tips
	toast    *toast
	warned   map[*annotate.Session]int // the accepted slice whose strokes were last remarked upon
	bar      *toolBar
	strip    *toolStrip
	list     *sliceList
	history  *historyPanel
	panel    *panel
	status   *statusBar
	tasks    *fyne.Container
	notice   *notice
	message  *message
	empty    *fyne.Container
	recents  *fyne.Container
	work     *fyne.Container
	named    map[string]fyne.CanvasObject
	reported []byte // the last layout told to Trace
	stroke   [][2]float64
	tip      annotate.Point // of the stroke under way
	measure  measuring
	three    *threeViews
	ahead    ahead
	catching bool    // catchUp waits for its turn
	picking  *picker // nil while none is shown
	form     *operateForm
	side     *fyne.Container // form and panel
}

// New makes the window of a.
func New(a fyne.App, s Services) *Window { return newWindow(a, s, fyne.Do) }

// newWindow makes a window whose workers hand over through post.
func newWindow(a fyne.App, s Services, post func(func())) *Window {
	w := &Window{
		app: a, services: s, post: post, now: time.Now,
		sessions: map[*ct.Series]*annotate.Session{}, exportedTo: map[*annotate.Session]exportedTo{}, keepings: map[*annotate.Session]*keeping{}, involved: map[*annotate.Session]*involvement{},
		level:   ct.Lung,
		overlay: viewport.Overlay{Mask: true, MaskOpacity: 0.35, Outline: true}, over: newOverlaying(),
		smooth: true, showList: true, showPanel: true, radius: 8, shown: -1,
		brush: defaultToolSettings(), region: defaultRegionSettings(), named: map[string]fyne.CanvasObject{}, warned: map[*annotate.Session]int{},
	}
	a.Settings().SetTheme(NewTheme())
	w.win = a.NewWindow(txtTitle)
	w.win.SetMaster()
	w.win.SetPadded(false)
	if s.Icon != nil {
		w.win.SetIcon(s.Icon)
	}
	w.loadSettings()
	w.loadPreferences()
	w.view = viewport.New()
	w.legend = newLegend()
	w.three = newThreeViews(w)
	w.bare = newBareView(w)
	w.tools = w.toolTable()
	w.tool = w.tools[0]
	w.form = newOperateForm(w)
	w.commands = newCommands(w.table())
	w.loadKeys()
	w.build()
	w.followMouse()
	w.menu = w.newMenuBar()
	w.win.SetMainMenu(w.menu.main)
	w.listenPointer()
	w.listenKeys()
	w.win.SetOnDropped(func(_ fyne.Position, uris []fyne.URI) { w.dropped(uris) })
	w.win.SetCloseIntercept(w.quit)
	w.win.Resize(fyne.NewSize(1280, 820))
	w.refreshAll()
	return w
}

// ShowAndRun shows the window and returns when it is closed.
func (w *Window) ShowAndRun() {
	w.app.Lifecycle().SetOnStarted(func() {
		w.post(w.traceWindow)
		w.post(w.tellCrash)
	})
	w.app.Lifecycle().SetOnExitedForeground(w.letGo)
	w.win.ShowAndRun()
}

// build lays the window out: tool bar on top, slice list left, panel right,
// tasks and status below, and the picture in the middle.
func (w *Window) build() {
	w.tips = newTips(w)
	w.bar = newToolBar(w)
	w.strip = newToolStrip(w)
	w.list = newSliceList(w)
	w.panel = newPanel(w)
	w.status = newStatusBar(w)
	w.notice = newNotice(w)
	w.message = newMessage()
	w.empty = w.newEmpty()
	w.work = container.NewBorder(w.notice.box, nil, w.strip.box, nil, container.New(besides{}, container.New(twins{}, w.bare.box, container.NewStack(w.view, w.legend.box, w.message.box)), w.three.side))
	w.side = container.NewBorder(w.form.box, nil, nil, nil, w.panel.box)
	w.win.SetContent(container.NewStack(container.NewBorder(
		w.bar.box, w.status.box, w.list.box, w.side,
		container.NewStack(w.work, w.empty),
	), w.tips.layer))
	w.named["viewport"] = w.view
}

// layout shows the parts that belong to the present state.
func (w *Window) layout() {
	open := w.hasSeries()
	show := func(o fyne.CanvasObject, on bool) {
		if on {
			o.Show()
		} else {
			o.Hide()
		}
	}
	show(w.bar.box, open && !w.alone)
	show(w.strip.box, open && !w.alone)
	show(w.list.box, open && !w.alone && w.showList)
	show(w.panel.box, open && !w.alone && w.showPanel)
	show(w.form.box, open && w.form.op != nil)
	show(w.side, w.form.box.Visible() || w.panel.box.Visible())
	show(w.status.box, !w.alone)
	show(w.work, open || w.previewing)
	show(w.empty, !open && !w.previewing)
	w.win.Content().Refresh()
	w.traceLayout()
}

func (w *Window) hasSeries() bool { return w.session != nil }

// modifiers are the modifier keys held now, where the driver knows.
func (w *Window) modifiers() fyne.KeyModifier {
	if d, ok := w.app.Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// focusView gives the keys back to the picture, so that no slider or check box
// keeps them. Those take the focus after they have told of a change, so it
// comes after the event at hand.
func (w *Window) focusView() { w.post(w.focusNow) }

func (w *Window) focusNow() {
	if w.hasSeries() && !w.blocked() {
		w.win.Canvas().Focus(w.view)
	}
}
