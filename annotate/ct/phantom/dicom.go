package phantom

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
)

// UIDs of DICOM PS3.6 that the files name.
const (
	explicitLittleEndian = "1.2.840.10008.1.2.1"
	ctImageStorage       = "1.2.840.10008.5.1.4.1.1.2"
)

// Kinds of UIDs that a phantom makes for itself.
const (
	studyUID = iota
	seriesUID
	frameUID
	instanceUID
	softwareUID
)

// uid derives a UID below 2.25 (DICOM PS3.5 B.2) from what the phantom is, so
// that the same phantom always has the same one.
func (p *Phantom) uid(kind, i int) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "groundglass phantom %d %d %d %g %d %d %d",
		p.size, p.slices, p.seed, p.noise, len(p.ill), kind, i))
	return "2.25." + new(big.Int).SetBytes(sum[:15]).String()
}

// WriteDICOM writes the phantom into a folder, which it makes if need be, as one
// CT Image Storage file a slice in Explicit VR Little Endian. Files appear
// whole or not at all. Progress may be nil.
func (p *Phantom) WriteDICOM(ctx context.Context, dir string, progress func(done, total int)) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("make the phantom's folder: %w", err)
	}
	for i := range p.slices {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.writeFile(filepath.Join(dir, fileName(i)), i); err != nil {
			return fmt.Errorf("write slice %d of the phantom: %w", i+1, err)
		}
		if progress != nil {
			progress(i+1, p.slices)
		}
	}
	return nil
}

// writeFile writes slice i to a temporary file beside path and renames it.
func (p *Phantom) writeFile(path string, i int) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".phantom-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(p.encode(i))
	if e := f.Sync(); err == nil {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// encode is the DICOM file of slice i.
func (p *Phantom) encode(i int) []byte {
	var meta dataset
	meta.add(0x0002, 0x0001, "OB", []byte{0, 1})
	meta.text(0x0002, 0x0002, "UI", ctImageStorage)
	meta.text(0x0002, 0x0003, "UI", p.uid(instanceUID, i))
	meta.text(0x0002, 0x0010, "UI", explicitLittleEndian)
	meta.text(0x0002, 0x0012, "UI", p.uid(softwareUID, 0))
	meta.text(0x0002, 0x0013, "SH", "GROUNDGLASS")

	file := make([]byte, 128, 1024+2*p.size*p.size)
	file = append(file, "DICM"...)
	var length dataset
	length.add(0x0002, 0x0000, "UL", binary.LittleEndian.AppendUint32(nil, uint32(len(meta))))
	file = append(file, length...)
	file = append(file, meta...)
	return append(file, p.elements(i)...)
}

// elements is the data set of slice i, sorted by tag.
func (p *Phantom) elements(i int) dataset {
	mm, gap := p.field/float64(p.size), height/float64(p.slices)
	corner := (0.5 - float64(p.size)/2) * mm
	var d dataset
	d.text(0x0008, 0x0005, "CS", "ISO_IR 192")
	d.text(0x0008, 0x0008, "CS", `DERIVED\PRIMARY\AXIAL`)
	d.text(0x0008, 0x0016, "UI", ctImageStorage)
	d.text(0x0008, 0x0018, "UI", p.uid(instanceUID, i))
	d.text(0x0008, 0x0020, "DA", "20200101")
	d.text(0x0008, 0x0030, "TM", "120000")
	d.text(0x0008, 0x0050, "SH", "")
	d.text(0x0008, 0x0060, "CS", "CT")
	d.text(0x0008, 0x0070, "LO", "Groundglass")
	d.text(0x0008, 0x0090, "PN", "")
	d.text(0x0008, 0x103e, "LO", "Chest phantom")
	d.text(0x0008, 0x1090, "LO", "Phantom")
	d.text(0x0010, 0x0010, "PN", "Phantom^Chest")
	d.text(0x0010, 0x0020, "LO", "PHANTOM")
	d.text(0x0010, 0x0030, "DA", "")
	d.text(0x0010, 0x0040, "CS", "O")
	d.text(0x0018, 0x0015, "CS", "CHEST")
	d.text(0x0018, 0x0050, "DS", decimal(gap))
	d.text(0x0018, 0x0060, "DS", "120")
	d.text(0x0018, 0x5100, "CS", "HFS")
	d.text(0x0020, 0x000d, "UI", p.uid(studyUID, 0))
	d.text(0x0020, 0x000e, "UI", p.uid(seriesUID, 0))
	d.text(0x0020, 0x0010, "SH", "1")
	d.text(0x0020, 0x0011, "IS", "1")
	d.text(0x0020, 0x0012, "IS", "1")
	d.text(0x0020, 0x0013, "IS", strconv.Itoa(i+1))
	d.text(0x0020, 0x0032, "DS", decimal(corner)+`\`+decimal(corner)+`\`+decimal(p.height(i)))
	d.text(0x0020, 0x0037, "DS", `1\0\0\0\1\0`)
	d.text(0x0020, 0x0052, "UI", p.uid(frameUID, 0))
	d.text(0x0020, 0x1040, "LO", "")
	d.short(0x0028, 0x0002, 1)
	d.text(0x0028, 0x0004, "CS", "MONOCHROME2")
	d.short(0x0028, 0x0010, p.size)
	d.short(0x0028, 0x0011, p.size)
	d.text(0x0028, 0x0030, "DS", decimal(mm)+`\`+decimal(mm))
	d.short(0x0028, 0x0100, 16)
	d.short(0x0028, 0x0101, 12)
	d.short(0x0028, 0x0102, 11)
	d.short(0x0028, 0x0103, 0)
	d.text(0x0028, 0x1050, "DS", "-600")
	d.text(0x0028, 0x1051, "DS", "1500")
	d.text(0x0028, 0x1052, "DS", strconv.Itoa(minHU))
	d.text(0x0028, 0x1053, "DS", "1")
	d.text(0x0028, 0x1054, "LO", "HU")
	hu := p.paint(i).scan(i)
	pixels := make([]byte, 0, 2*len(hu))
	for _, v := range hu {
		pixels = binary.LittleEndian.AppendUint16(pixels, uint16(v-minHU))
	}
	d.add(0x7fe0, 0x0010, "OW", pixels)
	return d
}

// decimal writes a number as a Decimal String of at most 16 characters.
func decimal(v float64) string {
	for digits := 15; ; digits-- {
		if s := strconv.FormatFloat(v, 'g', digits, 64); len(s) <= 16 {
			return s
		}
	}
}

// dataset is a run of encoded data elements (DICOM PS3.5 7.1.2).
type dataset []byte

// add appends one element, whose value must have an even length.
func (d *dataset) add(group, element uint16, vr string, value []byte) {
	le := binary.LittleEndian
	b := le.AppendUint16(le.AppendUint16(*d, group), element)
	b = append(b, vr...)
	if vr == "OB" || vr == "OW" {
		b = le.AppendUint32(append(b, 0, 0), uint32(len(value)))
	} else {
		b = le.AppendUint16(b, uint16(len(value)))
	}
	*d = append(b, value...)
}

// text appends a string, padded to an even length.
func (d *dataset) text(group, element uint16, vr, value string) {
	if len(value)%2 == 1 {
		if vr == "UI" {
			value += "\x00"
		} else {
			value += " "
		}
	}
	d.add(group, element, vr, []byte(value))
}

// short appends an unsigned 16-bit number.
func (d *dataset) short(group, element uint16, value int) {
	d.add(group, element, "US", binary.LittleEndian.AppendUint16(nil, uint16(value)))
}
