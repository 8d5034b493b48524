package labels

// Key is what is known of the key by which an export left the patient's identity out. Each
// of its functions may be nil, where no key is known.
type Key struct {
	UID     func(uid string) string // what files have in place of a UID of the images
	Patient func(id string) string  // what files have in place of a patient's ID
	Made    func(id string) bool    // whether a UID or a patient's ID is one that the key gave
}

// uid is k.UID; "" where no key is known.
func (k Key) uid(uid string) string {
	if k.UID == nil {
		return ""
	}
	return k.UID(uid)
}

// patient is k.Patient; "" where no key is known.
func (k Key) patient(id string) string {
	if k.Patient == nil {
		return ""
	}
	return k.Patient(id)
}

func (k Key) made(id string) bool { return k.Made != nil && k.Made(id) }
