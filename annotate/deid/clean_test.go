package deid

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strings"
	"testing"

	"groundglass/annotate/ct/dicom"
	"groundglass/annotate/ct/dicom/dicomtest"
)

func words16(n, first int) []uint16 {
	p := make([]uint16, n)
	for i := range p {
		p[i] = uint16(first + i)
	}
	return p
}

// ct is a small CT image with a patient.
func ctImage() dicomtest.Dataset {
	d := dicomtest.CT(4, 2, 5, words16(8, 1000))
	d.Set(patientName, "PN", "Meyerbeer^Gia")
	d.Set(patientID, "LO", "ID-7771")
	d.Set(0x00080020, "DA", "20040119")
	return d
}

func pixelsOf(t *testing.T, o *dicom.Object) []byte {
	t.Helper()
	r, err := o.Pixels()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestEncodingsStay(t *testing.T) {
	key := NewKey()
	for syntax, want := range map[string]string{
		dicomtest.ImplicitLittle: dicomtest.ImplicitLittle, dicomtest.ExplicitLittle: dicomtest.ExplicitLittle,
		dicomtest.ExplicitBig: dicomtest.ExplicitBig, dicomtest.Deflated: dicomtest.ExplicitLittle,
	} {
		d := ctImage()
		d.Set(0x00081140, "SQ", []dicomtest.Dataset{{0x00081155: {Tag: 0x00081155, VR: "UI", Value: "1.2.3.5000"}}})
		data := dicomtest.Write(syntax, d)
		was, err := dicom.ReadObject(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		object, out, r := cleaned(t, data, key, Options{})
		if got := object.Encoding().Syntax; got != want {
			t.Errorf("%s became %s", syntax, got)
		}
		if !bytes.Equal(pixelsOf(t, was), pixelsOf(t, object)) {
			t.Errorf("%s: other pixels", syntax)
		}
		for tag, text := range map[uint32]string{patientName: key.Patient("ID-7771"), patientID: r.Patient, 0x00080020: "", instanceUID: key.UID("1.2.3.5000"),
			modality: "CT", characterSet: "ISO_IR 192", identityRemoved: "YES", datesModified: "REMOVED", method: Method} {
			if got := object.Text(tag); got != text {
				t.Errorf("%s: %08X is %q, want %q", syntax, tag, got, text)
			}
		}
		if got := object.First(0x00081140).Text(0x00081155); got != object.Text(instanceUID) {
			t.Errorf("%s: a reference to the image itself is to %s now", syntax, got)
		}
		if got := object.Integer(0x00280010, 0); got != 2 {
			t.Errorf("%s: %d rows", syntax, got)
		}
		if bytes.Contains(out[:128], []byte{1}) || !bytes.Contains(out[:600], []byte(r.Instance)) {
			t.Errorf("%s: the preamble is not empty, or the meta group does not name the instance", syntax)
		}
	}
}

func TestFragmentsStay(t *testing.T) {
	d := ctImage()
	a, b := []byte{1, 2, 3, 4}, []byte{5, 6}
	data := dicomtest.Encapsulated("1.2.840.10008.1.2.4.70", d, []byte{0, 0, 0, 0}, a, b)
	object, out, _ := cleaned(t, data, NewKey(), Options{})
	if object.Encoding().Syntax != "1.2.840.10008.1.2.4.70" {
		t.Error(object.Encoding())
	}
	i, j := bytes.Index(data, []byte("\xe0\x7f\x10\x00OB")), bytes.Index(out, []byte("\xe0\x7f\x10\x00OB"))
	if !bytes.Equal(data[i:], out[j:]) {
		t.Errorf("% x became % x", data[i:], out[j:])
	}
}

// Private groups, curves, overlays, unknown attributes and foreign names go, at every
// depth, and with them what they hold.
func TestUnlisted(t *testing.T) {
	d := ctImage()
	inner := dicomtest.Dataset{}
	for _, s := range []dicomtest.Dataset{d, inner} {
		s.Set(0x00091001, "LO", "Zebra")
		s.Set(0x00191010, "SQ", []dicomtest.Dataset{{patientName: {Tag: patientName, VR: "PN", Value: "Zebra"}}})
		s.Set(0x50003000, "OW", []byte("Zebra0"))
		s.Set(0x50000022, "LO", "Zebra")
		s.Set(0x60000022, "LO", "Zebra")
		s.Set(0x60023000, "OW", []byte("Zebra0"))
		s.Set(0x00089990, "LO", "Zebra")
		s.Set(0x00080000, "UL", []byte{1, 0, 0, 0})
		s.Set(0x00180022, "CS", "HELIX")
	}
	d.Set(0x52009229, "SQ", []dicomtest.Dataset{inner})
	object, out, r := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{true, KeepDates, true, true, true})
	if bytes.Contains(out, []byte("Zebra")) {
		t.Error("an attribute that is unknown is still there")
	}
	if object.First(0x52009229).Text(0x00180022) != "HELIX" || object.Text(0x00180022) != "HELIX" {
		t.Error("an attribute that says nothing is gone")
	}
	told := 0
	for _, c := range r.Changes {
		if c.Original == "Zebra" && c.Action == Remove {
			told++
		}
	}
	if told != 2*4 {
		t.Errorf("%d of the removals are in the report: %+v", told, r.Changes)
	}
}

// A name that people wrote into a text that stays takes the text with it.
func TestNamesInTexts(t *testing.T) {
	d := ctImage()
	d.Set(0x00181210, "SH", "lung for gia m")
	d.Set(0x00181160, "SH", "giant lung")
	d.Set(0x00081090, "LO", "Scanner of MEYERBEER, old") // manufacturer's model name
	d.Set(0x00080070, "LO", "Meyerbeers")                // another word
	object, _, _ := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
	for tag, want := range map[uint32]string{0x00181210: anonymized, 0x00181160: "giant lung", 0x00081090: anonymized, 0x00080070: anonymized} {
		if got := object.Text(tag); got != want {
			t.Errorf("%08X is %q, want %q", tag, got, want)
		}
	}
}

// Texts of any character set become UTF-8.
func TestCharacterSets(t *testing.T) {
	d := ctImage()
	d.Set(characterSet, "CS", "ISO_IR 100")
	d.Set(0x00081090, "LO", "Ger\xe4t")
	d.Set(0x52009229, "SQ", []dicomtest.Dataset{{
		characterSet: {Tag: characterSet, VR: "CS", Value: "ISO_IR 144"},
		0x00081090:   {Tag: 0x00081090, VR: "LO", Value: "\xbb\xee\xda"},
	}})
	object, out, _ := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
	if got := object.Text(0x00081090); got != "Gerät" {
		t.Errorf("%q", got)
	}
	if !bytes.Contains(out, []byte("Люк")) && !bytes.Contains(out, []byte("Лок")) {
		t.Error("the text with a character set of its own is not in UTF-8")
	}
	if object.First(0x52009229).Has(characterSet) {
		t.Error("an item still names a character set")
	}
}

// Bits beside the stored ones are cleared where they hold something, and padding
// stays.
func TestOverlaysInPixels(t *testing.T) {
	for name, c := range map[string]struct {
		signed    int
		high      int
		in, want  []uint16
		unchanged bool
	}{
		"unsigned":         {0, 11, []uint16{0x0123, 0x1123, 0xf456, 0x0fff}, []uint16{0x123, 0x123, 0x456, 0xfff}, false},
		"nothing there":    {0, 11, []uint16{0x0123, 0x0fff, 0, 1}, []uint16{0x0123, 0x0fff, 0, 1}, true},
		"signed, extended": {1, 11, []uint16{0xffff, 0xf800, 0x07ff, 0}, []uint16{0xffff, 0xf800, 0x07ff, 0}, true},
		"signed, plain":    {1, 11, []uint16{0x0fff, 0x0800, 0x07ff, 0}, []uint16{0x0fff, 0x0800, 0x07ff, 0}, true},
		"signed, mixed":    {1, 11, []uint16{0x0fff, 0xf800, 0x17ff, 0}, []uint16{0xffff, 0xf800, 0x07ff, 0}, false},
		"low bits":         {0, 15, []uint16{0x1230, 0x1231, 0xffff, 0}, []uint16{0x1230, 0x1230, 0xfff0, 0}, false},
		"padding":          {0, 11, []uint16{0xf830, 0x1001, 2, 3}, []uint16{0xf830, 1, 2, 3}, false},
	} {
		d := dicomtest.CT(2, 2, 0, c.in)
		d.Set(bitsStored, "US", 12)
		d.Set(highBit, "US", c.high)
		d.Set(pixelSign, "US", c.signed)
		d.Set(paddingValue, "US", 0xf830)
		object, _, r := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{})
		got := pixelsOf(t, object)
		for i, want := range c.want {
			if v := binary.LittleEndian.Uint16(got[2*i:]); v != want {
				t.Errorf("%s: %04x became %04x, want %04x", name, c.in[i], v, want)
			}
		}
		told := false
		for _, change := range r.Changes {
			told = told || change.Tag == pixelData
		}
		if told == c.unchanged {
			t.Errorf("%s: the report has a change of pixels: %v", name, told)
		}
	}
}

