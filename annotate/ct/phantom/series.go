package phantom

import (
	"fmt"

	"groundglass/annotate/ct"
)

// Series returns the phantom's CT, the slice nearest the feet first, as the
// files of WriteDICOM would be read.
func (p *Phantom) Series() *ct.Series {
	mm, gap := p.field/float64(p.size), height/float64(p.slices)
	corner := (0.5 - float64(p.size)/2) * mm
	meta := ct.Series{
		UID: p.uid(seriesUID, 0), Description: "Chest phantom", Modality: "CT",
		Rows: p.size, Columns: p.size,
		Geometry: ct.Geometry{
			Row: [3]float64{1, 0, 0}, Column: [3]float64{0, 1, 0},
			Origin: [3]float64{corner, corner, p.height(0)}, Step: [3]float64{0, 0, gap},
			Spacing: [3]float64{mm, mm, gap}, Known: true,
		},
		Window: ct.Lung, TransferSyntaxes: []string{explicitLittleEndian},
		StudyUID: p.uid(studyUID, 0), FrameOfReferenceUID: p.uid(frameUID, 0),
	}
	for i := range p.slices {
		meta.Sources = append(meta.Sources, ct.Source{
			File: fileName(i), SOPInstanceUID: p.uid(instanceUID, i), SOPClassUID: ctImageStorage,
			InstanceNumber: i + 1, PositionMM: p.height(i), HasPosition: true,
		})
	}
	return ct.NewSeries(meta, p.slice)
}

// fileName is the name of slice i's file.
func fileName(i int) string { return fmt.Sprintf("phantom_%04d.dcm", i+1) }
