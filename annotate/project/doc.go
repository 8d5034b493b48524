// Package project keeps the work on series of CT on disk, so that no stroke is
// lost: whatever happens to the program, the machine or the disk, all that a
// person did up to the unfinished stroke is there when the folder is next opened.
//
// Open takes the folder of a project, which it makes and locks; Project.Keep
// brings the work on a series back into a new session and writes down each
// further step. FORMAT.md says what the files hold.
//
// Nothing here is ever dropped without a word: what a damaged file held is named
// in a Report, and the file itself is kept under another name.
package project
