"""Decodes damaged codestreams one after the other; runs natively and in the tab's Python alike.

usage: fuzz.py SEEDS OUT START COUNT STEP   SEEDS: a folder of instances, one a transfer syntax and
picture. OUT gets a line before each case and what came of it after it, so that whoever started
this knows which case it died of.
"""

import hashlib
import struct
import sys
import time
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

ROOT = Path("/machine") if sys.platform == "emscripten" else Path("/")
NEIGHBOUR_EVERY = 25


class Seed:
    """A sound instance; `whole`: not its codestream is damaged but the whole file."""

    def __init__(self, path: Path) -> None:
        from dicom_veil.fragments import content_of, frames_of
        from dicom_veil.read import read

        self.name = path.stem
        self.content = path.read_bytes()
        self.instance = read(BytesIO(self.content))
        pixels = self.instance.pixels
        self.whole = pixels is None or not pixels.encapsulated
        if not self.whole:
            self.codestream = content_of(self.instance, frames_of(self.instance, 1)[0])
        self.picture = digest(self.instance)

    def damaged(self, number: int) -> tuple[str, Any]:
        """Kind of damage, and the instance that has it."""
        from mutations import mutated

        from dicom_veil.read import read

        if self.whole:
            kind, content = mutated(self.content, number)
            return kind, read(BytesIO(content))
        kind, content = mutated(self.codestream, number)
        body = struct.pack("<HHLHHL", 0xFFFE, 0xE000, 0, 0xFFFE, 0xE000, len(content)) + content
        pixels = replace(
            self.instance.pixels, offset=0, length=len(body), items=((8, 0), (16, len(content)))
        )
        return kind, replace(self.instance, body=BytesIO(body), pixels=pixels)


def digest(instance: Any) -> str:
    from dicom_veil.decode import decode_stored

    values = decode_stored(instance, 0).values
    return hashlib.sha256(str(values.shape).encode() + values.tobytes()).hexdigest()


def outcome(seed: Seed, number: int) -> str:
    """`same`, `picture`, or the code of the refusal and whether it names the frame."""
    from mutations import KINDS

    from dicom_veil import errors

    kind = KINDS[number % len(KINDS)][0]
    try:
        made = digest(seed.damaged(number)[1])
    except errors.VeilError as refused:
        named = refused.code != "damaged-pixels" or str(refused).startswith("Frame 1 ")
        return f"{kind}\t{refused.code}{'' if named else ' without its frame'}"
    return f"{kind}\t{'same' if made == seed.picture else 'picture'}"


def main(seeds: Path, out: Path, start: int, count: int, step: int) -> None:
    loaded = [Seed(path) for path in sorted(seeds.glob("*.dcm"))]
    cases = [(seed, number * step) for seed in loaded for number in range(count)]
    with out.open("a", buffering=1) as told:
        for index, (seed, number) in enumerate(cases[start:], start):
            told.write(f"{index}\t{seed.name}\t")
            begun = time.perf_counter()
            told.write(f"{outcome(seed, number)}\t{time.perf_counter() - begun:.3f}\n")
            if index % NEIGHBOUR_EVERY == 0 and digest(seed.instance) != seed.picture:
                raise SystemExit("a neighbour was harmed")
        told.write("done\n")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / str(Path(__file__).parent).lstrip("/").removeprefix("machine/")))
    folder, target, *numbers = sys.argv[1:]
    main(ROOT / folder.lstrip("/"), ROOT / target.lstrip("/"), *map(int, numbers))
