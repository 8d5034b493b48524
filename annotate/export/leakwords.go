package export

import "groundglass/annotate/internal/leak"

// vocabulary are the words of three letters and more that exports have whoever they are of:
// keys, names of files and folders, and sentences.
const vocabulary = `
accepted added bbox categories contributor doctor height multi multiclassinfection affine and annotations area audit background bytes case cases category centre channel checksum chest
class coco code color column columns confidence connectivity consolidation counts crowd csv data dataset dates dcm
decathlon deidentified description descriptions directory doubt edge effusion ending export exported false file files fill
finding fingerprint first flags folds foreground format fractional frame glass ground groundglass group held holes human
identity image imagedata imageheight imagepath images imagesets imagestr imagewidth imgs info instance iscrowd
joined jpegimages json key kind known knows label labelled labelme labels labelstr largest last least left lesion
lesions level limits line lung lunginfection manifest mapped mask masks mean meaning medseg modality model moved
name names new nifti nii nnunet none null numtest numtraining opacity out outline overwrite palette patient pictures
pixels planes pleural png points polygon polygons position prediction preset prior probability program proposed
provenance pseudo pseudonyms reader rejected remarks removed right row rows rtstruct scheme sct seg segmentation
segmentationclass segments semiseg semisupervised series set shape shapes share sides simpleitkio since size slice
slices sop source spacing spent split status supercategory supervised syntaxes table tensorimagesize test that the
thickness threshold train training trainingset trainval transfer true tvunet txt type uid uids unlabelled val
validation value values version voc volume voxels warnings weight weights width window work writer yaml yolo
altered for imagepositionpatient morphologically operation probabilities processing referencedsegmentnumber structure study
times unet bottom orientation top
`

// ownWords are the words that a case's export has on purpose, as they are compared: its
// pseudonyms, its labels, and the vocabulary.
func ownWords(c *Case, e *CaseEntry) map[string]bool {
	out := map[string]bool{}
	add := func(text string) {
		for _, w := range leak.Words(text) {
			out[leak.Fold(w)] = true
		}
	}
	add(vocabulary)
	add(e.Case)
	add(e.Patient)
	for _, l := range c.Labels {
		add(l.Name)
		add(l.Code.Scheme)
		add(l.Code.Meaning)
	}
	return out
}
