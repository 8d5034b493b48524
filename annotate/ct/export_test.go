package ct

// For tests that are in a package of their own, since they import what imports
// this package.
var (
	Python     = python
	NeedPython = needPython
	SharedData = sharedData
	Nearest    = nearest
	WriteFile  = writeFile
)
