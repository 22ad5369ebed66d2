"""ICC profiles (ISO 15076-1) without their texts: what colours mean stays, what is said goes.

A profile names its maker, its device, an owner in the copyright, a date, and whatever private
tags hold. It is built again from the tags that colours are computed with; the two texts that
the format requires say nothing.
"""

import struct

HEADER_BYTES, ENTRY_BYTES, MOST_TAGS = 128, 12, 256
# Header fields that are no colour: date, manufacturer, model, creator, profile ID (7.2).
SILENCED = ((4, 8), (24, 36), (48, 56), (80, 100), (100, 128))
COMPUTED = frozenset(
    (b"A2B0 A2B1 A2B2 A2B3 B2A0 B2A1 B2A2 B2A3 D2B0 D2B1 D2B2 D2B3 B2D0 B2D1 B2D2 B2D3 "
     b"rXYZ gXYZ bXYZ rTRC gTRC bTRC kTRC wtpt bkpt lumi chad chrm cicp gamt pre0 pre1 pre2 "
     b"rig0 rig2").split()
)  # fmt: skip
# Of these types, numbers are all that a tag can hold (10.1 and following).
NUMERIC = frozenset(
    b"XYZ |curv|para|sf32|mft1|mft2|mAB |mBA |mpet|chrm|cicp|uf32|ui08|sig ".split(b"|")
)
TEXT = b"ICC profile"


def clean_icc(profile: bytes) -> bytes:
    """`profile` with nothing but its colour transform; empty where it is no ICC profile.

    The result has no bytes between or behind its tags, and an even length (PS3.5 7.1.1).
    """
    tags = _tags(profile)
    if not tags:
        return b""
    header = bytearray(profile[:HEADER_BYTES])
    for start, end in SILENCED:
        header[start:end] = bytes(end - start)
    contents = {tag: body for tag, body in tags if tag in COMPUTED and body[:4] in NUMERIC}
    version = header[8]
    contents[b"desc"] = _unicode() if version >= 4 else _description()
    contents[b"cprt"] = _unicode() if version >= 4 else b"text\0\0\0\0" + TEXT + b"\0"
    return _built(bytes(header), contents)


def _tags(profile: bytes) -> list[tuple[bytes, bytes]]:
    """Signature and content of every tag (7.3); none where the profile does not hold together."""
    if len(profile) < HEADER_BYTES + 4 or profile[36:40] != b"acsp":
        return []
    (count,) = struct.unpack(">L", profile[HEADER_BYTES : HEADER_BYTES + 4])
    table = HEADER_BYTES + 4
    if not 0 < count <= MOST_TAGS or table + count * ENTRY_BYTES > len(profile):
        return []
    found: list[tuple[bytes, bytes]] = []
    for entry in range(count):
        place = table + entry * ENTRY_BYTES
        tag, offset, size = struct.unpack(">4sLL", profile[place : place + ENTRY_BYTES])
        if size < 8 or offset + size > len(profile):
            return []
        found.append((tag, profile[offset : offset + size]))
    return found


def _built(header: bytes, contents: dict[bytes, bytes]) -> bytes:
    """A profile of these tags; tags with the same content share it, as profiles do."""
    offset = HEADER_BYTES + 4 + ENTRY_BYTES * len(contents)
    table, data = [struct.pack(">L", len(contents))], b""
    places: dict[bytes, int] = {}
    for tag, body in contents.items():
        if body not in places:
            places[body] = offset + len(data)
            data += body + bytes(-len(body) % 4)
        table.append(struct.pack(">4sLL", tag, places[body], len(body)))
    whole = header + b"".join(table) + data
    return struct.pack(">L", len(whole)) + whole[4:]


def _unicode() -> bytes:
    """multiLocalizedUnicodeType (10.15) of one record."""
    text = TEXT.decode().encode("utf-16-be")
    return b"mluc" + struct.pack(">LLL2s2sLL", 0, 1, 12, b"en", b"US", len(text), 28) + text


def _description() -> bytes:
    """textDescriptionType of version 2: ASCII, no Unicode, no ScriptCode."""
    return b"desc\0\0\0\0" + struct.pack(">L", len(TEXT) + 1) + TEXT + bytes(1 + 8 + 3 + 67)
