"""What highdicom reads in each DICOM segmentation (*.dcm) of a folder.

Masks are by slice, in the order of the instances that the segmentation refers to, or of the frames of the one instance
up to the last that is in it: the segments' numbers, or the one segment's stored values where it is fractional. Spacing is between rows, columns. The affine is of
the first image that a frame is of, in DICOM's frame (LPS).
"""

import highdicom as hd
import numpy as np
import pydicom

from judgement import main, stem


def planes(seg):
    whole = not seg.segmentation_type.value == "BINARY"
    # Frames of a multi-frame source are asked for by number, images of one frame by UID.
    items = seg.ReferencedSeriesSequence[0].ReferencedInstanceSequence
    sources = [g.DerivationImageSequence[0].SourceImageSequence[0] for g in seg.PerFrameFunctionalGroupsSequence]
    frames = [int(s.ReferencedFrameNumber) for s in sources if "ReferencedFrameNumber" in s]
    ask = dict(assert_missing_frames_are_empty=True, ignore_spatial_locations=True, combine_segments=not whole, rescale_fractional=False)
    if frames:
        got = seg.get_pixels_by_source_frame(items[0].ReferencedSOPInstanceUID, list(range(1, max(frames) + 1)), **ask)
    else:
        got = seg.get_pixels_by_source_instance([i.ReferencedSOPInstanceUID for i in items], **ask)
    return got[..., 0] if whole else got


def judge(folder, result):
    for path in sorted(folder.glob("*.dcm")):
        seg = hd.seg.segread(path)
        result.mask(stem(path), planes(seg))
        shared = seg.SharedFunctionalGroupsSequence[0]
        spacing = shared.PixelMeasuresSequence[0].PixelSpacing
        result.spacing[stem(path)] = [float(v) for v in spacing]
        rotated = hd.spatial.create_rotation_matrix(shared.PlaneOrientationSequence[0].ImageOrientationPatient, pixel_spacing=spacing)
        affine = np.eye(4)
        affine[:3, :3] = rotated
        affine[:3, 3] = seg.PerFrameFunctionalGroupsSequence[0].PlanePositionSequence[0].ImagePositionPatient
        result.affine[stem(path)] = affine.tolist()
        for k, s in enumerate(seg.SegmentSequence):
            if seg.get_segment_description(k + 1).segment_label != s.SegmentLabel:
                result.problem(f"{path.name}: segment {k + 1} has no description")


main(judge)
