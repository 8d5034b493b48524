package codec

import (
	"errors"
	"fmt"
)

// Start-of-frame markers tell the processes of JPEG apart (T.81 table B.1).
const (
	sofBaseline    = 0xc0
	sofExtended    = 0xc1
	sofProgressive = 0xc2
	sofLossless    = 0xc3
)

// DecodeJPEG decodes JPEG with Huffman coding (T.81): the baseline and the
// extended sequential process with 8 or 12 bits, and the lossless process with
// 2 to 16. The data says itself which of them it is.
func DecodeJPEG(data []byte, p Params) ([]int32, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	h, err := parseJPEG(data)
	if err != nil {
		return nil, err
	}
	if err := p.match(h.rows, h.columns, h.precision, h.components); err != nil {
		return nil, err
	}
	var out []int32
	switch h.process {
	case sofBaseline, sofExtended:
		out, err = h.decodeSequential()
	case sofLossless:
		out, err = h.decodeLossless()
	case sofProgressive:
		return nil, errors.New("progressive JPEG, which DICOM has retired, is not supported")
	default:
		return nil, fmt.Errorf("JPEG of process %d is not supported", h.process-sofBaseline)
	}
	if err != nil {
		return nil, err
	}
	if p.Signed || h.process == sofLossless { // the others keep to their range
		p.settle(out, h.precision)
	}
	return out, nil
}
