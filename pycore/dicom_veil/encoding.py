"""Numbers and letters of the encoding that several stages need (PS3.5 7)."""

from pydicom.uid import UID

PIXEL_TAGS = frozenset({0x7FE00008, 0x7FE00009, 0x7FE00010})
UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
ITEM_BYTES = b"\xfe\xff\x00\xe0"
# GE wrote this data set as implicit VR little endian, with big-endian pixel data.
PRIVATE_GE = UID("1.2.840.113619.5.2")
LONG_VRS = frozenset({b"OB", b"OD", b"OF", b"OL", b"OV", b"OW", b"SQ", b"SV", b"UC", b"UN", b"UR",
                      b"UT", b"UV"})  # fmt: skip
