package ui

// What may be wrong with a series, and with a proposal.
const (
	txtDoubtMask     = "This may be a mask and no CT: its values are not those of a CT."
	txtDoubtModality = "This is %s, not CT. Proposals were made for CT of the chest, and may mean nothing here."
	txtDoubtPart     = "The files name the body part %s. Proposals were made for the chest, and may mean nothing here."
	txtDoubtMade     = "This was computed from other slices (%s). Proposals were made for slices as scanned, and may be worse here."
	txtDoubtAxial    = "These slices are not axial. Proposals were made for axial slices, and may be worse here."

	txtUnproposed1    = "One slice was left out; nothing is proposed for it."
	txtUnproposedN    = "%d slices were left out; nothing is proposed for them."
	txtUnproposedLine = "Slice %s: %s"
	txtNoReason       = "the reason is not known"

	txtReportMade      = "Modality %s, kernel %s, slice thickness %s, body part %s."
	txtReportNotSaid   = "not said"
	txtReportThickness = "%.3g mm"
)

// Remarks in passing.
const (
	txtDecidedPainted = "The slice stays %s, with your change."
	txtReopenBy       = "%s reopens it."
)

// Choosing files and folders.
const (
	txtBrowseCTFolder = "Open a folder of CT"
	txtBrowseCTFile   = "Open a file of CT"
	txtBrowseLabels   = "Open a file of labels"
	txtBrowseLabelDir = "Open a folder of labels"
	txtBrowseExport   = "Choose a folder to export into"
	txtBrowseProject  = "Choose a folder for the project"
	txtBrowseHint     = "Type a part of a name, or a path; Backspace goes up"
	txtBrowseOpen     = "Open"
	txtBrowseThis     = "This folder: %s"
	txtBrowseUp       = "The folder above"
	txtBrowseFolder   = "folder"
	txtBrowseNoFile   = "A folder is asked for: go into one and choose \"This folder\"."
	txtPlaceHome      = "Home"
	txtPlaceDesktop   = "Desktop"
	txtPlaceDocuments = "Documents"
	txtPlaceDownloads = "Downloads"
	txtPlaceComputer  = "Computer"
	txtPlaceMedia     = "Media"
	txtPlaceVolumes   = "Volumes"
)

// Settings.
const (
	txtSettings     = "Settings"
	txtSettingsOpen = "Settings…"
	txtSetMouse     = "Mouse"
	txtSetPicture   = "Picture"
	txtSetWork      = "Work"
	txtSetSwapped   = "Exchange the left and the right button, for the left hand"
	txtSetSlices    = "Turn the wheel's direction through the slices"
	txtSetZoom      = "Turn the wheel's direction for the zoom"
	txtSetLeft      = "Dragging with the left button"
	txtSetOneButton = "For mice and pens with one button: a key gives the left button its next use, and keys that are held do for a moment. See \"Keys\"."
	txtSetWindow    = "Window of a new series"
	txtSetAsInFile  = "As in the file"
	txtSetAuto      = "Propose as soon as a series is open"
	txtSetHistory   = "Memory for undo, MB"
	txtSetUsed      = "a series; %.1f MB are in use"
	txtSetStandard  = "Standard"
	txtSetKeys      = "Keys…"
	txtNextLeft     = "Next use of the left button"
	txtHoldLevel    = "Set the window with the left button while held"
)

// txtLeft are the uses of the left button.
var txtLeft = [...]string{"uses the tool", "moves the picture", "sets the window level"}

// History.
const (
	txtHistory       = "History"
	txtHistoryStart  = "Beginning"
	txtHistoryOf     = "%s, %s"
	txtHistorySlice  = "slice %d"
	txtHistoryAll    = "all slices"
	txtHistoryMemory = "%.1f of %d MB"
)
