package ui

// Everything that the user can read. Formats keep their verbs in order.
const (
	txtTitle      = "Groundglass"
	txtTitleOf    = "%s – Groundglass"
	txtResearch   = "For research use only. Groundglass is not a medical device: proposals may be wrong, and nothing here is a diagnosis."
	txtDropHere   = "Drop a CT folder here"
	txtDropWhat   = "A folder, files or a zip of DICOM, NIfTI or TIFF, or a stack of PNG or JPEG pictures. Nothing leaves this computer."
	txtRecentHead = "Opened recently"
	txtDemoName   = "Demo case"

	// Menus, in the order of the menu bar.
	txtFile   = "File"
	txtEdit   = "Edit"
	txtView   = "View"
	txtSlice  = "Slice"
	txtTools  = "Tools"
	txtModel  = "Model"
	txtHelp   = "Help"
	txtRecent = "Open recent"
	txtNone   = "None yet"

	// Commands.
	txtOpenFolder     = "Open folder…"
	txtOpenFiles      = "Open file…"
	txtOpenDemo       = "Open the demo case"
	txtOpenLabels     = "Open labels…"
	txtOpenLabelDir   = "Open a folder of labels…"
	txtExport         = "Export labels…"
	txtPick           = "Choose a series…"
	txtReport         = "What was read and left out…"
	txtCloseSeries    = "Close the series"
	txtQuit           = "Quit"
	txtUndo           = "Undo"
	txtUndoWhat       = "Undo %s"
	txtRedo           = "Redo"
	txtRedoWhat       = "Redo %s"
	txtFit            = "Fit the slice into the window"
	txtOneToOne       = "Show 1:1"
	txtZoomIn         = "Zoom in"
	txtZoomOut        = "Zoom out"
	txtWindowOf       = "Window: %s"
	txtWindowFile     = "Window: as in the file"
	txtShowMask       = "Show the mask"
	txtHoldMask       = "Hide the mask while held"
	txtShowHeat       = "Show the heat map"
	txtShowUnsure     = "Show where the model is unsure"
	txtShowOutline    = "Outline the labels"
	txtSmooth         = "Smooth the picture"
	txtHoldPan        = "Move the picture while held"
	txtThreeViews     = "Three views"
	txtImageAlone     = "Image alone"
	txtShowList       = "Slice list"
	txtShowPanel      = "Panel"
	txtFields         = "To the panel's fields (then Tab, Esc goes back)"
	txtPrevious       = "Previous slice"
	txtNext           = "Next slice"
	txtFirst          = "First slice"
	txtLast           = "Last slice"
	txtNextMarked     = "Next slice with a mask"
	txtPreviousMarked = "Previous slice with a mask"
	txtDoubtful       = "Next slice that the model is least sure of"
	txtAccept         = "Accept the slice and go to the next"
	txtReject         = "Reject the slice and go to the next"
	txtReopen         = "Reopen the slice"
	txtDistanceTool   = "Measure a distance"
	txtEllipseTool    = "Measure area and HU in an ellipse"
	txtRectangleTool  = "Measure area and HU in a rectangle"
	txtDeleteFigure   = "Delete the measurement"
	txtClearFigures   = "Delete all measurements of the slice"
	txtLabelOf        = "Label: %s"
	txtPropose        = "Propose for the whole series"
	txtStopProposing  = "Stop proposing"
	txtThresholdUp    = "Raise the threshold"
	txtThresholdDown  = "Lower the threshold"
	txtConnectUp      = "Raise the connectivity"
	txtConnectDown    = "Lower the connectivity"
	txtFillHoles      = "Fill holes in proposals"
	txtKeys           = "Keys and mouse"
	txtAbout          = "About Groundglass"

	// Short names, for the tool bar.
	barOpen   = "Open"
	barExport = "Export"
	barUndo   = "Undo"
	barRedo   = "Redo"
	barFit    = "Fit"
	barOne    = "1:1"
	barMask   = "Mask"
	barHeat   = "Heat"
	barAccept = "Accept"
	barRuler  = "Distance"
	barRegion = "Region"
	barThree  = "Three views"

	// Cuts beside the slices.
	txtCut         = "%s  %s mm"
	txtCoronal     = "Coronal"
	txtSagittal    = "Sagittal"
	txtAxial       = "Axial"
	txtCutRow      = "Row %d"
	txtCutColumn   = "Column %d"
	txtCutCoarse   = "1/%d of the resolution: the series is too long for more"
	txtCutPictures = "distances are not known"
	txtCutUnread   = "%s can't be read"
	txtCutStopped  = "reading was stopped"

	// Measurements.
	txtDistanceMM     = "%.1f mm"
	txtDistancePixels = "%.1f px"
	txtAreaMM         = "Area %.1f mm²"
	txtAreaPixels     = "Area %.1f px"
	txtMeanSD         = "Mean %.0f HU, SD %.0f"
	txtMinMax         = "Min %d, max %d HU"
	txtAssumedHU      = "assumed lung window"
	txtNoPixels       = "No pixel with data"

	// Slice list and status.
	txtSeries      = "Series"
	txtSeriesItem  = "%d: %s (%s)"
	txtSliceCount1 = "1 slice"
	txtSliceCountN = "%d slices"
	txtSeriesPlain = "no description"
	txtSlices      = "Slices"
	txtMM          = "%.1f mm"
	txtArea        = "%.1f cm²"
	txtPixels      = "%d px"
	txtNew         = "not proposed"
	txtProposed    = "proposed"
	txtInWork      = "edited"
	txtAccepted    = "accepted"
	txtRejected    = "rejected"
	txtUnsure      = "unsure %.0f %%"

	txtSliceOf      = "Slice %d of %d"
	txtSliceAt      = "Slice %d of %d, %.1f mm"
	txtZoomAt       = "Zoom %.0f %%"
	txtWL1          = "W"
	txtWL2          = "L"
	txtWL           = "W %.0f  L %.0f"
	txtHU           = "%d HU"
	txtPadding      = "no data"
	txtPixelAt      = "x %d  y %d"
	txtNoUnsaved    = "No unsaved work"
	txtUnsavedShort = "Not exported: %d"
	txtUnsaved1     = "1 slice changed, not exported yet"
	txtUnsavedN     = "%d slices changed, not exported yet"
	txtNoModel      = "No model"
	txtNoModelWhy   = "There is no model, so nothing can be proposed. Painting and export work."

	// Panel.
	txtProposal      = "Proposal"
	txtProposeShort  = "Propose"
	txtStop          = "Stop"
	txtThreshold     = "Threshold"
	txtConnectivity  = "Connectivity"
	txtSmallest      = "Smallest part"
	txtLeastMM       = "Smallest, mm²"
	txtLeastPixels   = "Smallest, px"
	txtFill          = "Fill holes"
	txtHeat          = "Heat map"
	txtOpacity       = "Opacity"
	txtLabels        = "Labels"
	txtMask          = "Mask"
	txtOutline       = "Outline"
	txtTool          = "Tool"
	txtSize          = "Size"
	txtWindow        = "Window"
	txtWidth         = "Width"
	txtLevel         = "Level"
	txtLungs         = "Lungs involved"
	txtInvolved      = "right %s, left %s, both %s"
	txtInvolvedBoth  = "both %s (sides not known)"
	txtPercent       = "%.0f %%"
	txtUnderOne      = "<1 %"
	txtNoLung        = "none"
	txtHumanWins     = "Painted pixels stay as they are."
	txtDecisionStays = "This slice is %s: proposals and sliders leave it alone. Strokes still change it."

	// Hints, shown in the status bar while the pointer is over a control.
	txtHintThreshold = "Probability from which a pixel is proposed"
	txtHintConnect   = "Smooths proposals, joins what is near, drops specks"
	txtHintLeast     = "Parts of a proposal below this area are dropped"
	txtHintHeat      = "How strongly the overlay covers the picture"
	txtHintOpacity   = "How strongly the labels cover the picture"
	txtHintSize      = "Diameter of the tool in pixels of the image"
	txtHintWindow    = "How many HU lie between black and white"
	txtHintLevel     = "HU in the middle between black and white"
	txtHintFold      = "Click to fold this part away, or to bring it back"

	// Tasks.
	txtReading       = "Reading files"
	txtReadingVolume = "Three views"
	txtDemoTask      = "Making the demo case"
	txtProposing     = "Proposing"
	txtExporting     = "Exporting"
	txtReadLabels    = "Reading labels"
	txtTaskOf        = "%s: %d of %d"
	txtTaskPercent   = "%s: %d %%"
	txtTaskStart     = "%s…"
	txtSecondsLeft   = "about %d s left"
	txtMinutesLeft   = "about %d min left"
	txtCancel        = "Cancel"
	txtPreview       = "One slice of what is being read. The series is shown in order as soon as all of it is known."
	txtLoading       = "Loading slice %d…"

	// Dialogs.
	txtOK            = "OK"
	txtCloseButton   = "Close"
	txtDiscard       = "Discard"
	txtExportButton  = "Export"
	txtExportFirst   = "Export…"
	txtChoose        = "Choose…"
	txtUnsavedHead   = "Unsaved work"
	txtUnsavedClose  = "%s. Export before closing?"
	txtUnsavedIn     = "%s: %s"
	txtUnsavedOpen   = "%s. Export before opening something else?"
	txtExportHead    = "Export labels"
	txtExportFolder  = "Folder"
	txtExportMasks   = "Mask pixels"
	txtExportBinary  = "0 and 255: any label is white"
	txtExportValues  = "Label values: 0, 1, 2, …"
	txtExportImages  = "Write the slices as pictures too"
	txtExportMerges  = "%d labels are in use. With 0 and 255 they become one."
	txtExportUnseen1 = "1 slice was neither proposed nor edited. Its mask will be empty."
	txtExportUnseenN = "%d slices were neither proposed nor edited. Their masks will be empty."
	txtExported      = "Exported"
	txtExportFailed  = "The export failed"
	txtExportNoDir   = "Name a folder to export into."
	txtExportBusy    = "An export is already running. Wait until it is done, or cancel it."
	txtReplaceHead   = "Replace the earlier export?"
	txtReplace       = "%s\n\nReplacing it removes its masks; other files in the folder stay."
	txtReplaceButton = "Replace"
	txtOtherFolder   = "Another folder…"
	txtExportRuns    = "An export is running. What it has written so far is incomplete if you stop it."
	txtWait          = "Wait"
	txtStopClose     = "Stop and close"
	txtOpenFailed    = "Nothing could be opened"
	txtOpenNothing   = "There is no CT series or picture stack in %s."
	txtLabelsHead    = "Labels"
	txtLabelsAll     = "Take them all the same"
	txtLabelsFailed  = "No labels could be opened"
	txtLabelsKept    = "Pixels that you had set otherwise stayed as they were: %d."
	txtLabelsLocked  = "Pixels of locked labels stayed as they were: %d."
	txtLabelsStayed1 = "1 slice that you had accepted stayed as it was."
	txtLabelsStayedN = "%d slices that you had accepted stayed as they were."
	txtProposeFailed = "The model could not propose"
	txtSliceFailed   = "Slice %d can't be shown: %s."
	txtPickHead      = "Choose a series"
	txtPickWhat      = "There are %d series %s."
	txtPickStudy     = "of one study"
	txtPickStudies   = "of %d studies"
	txtPickOfStudy   = "study %d"
	txtPickSize      = "%d x %d pixels"
	txtPickSpacing   = "%.3g x %.3g x %.3g mm"
	txtPickUnknown   = "no spacing known"
	txtPickWarnings  = "%d remarks. %s"
	txtPickButton    = "Show"
	txtReportHead    = "What was read"
	txtReportSeries  = "%d x %d pixels; their size is not known."
	txtReportSpacing = "%d x %d pixels of %.3g x %.3g mm (across, down); slices %.3g mm apart."
	txtReportOne     = "%d x %d pixels of %.3g x %.3g mm (across, down)."
	txtReportWarning = "Remark: %s"
	txtReportFrom    = "Slices from %.1f to %.1f mm"
	txtReportEven    = ", without gaps"
	txtReportWork    = "The work"
	txtReportLeftOut = "Left out"
	txtReportAll     = "Everything was read."
	txtReportSyntax  = "Transfer syntax %s."
	txtMore          = "And %d more: \"groundglass info\" lists them all."
	txtLeftOut1      = "1 file was left out."
	txtLeftOutN      = "%d files were left out."
	txtWarned        = "There are remarks on this series."
	txtDetails       = "Details…"
	txtDismiss       = "Dismiss"
	txtKeysHead      = "Keys and mouse"
	txtMouseHead     = "Mouse"
	txtVersion       = "Version %s"
)

