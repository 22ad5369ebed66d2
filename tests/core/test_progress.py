"""Progress: a bar on a terminal, lines elsewhere; answers pass through, no name is said."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest

from dicom_veil.batch.progress import shown
from dicom_veil.batch.work import Job, Refusal
from dicom_veil.intake.source import Source


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def answers(count: int) -> Iterator[tuple[Job, Any]]:
    for number in range(1, count + 1):
        answer = Refusal("empty", "Quisquilia") if number == 2 else number
        yield Job(number, Source("/Quisquilia", 500_000)), answer


@pytest.mark.parametrize("stream", [StringIO(), Terminal()], ids=["pipe", "terminal"])
def test_what_is_shown(stream: StringIO) -> None:
    passed = list(shown("Working", answers(4), 4, 2_000_000, stream=stream, every=0))
    assert [job.number for job, _answer in passed] == [1, 2, 3, 4]
    said = stream.getvalue()
    assert "Quisquilia" not in said
    assert "Working" in said
    if not stream.isatty():
        assert said.splitlines()[1].startswith("Working: 2 of 4, 1 of 2 MB, 1 set aside, about ")
        assert "\r" not in said


def test_lines_come_now_and_then_and_one_file_needs_none() -> None:
    stream = StringIO()
    assert len(list(shown("Working", answers(50), 50, 0, stream=stream))) == 50
    assert len(list(shown("Working", answers(1), 1, 0, stream=stream, every=0))) == 1
    assert stream.getvalue() == ""
