"""What the pixels of an instance may carry that no attribute tells: reasons, not a score.

Only headers are read here. Burned In Annotation (0028,0301) is a reason when YES; NO is never
believed, since scanners write it without looking. `text` looks into the pixels.
"""

from dicom_veil.attributes import items, texts, whole
from dicom_veil.faces import face_reason
from dicom_veil.read import Instance

# Modalities whose pictures commonly hold burned-in text (PS3.3 C.7.3.1.1.1 defined terms).
TEXT_MODALITIES = frozenset({"US", "IVUS", "XA", "RF", "ES", "OT", "SC", "CR", "DX", "MG", "NM",
                             "PT", "XC", "GM", "SM", "OP", "DOC", "SR", "ECG", "HD"})  # fmt: skip
GRAY_MODALITIES = frozenset({"CT", "MR", "CR", "DX", "MG", "XA", "RF", "NM", "PT"})
# SOP Class UIDs (PS3.4 B.5) by what they begin with, where Modality may say something else.
TEXT_CLASSES = {
    "1.2.840.10008.5.1.4.1.1.3.1": "US",
    "1.2.840.10008.5.1.4.1.1.6.1": "US",
    "1.2.840.10008.5.1.4.1.1.12.": "XA",
    "1.2.840.10008.5.1.4.1.1.1.2": "MG",
    "1.2.840.10008.5.1.4.1.1.77.1.": "XC",
}
CAPTURES = "1.2.840.10008.5.1.4.1.1.7"  # Secondary Capture and its multi-frame kinds
# Scanners draw names and lines into the pictures by which slices are planned.
LOCALIZERS = ("LOCALIZER", "SCOUT", "TOPOGRAM")
SLICES = frozenset({"CT", "MR", "PT"})
SCREEN_BITS = 8  # what a screen shows; scanners store their slices in more
# Values of Image Type (PS3.3 C.7.6.1.1.2 and what vendors add) of pictures that are pages of text.
PAGES = ("DOSE", "SCREEN", "REPORT", "PROTOCOL", "RESULT", "SUMMARY", "TABLE", "WORKSHEET")


def may_show_text(instance: Instance) -> bool:
    """Whether there is a reason to look for text in its pixels."""
    return any(not one["code"].startswith("face") for one in risks(instance))


def risks(instance: Instance) -> list[dict[str, str]]:
    """Reasons for a person to look at the pixels, as {code, detail}; codes:

    `text-modality` (by Modality or SOP class), `burned-in-yes`, `secondary`, `page` (a dose
    report, a screenshot), `localizer`, `eight-bit` (a slice that was made from another), `colour`,
    `outside-regions` (around the regions of an ultrasound), `face` (of slices) and
    `face-photograph`. `detail` is a defined term of the standard, never free text.
    """
    if instance.pixels is None:
        return []

    def text(keyword: str) -> str:
        return "\\".join(texts(instance.dataset, keyword)).upper()

    found: list[dict[str, str]] = []
    modality = text("Modality")
    by_class = (term for start, term in TEXT_CLASSES.items()
                if instance.sop_class_uid.startswith(start))  # fmt: skip
    if term := modality if modality in TEXT_MODALITIES else next(by_class, None):
        found.append({"code": "text-modality", "detail": term})
    if text("BurnedInAnnotation") == "YES":
        found.append({"code": "burned-in-yes", "detail": ""})
    capture = instance.sop_class_uid == CAPTURES or instance.sop_class_uid.startswith(
        f"{CAPTURES}."
    )
    kind = text("ImageType")
    if capture or "SECONDARY" in kind or text("ConversionType"):
        found.append({"code": "secondary", "detail": ""})
    if page := next((one for one in PAGES if one in kind), None):
        found.append({"code": "page", "detail": page})
    if term := next((one for one in LOCALIZERS if one in kind), None):
        found.append({"code": "localizer", "detail": term})
    if modality in SLICES and 1 < (whole(instance.dataset, "BitsStored") or 0) <= SCREEN_BITS:
        found.append({"code": "eight-bit", "detail": modality})
    if items(instance.dataset, "SequenceOfUltrasoundRegions"):
        found.append({"code": "outside-regions", "detail": ""})
    if modality in GRAY_MODALITIES and not text("PhotometricInterpretation").startswith(
        "MONOCHROME"
    ):
        found.append({"code": "colour", "detail": modality})
    face = face_reason(instance)
    if face == "slices":
        found.append({"code": "face", "detail": modality})
    if face == "photograph":
        found.append({"code": "face-photograph", "detail": modality})
    return found