// Operations on masks.
const (
	txtMaskMenu          = "Mask"
	txtCopyPreviousSlice = "Copy the label from the previous slice"
	txtCopyNextSlice     = "Copy the label from the next slice"
	txtInterpolateHere   = "Interpolate between the drawn slices around"
	txtFillHere          = "Fill the label's holes in the slice"
	txtIslandsHere       = "Remove the label's islands in the slice"
	txtRangeFirst        = "Range of slices: from this one"
	txtRangeLast         = "Range of slices: to this one"
	txtApplyForm         = "Apply the operation"

	txtOpIslands     = "Remove islands…"
	txtOpLargest     = "Keep the largest part…"
	txtOpSplit       = "Split islands…"
	txtOpHoles       = "Fill holes…"
	txtOpDilate      = "Dilate…"
	txtOpErode       = "Erode…"
	txtOpSmooth      = "Smooth the border…"
	txtOpInterpolate = "Interpolate…"
	txtOpThreshold   = "HU threshold…"
	txtOpCombine     = "Combine…"
	txtOpCopy        = "Copy a slice to others…"
	txtOpPropagate   = "Propagate by the model…"
	txtOpClear       = "Clear…"
	txtOpReset       = "Back to the proposal…"

	txtHintIslands     = "Parts below a size go."
	txtHintLargest     = "All parts but the largest go."
	txtHintSplit       = "The largest part keeps the label, the next get new ones."
	txtHintHoles       = "Unlabelled holes get the label."
	txtHintDilate      = "Grows over what is unlabelled."
	txtHintErode       = "Takes the border off."
	txtHintSmoothMask  = "Evens the border."
	txtHintInterpolate = "Draws between the slices that you drew, or else between those that are labelled."
	txtHintThresholdHU = "Pixels in a range of HU get the label."
	txtHintCombine     = "Adds to the label, or takes from it."
	txtHintCopy        = "Other slices get the label where a slice has it."
	txtHintPropagate   = "Accepts the proposal on other slices where it hangs together with the label on this one."
	txtHintClear       = "Removes the label."
	txtHintReset       = "What you set goes; the proposal shows again."

	txtLabel        = "Label"
	txtEveryLabel   = "Every label"
	txtScope        = "Slices"
	txtScopeSlice   = "In view"
	txtScopeRange   = "Range"
	txtScopeAll     = "All"
	txtFirstOf      = "From"
	txtLastOf       = "To"
	txtPlanar       = "Each slice by itself"
	txtSmallerThan  = "Smaller than"
	txtHolesUpTo    = "Holes up to (0: all)"
	txtWaist        = "Part at places thinner by (0: none)"
	txtParts        = "Parts"
	txtBy           = "By"
	txtMethod       = "Method"
	txtByMedian     = "Median"
	txtByTV         = "Total variation"
	txtRadius       = "Radius"
	txtByDistance   = "Shape-based"
	txtByMorphology = "Morphological"
	txtRangeFromHU  = "From"
	txtRangeToHU    = "To"
	txtWhere        = "Where"
	txtWhereFree    = "Unlabelled"
	txtWhereAny     = "Anywhere"
	txtHow          = "How"
	txtUnion        = "Union"
	txtIntersect    = "Intersect"
	txtSubtract     = "Subtract"
	txtWith         = "With"
	txtWithProposal = "The proposal"
	txtWithPrevious = "Previous slice"
	txtWithNext     = "Next slice"
	txtFromSlice    = "From slice"
	txtWhatIsThere  = "There"
	txtStays        = "What is there stays"
	txtGoes         = "What is there goes"
	txtApply        = "Apply"

	txtOperationDone     = "%s: %s"
	txtOperationNone     = "no pixels"
	txtOperationMany     = "%d pixels on %d slices"
	txtOperationAccepted = "; %d accepted stay"
	txtOperationLocked   = "; %d locked stay"
	txtOperationStale    = "The labels changed while this was worked out. Do it again when they are at rest."
	txtPreviewWorking    = "Working out…"
	txtPreviewDone       = "Changes %s"
)

