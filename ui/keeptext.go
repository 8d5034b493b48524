package ui

// Keeping work on disk.
const (
	txtRestoring     = "Reading the work"
	txtSaved         = "Saved"
	txtSaving        = "Saving…"
	txtNotSaved      = "Not saved"
	txtSavedToExport = "%s · %s to export"
	txtGoesOn        = "The work on these images goes on where it was left."
	txtRecovered     = "The program was cut off: all up to the last finished step (%s) is here."
	txtNotKept       = "Not saved: %s Ctrl+Shift+S saves elsewhere."
	txtKeptAgain     = "All work is saved again."
	txtSavedIn       = "All work is saved, step by step, in %s"
	txtImagesChanged = "The images of %s changed since: see whether the masks fit."
	txtCrashHead     = "The program stopped unexpectedly"
	txtCrash         = "When it last ran, the program stopped by an error of its own. Your work up to then is on disk, and there when you open the images again. A report for the developers lies in %s; nothing is sent anywhere."
	txtOpenReport    = "Open the folder"
	txtDamageHead    = "Parts of the saved work are damaged"
	txtDamage        = "What could be read is here. Damaged files are kept beside the others, under a name that ends in .damaged."
	txtNotSavedHead  = "Work is not saved"
	txtNotSavedAsk   = "%s What was done since is lost if you go on."
	txtSaveNow       = "Save"
	txtSaveProject   = "Save project as…"
	txtSaveButton    = "Save"
	txtProjectHead   = "Save project as"
	txtProjectNote   = "A new folder that holds all work: masks, maps, and what can be undone. From then on, each step is saved there. Images stay where they are."
	txtProjectFailed = "The project could not be saved there"
)
