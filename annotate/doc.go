// Package annotate is the document that a labeller edits: one label mask for
// each slice of a series, who set each pixel, and the history of changes.
//
// Start with NewSession, give it tools with SetTool and pointer events with
// Press, Drag and Release, model output with BeginProposal and Propose, and
// labels drawn elsewhere with Import. Operate changes whole slices.
// Mask returns what to show; OnChange says when to show it anew.
//
// The package keeps two layers apart. The human layer is stored: every pixel
// that a person added or removed. The proposal layer is derived: every other
// pixel is a pure function of the slice's probability map and kinds, the threshold
// and the connectivity, by which a Connector from outside makes proposals hang together.
// So neither a new proposal nor a slider can change a pixel that a person set, and taking a stroke back shows what the model says now, not what it said
// when the stroke was drawn.
//
// What a person's acts may write is limited by the label table, where labels can be
// locked, and what tools may by the PaintRule too.
//
// OnRecord tells each step of the work as bytes that can be written down; a
// Replayer does them again, with all that can be undone and redone.
//
// A Session belongs to one goroutine and has no locks. Snapshot hands a frozen
// view to others.
package annotate