// txtMouse are the gestures: what one does, what it does.
var txtMouse = [][2]string{
	{"Left drag", "use the tool; Esc while drawing takes it back"},
	{"Ctrl and left drag", "the tool's reverse: erase with a brush, cut with an outline, restore, copy"},
	{"Clicks with the polygon", "set its points; a double click or the first point closes it"},
	{"Right drag", "window level: across for the width, up and down for the level"},
	{"Left drag with a measuring tool", "measure; drag an end to move it, Delete takes it away"},
	{"Middle drag, or Space and left drag", "move the picture"},
	{"Middle double click", "fit the slice into the window"},
	{"Wheel", "previous and next slice"},
	{"Ctrl and wheel", "zoom to the pointer"},
	{"Shift and wheel", "size of the brush"},
	{"In the three views: click in a cut", "show that point in all views"},
	{"Shift and move over the slice", "show that point in the cuts"},
	{"Wheel over a cut", "move through the cuts"},
	{"Drop files or a folder", "open them"},
}

// keyNames are the names of keys that the toolkit calls otherwise.
var keyNames = map[string]string{
	"Prior": "Page Up", "Next": "Page Down", "Escape": "Esc", "Return": "Enter",
	"Control": "Ctrl", "BackSpace": "Backspace",
}

// The palette and the keys.
const (
	txtPalette       = "All commands"
	txtPaletteOpen   = "Search all commands…"
	txtPaletteHint   = "Type what you want to do: a name, a menu, another word for it, or a few of its letters"
	txtPaletteRecent = "recent"
	txtPaletteNotNow = "This can't be done now."
	txtPaletteHeld   = "This lasts as long as its key is held down."

	txtKeysHint     = "Search the commands and keys"
	txtKeysNote     = "Enter changes the key of the chosen command. Changes are kept."
	txtKeysChanged  = "not the standard key"
	txtKeysPress    = "Press the new key for \"%s\"; Esc leaves it as it is."
	txtKeysTaken    = "%s is the key of \"%s\". Press it again to take it from there."
	txtKeysGiven    = "%s is now the key of \"%s\"."
	txtKeysGone     = "\"%s\" has no key now."
	txtKeysNoHold   = "%s can't be held: press a key without modifiers, or Esc."
	txtKeysStandard = "The standard keys are back."
	txtKeysChange   = "Change…"
	txtKeysNone     = "No key"
	txtKeysReset    = "Standard"
	txtKeysResetAll = "All standard"
)

