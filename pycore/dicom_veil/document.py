"""What takes the place of an encapsulated document: the least that readers of its type open."""

from dicom_veil.dummy import padded

STATEMENT = "This document was removed when the instance was de-identified."

MEDIA_TYPES = ("application/pdf", "text/xml", "model/stl", "model/obj", "text/plain")


def document(media_type: str) -> bytes:
    """A document without content for EncapsulatedDocument (0042,0011), of even length.

    PS3.3 A.45 names the media types; of another one it is a sentence as plain text.
    """
    if media_type == "application/pdf":
        content = _pdf()
    elif media_type in ("text/xml", "application/xml"):
        content = f'<?xml version="1.0"?>\n<!-- {STATEMENT} -->\n<removed/>\n'.encode("ascii")
    elif media_type in ("model/stl", "application/sla"):
        # Binary STL: 80 bytes of header, the number of triangles.
        content = STATEMENT.encode("ascii").ljust(80) + bytes(4)
    elif media_type in ("model/obj", "model/mtl"):
        content = f"# {STATEMENT}\n".encode("ascii")
    else:
        content = f"{STATEMENT}\n".encode("ascii")
    return padded(content, b"\0")


def _pdf() -> bytes:
    """One empty page (ISO 32000-1 7.5)."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> >>",
    )
    content, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    table = b"xref\n0 %d\n0000000000 65535 f \n%b" % (size, rows)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        size, len(content),
    )  # fmt: skip
    return content + table + trailer