func TestRefused(t *testing.T) {
	overlay := ctImage()
	overlay.Set(0x60000102, "US", 12)
	directory := dicomtest.Dataset{directoryRecords: {Tag: directoryRecords, VR: "SQ", Value: []dicomtest.Dataset{{patientName: {Tag: patientName, VR: "PN", Value: "Zebra"}}}}}
	odd := ctImage()
	odd.Set(bitsAllocated, "US", 12)
	odd.Set(bitsStored, "US", 10)
	for want, data := range map[string][]byte{
		"within the compressed pixels": dicomtest.Encapsulated("1.2.840.10008.1.2.4.70", overlay, nil, []byte{1, 2}),
		"a directory of DICOM files":   dicomtest.Write(dicomtest.ExplicitLittle, directory),
		"10 bits stored":               dicomtest.Write(dicomtest.ExplicitLittle, odd),
		"not a DICOM file":             []byte("Zebra"),
	} {
		_, err := Clean(context.Background(), bytes.NewReader(data), int64(len(data)), io.Discard, NewKey(), Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("the error is %v, want one with %q", err, want)
		}
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	data := dicomtest.Write(dicomtest.ExplicitLittle, ctImage())
	if _, err := Clean(ctx, bytes.NewReader(data), int64(len(data)), io.Discard, NewKey(), Options{}); err != context.Canceled {
		t.Error(err)
	}
}

func TestDates(t *testing.T) {
	for _, c := range []struct {
		vr, value, want string
		ok              bool
	}{
		{"DA", "20240301", "20240229", true}, {"DA", "2004.01.01", "20031231", true}, {"DA", `20240301\20240101`, `20240229\20231231`, true},
		{"DT", "20240301101112.000000+0100", "20240229101112.000000+0100", true}, {"DA", "", "", true},
		{"DA", "20241301", "", false}, {"DT", "2024", "", false}, {"DA", "yesterday", "", false}, {"DA", "00010101", "", false},
	} {
		if got, ok := shift(c.vr, c.value, -1); got != c.want || ok != c.ok {
			t.Errorf("%s %s became %q, %v", c.vr, c.value, got, ok)
		}
	}
}

// What was done to dates before is not forgotten.
func TestTemporal(t *testing.T) {
	for before, want := range map[string][3]string{"": {"REMOVED", "MODIFIED", "UNMODIFIED"}, "MODIFIED": {"REMOVED", "MODIFIED", "MODIFIED"}, "REMOVED": {"REMOVED", "REMOVED", "REMOVED"}} {
		for dates, want := range want {
			d := ctImage()
			d.Set(datesModified, "CS", before)
			object, _, _ := cleaned(t, dicomtest.Write(dicomtest.ExplicitLittle, d), NewKey(), Options{Dates: Dates(dates)})
			if got := object.Text(datesModified); got != want {
				t.Errorf("%q and %d became %s, want %s", before, dates, got, want)
			}
		}
	}
}

func TestTidy(t *testing.T) {
	for text, want := range map[string]string{
		"Thorax^Meyerbeer 5.0mm B60f": "Thorax 5.0mm B60f", "LUNG HRCT Dr. Smith 20040119": "LUNG HRCT", "Mr. Jones 1234567": "MR", "Smith": "",
	} {
		if got := tidy(text); !strings.EqualFold(got, want) {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}