// txtAlso are other words by which the palette finds a command.
var txtAlso = map[string]string{
	"file.folder":       "load import directory dicom study",
	"file.files":        "load import nifti nii tiff zip dicom png jpeg",
	"file.demo":         "example phantom sample try",
	"file.labels":       "load import mask segmentation seg rtstruct",
	"file.labelfolder":  "load import masks segmentation directory",
	"file.export":       "save write labels png dataset",
	"file.series":       "switch another study",
	"file.report":       "info metadata header log geometry spacing",
	"file.close":        "shut",
	"file.quit":         "exit leave end",
	"edit.undo":         "back revert",
	"edit.redo":         "again repeat forward",
	"view.fit":          "reset zoom whole",
	"view.one":          "actual size 100 percent native",
	"view.in":           "magnify enlarge bigger",
	"view.out":          "shrink smaller",
	"view.mask":         "overlay segmentation visible hide",
	"view.hold":         "overlay unmarked compare peek",
	"view.heat":         "probability overlay",
	"view.unsure":       "uncertainty doubt overlay",
	"view.outline":      "contour border",
	"view.smooth":       "interpolation nearest pixels linear",
	"view.origin":       "provenance human model author overlay",
	"view.difference":   "compare changes diff edits overlay",
	"view.linear":       "interpolation bilinear bicubic cubic",
	"view.grid":         "borders raster lines",
	"view.full":         "maximize screen",
	"view.bare":         "side by side compare original split",
	"view.lens":         "zoom loupe",
	"view.lenson":       "zoom loupe",
	"view.cross":        "crosshair lines",
	"window.auto":       "level contrast percentile",
	"window.invert":     "negative inverse",
	"window.save":       "preset custom level",
	"window.remove":     "preset custom delete",
	"view.pan":          "hand drag scroll",
	"view.three":        "mpr coronal sagittal orthogonal",
	"view.alone":        "fullscreen focus hide panels",
	"view.list":         "thumbnails sidebar",
	"view.panel":        "sidebar right",
	"view.fields":       "focus keyboard number",
	"slice.previous":    "up back",
	"slice.next":        "down forward",
	"slice.first":       "top begin",
	"slice.last":        "bottom end",
	"slice.marked":      "labelled find",
	"slice.unmarked":    "labelled find back",
	"slice.doubtful":    "uncertain review",
	"slice.accept":      "done approve confirm finish",
	"slice.reject":      "discard exclude unusable bad",
	"slice.reopen":      "unlock unaccept",
	"tool.brush":        "paint pen draw",
	"tool.eraser":       "rubber delete remove",
	"tool.larger":       "size bigger radius",
	"tool.smaller":      "size radius",
	"tool.cancel":       "abort stop",
	"tool.range":        "hu threshold hounsfield paint limit",
	"tool.sphere":       "ball 3d slices paint",
	"tool.proposal":     "model paint accept",
	"tool.restore":      "model reset free human",
	"tool.polygon":      "outline points contour",
	"tool.lasso":        "outline freehand contour",
	"tool.box":          "square outline",
	"tool.oval":         "circle outline",
	"tool.move":         "shift drag translate",
	"tool.take":         "hu pick sample hounsfield",
	"tool.cut":          "subtract remove erase",
	"tool.redraw":       "correct replace reshape border contour",
	"tool.finish":       "close end polygon",
	"tool.back":         "point delete",
	"mask.next":         "duplicate propagate",
	"mask.previous":     "duplicate propagate",
	"measure.distance":  "ruler length caliper mm",
	"measure.ellipse":   "roi density hounsfield mean",
	"measure.rectangle": "roi density hounsfield mean",
	"measure.delete":    "remove",
	"measure.clear":     "remove all",
	"model.propose":     "segment ai run predict network auto",
	"model.stop":        "cancel abort",
	"model.up":          "cut less",
	"model.down":        "cut more",
	"model.join":        "smooth tv",
	"model.part":        "smooth tv",
	"model.fill":        "close gaps",
	"help.palette":      "find command",
	"help.keys":         "shortcuts hotkeys bindings keyboard change edit",
	"help.about":        "version licence model card",

	"tool.edge":     "adaptive sticky smart border brush",
	"tool.fill":     "bucket flood hole relabel island",
	"tool.wand":     "magic flood tolerance threshold connected",
	"tool.grow":     "flood seed threshold connected 3d volume",
	"tool.wire":     "intelligent scissors edge contour trace",
	"tool.scribble": "hints seeds random walker smart grow cut",
	"grow.volume":   "3d flood seed connected",
	"grow.stop":     "cancel abort",
	"edit.history":  "undo list steps states log",
	"edit.settings": "preferences options configure mouse wheel left-handed memory",
	"mouse.left":    "single one button pen touch pan window level",
	"mouse.level":   "single one button brightness contrast",
}

