"""Compares de-identified DICOM files with their originals, read by pydicom, attribute by attribute at every depth.

usage: judge.py TABLE TEXTS PAIRS, where TABLE is the standard's table as CSV, TEXTS what becomes of texts that are not in
it, and PAIRS a file of lines "original TAB cleaned".
Prints a line of counts and then one for each problem.
"""
import csv
import sys
import warnings

import pydicom
from pydicom.datadict import dictionary_has_tag, keyword_for_tag
from pydicom.uid import UID

warnings.filterwarnings("ignore")
pydicom.config.settings.reading_validation_mode = pydicom.config.IGNORE

table = {row["tag"]: row for row in csv.DictReader(open(sys.argv[1]))}
listed_texts = {row["tag"]: set(row["action"].split("/")) for row in csv.DictReader(open(sys.argv[2]))}
FREE = ("LO", "SH", "ST", "LT", "UT", "UC", "AE", "UR")
METHODS = {"SpecificCharacterSet", "PatientIdentityRemoved", "DeidentificationMethod",
           "DeidentificationMethodCodeSequence", "LongitudinalTemporalInformationModified"}
KINDS = ("SOPClass", "TransferSyntax", "CodingScheme", "Mapping", "ContextUID", "ContextGroup")
DUMMIES = ("", "0", "19000101", "000000", "ANONYMIZED")
problems, uids = [], {}
counts = dict(files=0, attributes=0, removed=0, emptied=0, replaced=0, mapped=0, same=0)


def actions(elem):
    """What may become of an element by the profile alone."""
    group = elem.tag.group
    if elem.tag.is_private or group >> 8 in (0x50, 0x60) or group >= 0xfffa or elem.tag.element == 0:
        return {"X"}
    row = table.get("%08X" % elem.tag)
    if row:
        return set(row["basic"].replace("*", "").split("/"))
    word = keyword_for_tag(elem.tag)
    if elem.VR == "PN" or elem.VR in ("DA", "DT", "TM") or not dictionary_has_tag(elem.tag):
        return {"X"}
    if elem.VR == "UI" and not any(k in word for k in KINDS):
        return {"U"}
    if elem.VR in FREE:
        return listed_texts.get("%08X" % elem.tag, {"Z"})
    return {"K", "X"} if not word else {"K"}


def texts(elem):
    v = elem.value
    return [str(x) for x in v] if elem.VM > 1 else [] if v is None else [str(v)]


def same(a, b):
    if a.value is None or b.value is None or a.value == "" or b.value == "":
        return not a.value and not b.value
    if a.keyword == "PixelData":
        return same_pixels(bytes(a.value), bytes(b.value))
    if isinstance(a.value, bytes):
        return a.value.rstrip(b"\0 ") == bytes(b.value).rstrip(b"\0 ")
    return [t.strip() for t in texts(a)] == [t.strip() for t in texts(b)]


def same_pixels(a, b):
    """Whether pixel data is the same, but for what is behind it, or beside compressed pixels, where zeros are now."""
    if len(a) == len(b):
        return all(x == y or y == 0 for x, y in zip(a, b)) if a != b else True
    return a.rstrip(b"\0 ") == b.rstrip(b"\0 ") or a[:len(b)] == b


def numbers(ds):
    """The numbers of people in a file, without zeros in front."""
    return {str(e.value).strip().lstrip("0") for e in ds.iterall()
            if e.keyword in ("PatientID", "OtherPatientIDs", "AccessionNumber", "StudyID", "AdmissionID") and e.value}


def told(elem, now, people):
    """Whether a value that would stay goes since it tells a person, or is no number where
    it should be: its words are a dummy, its number is one of people."""
    was, left = texts(elem), texts(now)
    if elem.VR in ("IS", "DS") and not now.value:
        return bool(set(was) & people) or not set("".join(was)) <= set("0123456789+-Ee. ")
    return len(was) == len(left) and all(b == a or b == "ANONYMIZED" for a, b in zip(was, left))


def mapped(where, old, new):
    for o, n in zip(texts(old), texts(new)):
        o = o.strip("\0 ")
        if o.startswith("1.2.840.10008.") or not o:
            if o != n:
                problems.append(f"{where}: the standard's UID {o} became {n}")
        elif not (n.startswith("2.25.") and UID(n).is_valid) or uids.setdefault(o, n) != n:
            problems.append(f"{where}: {o} became {n}, elsewhere {uids.get(o)}")


def compare(name, old, new, people, dummies=False):
    for elem in old:
        counts["attributes"] += 1
        where = f"{name}: {elem.keyword or elem.tag}"
        if elem.keyword in METHODS:
            continue
        allowed = actions(elem)
        if elem.tag not in new:
            counts["removed"] += 1
            if "X" not in allowed and not (elem.VR == "SQ" and dummies):
                problems.append(f"{where}: gone, which {sorted(allowed)} does not say")
            continue
        now = new[elem.tag]
        if allowed == {"X"}:
            problems.append(f"{where}: is still there as {now.value!r:.60}")
        elif elem.VR == "SQ" and now.VR == "SQ":
            if not now.value and "Z" in allowed:
                counts["emptied"] += 1
                continue
            if len(now.value) != len(elem.value):
                problems.append(f"{where}: {len(elem.value)} items became {len(now.value)}")
            for a, b in zip(elem.value, now.value):
                compare(where, a, b, people, dummies or "D" in allowed)
        elif "U" in allowed:
            counts["mapped"] += 1
            mapped(where, elem, now)
        elif allowed & {"Z", "D"} or dummies:
            counts["replaced" if now.value else "emptied"] += 1
            if "C" not in allowed and elem.value and str(elem.value) == str(now.value) and now.VR not in ("CS", "UI") and str(now.value) not in DUMMIES:
                problems.append(f"{where}: is still {now.value!r:.60}")
            if not now.value and not allowed & {"Z"} and elem.value and not dummies:
                problems.append(f"{where}: is empty, but must not be")
        else:
            counts["same"] += 1
            if not same(elem, now) and not told(elem, now, people):
                problems.append(f"{where}: {elem.value!r:.60} became {now.value!r:.60}")
    for elem in new:
        if elem.tag not in old and elem.keyword not in METHODS:
            problems.append(f"{name}: {elem.keyword or elem.tag} is new")


for line in open(sys.argv[3]):
    original, cleaned = line.rstrip("\n").split("\t")
    try:
        old, new = (pydicom.dcmread(p, force=True) for p in (original, cleaned))
        list(old.iterall()), list(new.iterall())
    except Exception as e:
        try:
            list(pydicom.dcmread(original, force=True).iterall())
        except Exception:
            continue  # an original that pydicom cannot read is no measure
        problems.append(f"{original}: {e!r}")
        continue
    counts["files"] += 1
    compare(original, old, new, numbers(old))
    if new.get("PatientIdentityRemoved") != "YES" or new.DeidentificationMethodCodeSequence[0].CodeValue != "113100":
        problems.append(f"{original}: does not say that it is de-identified")
    if new.get("SOPInstanceUID") and new.file_meta.get("MediaStorageSOPInstanceUID", new.SOPInstanceUID) != new.SOPInstanceUID:
        problems.append(f"{original}: the meta group has another UID")
print(" ".join(f"{k}={v}" for k, v in counts.items()))
for p in problems:
    print(p)
