package segment

import "errors"

// slot is the input and the output of one run.
type slot struct {
	in, out []*Tensor
	side    int
}

func (c Card) newSlot(batch, side int) (*slot, error) {
	in, err := NewFloat(c.inputShape(batch, side), nil)
	if err != nil {
		return nil, err
	}
	out, err := NewFloat(c.outputShape(batch, side), nil)
	if err != nil {
		in.Close()
		return nil, err
	}
	return &slot{[]*Tensor{in}, []*Tensor{out}, side}, nil
}

func (t *slot) close() {
	t.in[0].Close()
	t.out[0].Close()
}

// take hands out tensors that no other run uses.
func (m *Model) take(side int) (*slot, error) {
	select {
	case t := <-m.idle:
		if t.side == side {
			return t, nil
		}
		t.close()
	default:
	}
	return m.card.newSlot(m.batch, side)
}

// put takes tensors back.
func (m *Model) put(t *slot) {
	select {
	case m.idle <- t:
	default:
		t.close()
	}
}

// errClosed means that a session was closed before the run.
var errClosed = errors.New("the session is closed")