// txtLines say in a line what a command does, where its name does not.
var txtLines = map[string]string{
	"file.folder":      "Finds every series in it, within archives too",
	"file.export":      "Writes masks and a manifest, reads them back and compares",
	"edit.undo":        "Takes back the newest change, on whatever slice it was",
	"edit.redo":        "Does again what was taken back",
	"view.fit":         "Shows the whole slice",
	"view.one":         "One pixel of the image on one pixel of the screen",
	"view.three":       "Coronal and sagittal cuts beside the slice",
	"view.mask":        "Shows or hides the labels",
	"view.heat":        "Colours each pixel by the model's probability",
	"tool.brush":       "Paints the chosen label; Shift and wheel change the size",
	"tool.eraser":      "Takes labels away, and keeps proposals from coming back there",
	"tool.range":       "Paints only where the HU lie within a range; Shift+R takes it under the pointer",
	"tool.sphere":      "Paints a ball, on all slices that it reaches",
	"tool.proposal":    "Keeps what the model proposes under it as your own, also where it was erased",
	"tool.restore":     "Gives pixels back to the proposal",
	"tool.polygon":     "Click its points; Enter, a double click or the first point closes it",
	"tool.lasso":       "Drag around an area; with Ctrl it cuts",
	"tool.box":         "Drag from corner to corner; with Ctrl it cuts",
	"tool.oval":        "Drag from corner to corner; with Ctrl it cuts",
	"tool.move":        "Drags the chosen label's mask of the slice; with Ctrl a copy stays",
	"measure.distance": "Drag from end to end for a distance in mm",
	"measure.ellipse":  "Drag an ellipse for area, mean and deviation in HU",
	"slice.accept":     "Proposals and sliders then leave the slice alone",
	"slice.reject":     "Marks the slice as not to be used, in exports too; its mask stays",
	"model.propose":    "Lets the model mark every slice; painted pixels stay as they are",
	"model.stop":       "Keeps what has been proposed so far",

	"tool.edge":     "Paints what is alike to where it was pressed, up to the border",
	"tool.fill":     "Fills the hole under the pointer, or gives its region the chosen label",
	"tool.wand":     "Takes what hangs together and is alike to the pixel clicked on",
	"tool.grow":     "Takes what hangs together within HU limits, in the slice or through all",
	"tool.wire":     "Click along a border: the line between follows edges",
	"tool.redraw":   "An outline takes the place of the borders that it crosses: what sticks out goes",
	"tool.scribble": "Draw a line inside, and with Ctrl one outside: the rest is found",
	"grow.volume":   "Switches growing between the slice and all slices",
	"model.fill":    "Fills the holes within parts of a proposal",
	"edit.history":  "Every change of the series: a click goes back to it, or forward",
	"edit.settings": "Mouse, wheel, picture, memory, automatic proposals",
	"mouse.left":    "Tool, picture, window level in turn: for mice and pens with one button",
	"file.series":   "Shows another of the series that were found",
	"view.outline":  "Draws each label's border, in its own pattern",
}

