package cli

import (
	"bytes"
	"encoding/json"

	"groundglass/annotate/ct"
	"groundglass/annotate/deid"
	"groundglass/annotate/export"
)

// WithoutIdentity is what leaves where the patient's identity is left out: pseudonyms
// by a key, and no words that people typed.
func WithoutIdentity(key *deid.Key) export.Identity {
	return export.Identity{
		Method:  "pseudonyms by a key; UIDs mapped; dates moved; times of studies, descriptions and names of files left out",
		UID:     key.UID,
		Patient: key.Patient,
		Days:    key.Days,
		Words:   func(string) string { return "" },
		Case: func(s *ct.Series) string {
			return key.Patient(whom(s)) + "_" + key.Folder(of(s))
		},
	}
}

// whom is what tells a series' patient from others.
func whom(s *ct.Series) string {
	for _, id := range []string{s.Patient.ID, s.Patient.Name, s.StudyUID} {
		if id != "" {
			return id
		}
	}
	return s.Sources[0].File
}

// of is what tells a series from others.
func of(s *ct.Series) string {
	if s.UID != "" {
		return s.UID
	}
	return s.Sources[0].File
}

// WithoutPeople is an identity that leaves out who worked on the labels, too.
func WithoutPeople(d export.Identity) export.Identity {
	d.Person = func(string) string { return "somebody" }
	d.Audit = func(audit []byte) []byte { return anonymousAudit(audit) }
	return d
}

// anonymousAudit is an audit log without its users. Lines that are no JSON are left out.
func anonymousAudit(audit []byte) []byte {
	var out bytes.Buffer
	for line := range bytes.Lines(audit) {
		var fields map[string]json.RawMessage
		if json.Unmarshal(line, &fields) != nil {
			continue
		}
		if _, ok := fields["user"]; ok {
			fields["user"] = json.RawMessage(`"somebody"`)
		}
		if b, err := json.Marshal(fields); err == nil {
			out.Write(append(b, '\n'))
		}
	}
	return out.Bytes()
}
