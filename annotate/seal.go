package annotate

import (
	"errors"
	"image"
)

// ErrSealed is the error of what a sealed session refuses.
var ErrSealed = errors.New("the work is to look at only")

// Seal makes the session refuse all that a person does to masks, setting, labels
// and history, or takes it back. What is refused changes nothing and is told as
// Refused. Proposals still come, and labels can still be hidden.
func (s *Session) Seal(on bool) {
	s.FinishStroke()
	s.sealed = on
	s.emit(s.current, image.Rectangle{}, HistoryChanged|StatusChanged)
}

// Sealed reports whether the session is sealed.
func (s *Session) Sealed() bool { return s.sealed }

// refuses reports whether the session is sealed, and tells what is refused.
func (s *Session) refuses() bool {
	if s.sealed {
		s.emit(s.current, image.Rectangle{}, Refused)
	}
	return s.sealed
}