// The tools, and their settings.
const (
	txtBrush         = "Brush"
	txtEraser        = "Eraser"
	txtRangeBrush    = "Range brush"
	txtSphereBrush   = "Sphere brush"
	txtProposalBrush = "Proposal brush"
	txtRestoreBrush  = "Restore brush"
	txtPolygon       = "Polygon"
	txtLasso         = "Lasso"
	txtBox           = "Rectangle"
	txtOval          = "Ellipse"
	txtMove          = "Move the mask"
	txtLarger        = "Larger brush"
	txtSmaller       = "Smaller brush"
	txtTakeRange     = "Take the HU range under the pointer"
	txtFinish        = "Finish what is being drawn"
	txtStepBack      = "Take back the last point, or the measurement"
	txtCancelStroke  = "Take back what is being drawn; back to the brush"
	txtCopyNext      = "Copy the label to the next slice, and go there"
	txtCopyPrevious  = "Copy the label to the previous slice, and go there"

	barArea = "Area"

	txtInMM        = "Size in mm"
	txtSizeMM      = "%.1f mm across"
	txtSizePX      = "%.0f pixels across"
	txtSquare      = "Square"
	txtSteady      = "Steady"
	txtHintSmooth  = "The brush follows the pointer on a string of this many pixels"
	txtHintFrom    = "Probability from which this brush paints; 0: what is proposed now"
	txtFromHU      = "HU from"
	txtToHU        = "to"
	txtTakeHint    = "Shift+R takes them under the pointer."
	txtRedraw      = "Redraw what it crosses"
	txtRedrawHint  = "The outline becomes the border."
	txtCutOut      = "Cut out instead of adding"
	txtCutHint     = "With Ctrl held, the reverse."
	txtPolygonHint = "Enter or a double click closes it."
	txtMoveHint    = "With Ctrl held, a copy stays."
)

