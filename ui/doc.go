// Package ui is the program's window: slice list, slice view, panels, dialogs.
//
// Start with New, which takes the program's services, then Window.Open and
// Window.ShowAndRun. The package knows neither files nor models: it declares
// the small interfaces that it needs, and the program passes them in.
//
// Everything here belongs to the UI goroutine. Work that takes time runs as a
// task on a goroutine of its own and comes back through Window.post.
//
// What the user can do is in one table, commands: the menu, the keys, the tool
// bar and the list of keys are all made from it. What the user can read is in
// text.go.
package ui
