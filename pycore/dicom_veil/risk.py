"""What the pixels of an instance may carry that no attribute tells: reasons, not a score.

This edition names the risk; it does not look into the pixels.
"""

from dicom_veil.faces import face_reason
from dicom_veil.read import Instance, value_of

# Modalities whose pictures commonly hold burned-in text (PS3.3 C.7.3.1.1.1 defined terms).
TEXT_MODALITIES = frozenset({"US", "IVUS", "XA", "RF", "ES", "OT", "SC", "CR", "DX", "MG", "NM",
                             "PT", "XC", "GM", "SM", "OP", "DOC", "SR", "ECG", "HD"})  # fmt: skip


def risks(instance: Instance) -> list[dict[str, str]]:
    """Reasons for a person to look at the pixels, as {code, detail}; codes:

    `text-modality`, `burned-in-yes`, `secondary`, `colour`, `face`. `detail` is a defined term
    of the standard, never free text.
    """
    if instance.pixels is None:
        return []

    def text(keyword: str) -> str:
        value = value_of(instance.dataset, keyword)
        joined = value if isinstance(value, str) else "\\".join(str(one) for one in value or ())  # type: ignore[attr-defined]
        return joined.upper()

    found: list[dict[str, str]] = []
    modality = text("Modality")
    if modality in TEXT_MODALITIES:
        found.append({"code": "text-modality", "detail": modality})
    if text("BurnedInAnnotation") == "YES":
        found.append({"code": "burned-in-yes", "detail": ""})
    if "SECONDARY" in text("ImageType") or text("ConversionType"):
        found.append({"code": "secondary", "detail": ""})
    if modality in ("CT", "MR", "CR", "DX") and not text("PhotometricInterpretation").startswith(
        "MONOCHROME"
    ):
        found.append({"code": "colour", "detail": modality})
    if face_reason(instance):
        found.append({"code": "face", "detail": modality})
    return found