// The tools that find regions, and their settings.
const (
	txtEdgeBrush  = "Edge brush"
	txtFillTool   = "Fill"
	txtWand       = "Wand"
	txtGrow       = "Region growing"
	txtWire       = "Livewire"
	txtScribble   = "Scribble"
	txtGrowVolume = "Region growing through all slices"
	txtGrowStop   = "Stop growing"

	txtTolerance      = "± HU"
	txtHintTolerance  = "How far HU may differ from those under the pointer"
	txtHintWandRadius = "How far from the pointer the wand reaches; 0: no limit"
	txtWandHint       = "Drag right for more, left for less."
	txtDenoise        = "Ignore noise"
	txtFirm           = "Not through narrow places"
	txtFillSmall      = "Fill small holes"
	txtVolume         = "Through all slices (3D)"
	txtGrowRadius     = "Reach, mm"
	txtHintGrowRadius = "How far from the pointer growing reaches; 0: no limit"
	txtGrowMost       = "At most, ml"
	txtHintGrowMost   = "Growing stops at this volume; 0: no limit"
	txtStep           = "Border, HU"
	txtHintStep       = "A difference of this many HU is a border: less sticks to fainter ones"
	txtHintWidth      = "Width"
	txtHintHint       = "Width of the hints' lines in pixels"
	txtOutside        = "Draw outside"
	txtHeedModel      = "Heed the model"
	txtScribbleHint1  = "Draw a line inside, and lines outside."
	txtScribbleHint2  = "Enter takes it, Backspace steps back."
	txtWireHint1      = "Click along the border."
	txtWireHint2      = "Enter or the first point closes it."
	txtFillHint       = "A hole is filled, a region relabelled."

	txtGrowing     = "Growing"
	txtGrowFailed  = "Growing stopped"
	txtGrowNothing = "What was clicked on is not within %d to %d HU."
	txtGrowFull    = "Growing stopped at %g ml. Narrower HU limits or a smaller radius keep it within the lesion."
)

