"""The values that take the place of what is replaced (action D of PS3.15 Table E.1-1a).

Each fits its VR (PS3.5 6.2), is not of zero length, and cannot be taken for somebody's.
"""

TEXT = {
    "AE": "DEIDENTIFIED",
    "AS": "000Y",
    "CS": "DEIDENTIFIED",
    "DA": "19000101",
    "DS": "0",
    "DT": "19000101000000",
    "IS": "0",
    "LO": "DEIDENTIFIED",
    "LT": "DEIDENTIFIED",
    "PN": "DEIDENTIFIED",
    "SH": "DEIDENTIFIED",
    "ST": "DEIDENTIFIED",
    "TM": "000000",
    "UC": "DEIDENTIFIED",
    "UR": "urn:deidentified",
    "UT": "DEIDENTIFIED",
}
# Bytes of one value; all are zeros, so the byte order does not matter.
BINARY = {
    "AT": 4, "FD": 8, "FL": 4, "OB": 2, "OD": 8, "OF": 4, "OL": 4, "OV": 8, "OW": 2, "SL": 4,
    "SS": 2, "SV": 8, "UL": 4, "UN": 2, "US": 2, "UV": 8,
}  # fmt: skip


def dummy(vr: str) -> bytes:
    """The encoded dummy of a VR, of even length (PS3.5 6.2, 7.1.1)."""
    if vr in TEXT:
        return padded(TEXT[vr].encode("ascii"))
    return bytes(BINARY[vr])


def padded(value: bytes, pad: bytes = b" ") -> bytes:
    """A value of even length (PS3.5 6.2: text is padded with a space, a UID with NUL)."""
    return value + pad if len(value) % 2 else value
