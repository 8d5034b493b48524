package derived

import "fmt"

// Terms of SNOMED CT for the kinds of what is segmented (PS3.16 CID 7150).
var (
	altered   = Code{"SCT", "49755003", "Morphologically Altered Structure"}
	anatomy   = Code{"SCT", "123037004", "Anatomical Structure"}
	lungTerms = map[string]bool{"39607008": true, "3341006": true, "44029006": true} // lung, right, left
)

// category is the label's, or what its code has.
func (l Label) category() Code {
	switch {
	case l.Category != Code{}:
		return l.Category
	case l.Code.Scheme == "SCT" && lungTerms[l.Code.Value]:
		return anatomy
	}
	return altered
}

// code is what the label means; where nobody has coded it, a term of the program's
// own scheme whose meaning is the label's name.
func (l Label) code() Code {
	if l.Code.Scheme != "" && l.Code.Value != "" && l.Code.Meaning != "" {
		return l.Code
	}
	meaning := Clean(l.Name, 64)
	if meaning == "" {
		meaning = fmt.Sprintf("Label %d", l.Number)
	}
	return Code{"99GROUNDGLASS", fmt.Sprintf("LABEL%d", l.Number), meaning}
}

// algorithm names what proposed the pixels.
func (m Maker) algorithm() string {
	if m.Model != "" {
		return m.Model
	}
	return m.Program
}
