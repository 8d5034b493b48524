package ui

// Labels.
const (
	txtLabelMenu   = "Label"
	txtLabelOn     = "Label on key %c"
	txtAddLabel    = "Add label…"
	txtEditLabel   = "Edit label…"
	txtRemoveLabel = "Remove label…"
	txtLabelUp     = "Move label up"
	txtLabelDown   = "Move label down"
	txtLockLabel   = "Lock label"
	txtHideLabel   = "Hide label"
	txtBareLabel   = "Outline alone"
	txtShowAll     = "Show all labels"
	txtLabelFailed = "The labels were not changed"

	txtHintLabel = "Click: paint with this label. Double click: edit it."
	txtHintLock  = "Locked: no tool and no operation changes its pixels or gives it to others. Undo it to undo what came before."
	txtHintHide  = "Hidden: not shown, and no tool changes what is not seen."

	txtTake         = "Take"
	txtLabelName    = "Name"
	txtLabelColor   = "Colour"
	txtLabelKey     = "Key"
	txtNoKey        = "none"
	txtLabelCode    = "Code"
	txtCodeValue    = "value in that scheme"
	txtLabelMeans   = "Meaning"
	txtCodeMeaning  = "what the code means"
	txtLabelExport  = "In files"
	txtAsValue      = "value"
	txtValueIs      = "its value here is %d and stays so"
	txtNewValue     = "empty: the value that it gets here"
	txtChooseColor  = "Choose…"
	txtAnotherColor = "Another"

	txtRemove         = "Remove"
	txtRemoveHead     = "Remove a label"
	txtRemoveWhat     = "%q has %d pixels on %d slices. They become what you choose; undo brings them back."
	txtRemoveAccepted = "%d of the slices are accepted, and stay so."
	txtRemoveTo       = "Pixels become"
	txtBackground     = "Background"
)

// Label tables.
const (
	txtLabelsLoad      = "Load labels from a file…"
	txtLabelsSave      = "Save labels to a file…"
	txtLabelsFirst     = "Begin new series with these labels"
	txtLabelsStandard  = "Standard labels"
	txtLabelsFirstSet  = "New series begin with these labels."
	txtLabelFileFailed = "The label file cannot be used"
	txtBrowseLabelSave = "Choose a folder to save the labels in"
	txtBrowseLabelFile = "Choose a label table"
	txtLabelsSaved     = "The labels were saved as %s."
	txtLabelsMoved     = "Labels with other values"
	txtLabelMoved      = "%s: the value %d means another label here, so it got %d; files hold %d for it."
)

// Where may be painted.
const (
	txtPaint       = "Paint over"
	txtOverHead    = "Paint only over"
	txtInLungs     = "Only inside the lungs"
	txtHintInLungs = "Labels are given inside the lungs alone; erasing is free. The lungs are found in the background."
	txtLockedWhy   = "Label locked: nothing is painted."
	txtHiddenWhy   = "Label hidden: nothing is painted."
	txtLungsWhy    = "The lungs are still being found."
	txtNoLungsWhy  = "The lungs cannot be found here."
)

var (
	txtOver     = [...]string{"everything", "background alone", "chosen labels…"}
	txtOverMenu = [...]string{"Paint over everything", "Paint over background alone", "Paint over chosen labels…"}
)