// How the picture is shown, and windows.
const (
	txtWindowAuto   = "Window: automatic, by the slice's values"
	txtWindowOwn    = "Window: own %d (none yet)"
	txtInvert       = "Exchange black and white"
	txtSaveWindow   = "Keep the present window under a name…"
	txtRemoveWindow = "Forget the present own window"
	txtRemoveNamed  = "Forget the window %s"
	txtPresetHead   = "Keep a window"
	txtPresetOf     = "Keep %s as"
	txtPresetHint   = "Its name"
	txtSave         = "Keep"
	txtWLFine       = "W %.1f  L %.1f"
	txtLinear       = "Smooth by lines, not by curves"
	txtGrid         = "Grid of image points at high zoom"
	txtFullScreen   = "Full screen"
	txtBeside       = "The unmarked slice beside the marked one"
	txtUnmarked     = "Unmarked"
	txtHoldLens     = "Magnifier while held"
	txtLens         = "Magnifier"
	txtCross        = "Cross through the pointer"
	txtCutMeasure   = "Distances and areas are measured in the slice, not in its cuts."
)

// Overlays and their legends.
const (
	txtShowOrigin        = "Show who set each pixel"
	txtShowDifference    = "Show what differs from the proposal"
	txtOverlayNone       = "No overlay"
	txtOverlayUnsure     = "Unsure"
	txtOverlayOrigin     = "Who set it"
	txtOverlayDifference = "Differences"
	txtLegendHeat        = "Probability by the model"
	txtLegendUnsure      = "How unsure the model is"
	txtLegendSure        = "sure"
	txtLegendEven        = "even odds"
	txtLegendOrigin      = "Who set each pixel"
	txtByModel           = "The model"
	txtAddedBy           = "A person added it"
	txtRemovedBy         = "A person removed it"
	txtLegendDifference  = "Labels beside the proposal"
	txtAgreed            = "As proposed"
	txtAddedTo           = "Added"
	txtRemovedFrom       = "Removed"
	txtOtherLabel        = "Another label"
)

// Exports.
const (
	txtExportPreset   = "Format"
	txtExportName     = "Name of the data set"
	txtExportNameHint = "Groundglass"
	txtExportSeries   = "Series"
	txtExportThis     = "This series"
	txtExportAll      = "All %d series that were opened"
	txtExportWindow   = "Window width and level of pictures"
	txtExportHU       = "HU"
	txtExportSquare   = "Square of pixels to the side (empty: as the series is)"
	txtExportSure     = "Least confidence of proposals, 0 to 1 (empty: any)"
	txtExportDoubt    = "Largest doubt of proposals, 0 to 1 (empty: any)"
	txtExportNoSquare = "The side of the square is a whole number of pixels from 16 to 4096, or empty."
	txtExportNoShare  = "Confidence and doubt are numbers from 0 to 1, or empty."
	txtExportHide     = "Leave out the patient's identity, names of files, and original UIDs"
	txtExportPeople   = "Name the people who worked on the labels"
	txtExportKey      = "The key that makes pseudonyms and leads back lies in %s"
	txtExportNewKey   = "A key that makes pseudonyms and leads back will be made: %s"
	txtExportAgain    = "This replaces what you exported there before."
	txtExportThere    = "The folder holds files. They stay; an earlier export is replaced only if you say so."
	txtExportNext     = "Go on…"
	txtExportNoWindow = "The window needs a width of 1 or more and a level, as numbers."

	txtCopyPath     = "Copy the path"
	txtCopied       = "Copied"
	txtNoOpen       = "The folder could not be opened: %v"
	txtIdentityKept = "The patient's identity was kept, and the names of files and folders with it."
	txtIdentityOut  = "The patient's identity was left out. The key that leads back from the pseudonyms lies in %s, as before. Keep it, and give it to nobody."
	txtIdentityMade = "The patient's identity was left out. A key was made that leads back from the pseudonyms: %s. Keep it, and give it to nobody."

	txtLeavingHead    = "What leaves with the export"
	txtLeavingNone    = "Nothing below leaves as it is."
	txtLeavingKept1   = "One of these leaves as it is. Check that it names nobody."
	txtLeavingKept    = "%d of these leave as they are. Check that they name nobody."
	txtLeavingWhat    = "Field"
	txtLeavingHere    = "Here"
	txtLeavingLeaves  = "In the export"
	txtLeavingNothing = "nothing"
	txtBack           = "Back"
)
