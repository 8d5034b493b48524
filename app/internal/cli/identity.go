package cli

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"

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
		Whose:   whom,
		Words:   func(string) string { return "" },
		Case: func(s *ct.Series) string {
			who := s.Patient.ID
			if !pseudonymous(s) || strings.ContainsFunc(who, unusual) || who == "" {
				who = key.Patient(whom(s))
			}
			return who + "_" + key.Folder(of(s))
		},
		Done: pseudonymous,
	}
}

// pseudonymous reports whether the images of a series say that this program took out of them whom they show.
func pseudonymous(s *ct.Series) bool { return s.Patient.Removed && deid.Made(s.Patient.RemovedBy) }

// unusual tells what is in no pseudonym of a key.
func unusual(r rune) bool { return (r < '0' || r > '9') && (r < 'a' || r > 'z') }

// IdentityNotes says, of images that were de-identified before, what becomes of their UIDs. Keeping names what would keep
// them.
func IdentityNotes(c *export.Case, o export.Options, keeping string) []string {
	switch s := c.Series; {
	case o.Identity.Kept() || !s.Patient.Removed:
		return nil
	case pseudonymous(s):
		return []string{"This program took the identity out of the images before: their UIDs and the patient's pseudonym leave as they are, so that the labels refer to these images."}
	default:
		by := "another program"
		if s.Patient.RemovedBy != "" {
			by = fmt.Sprintf("another program (%.64q)", s.Patient.RemovedBy)
		}
		return []string{fmt.Sprintf("The images say that %s took the identity out of them. Their UIDs are mapped all the same, so that only the key leads from the labels to these images: %s would keep their UIDs.", by, keeping)}
	}
}

// whom is what tells a series' patient from others, as deidentify does.
func whom(s *ct.Series) string {
	if who := s.Person().Whom(); who != "" {
		return who
	}
	return s.Sources[0].File
}

// severalPatients warns where series of one pseudonym seem to be of several patients.
func severalPatients(all []*ct.Series, d export.Identity) (out []string) {
	var seen deid.Patients
	for _, s := range all {
		if d.Kept() || d.Patient == nil || s.Patient.ID == "" || pseudonymous(s) {
			continue
		}
		if told := seen.Add(d.Patient(whom(s)), s.Person()); told != "" {
			out = append(out, told)
		}
	}
	return out
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
