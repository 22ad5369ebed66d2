"""What a run of the command line wrote."""

from pathlib import Path


def outputs(folder: Path) -> list[Path]:
    """Every instance in an output folder, in the order of the tree."""
    return sorted(folder.rglob("IMG-*.dcm"))


def only(folder: Path) -> Path:
    """The one instance in an output folder."""
    (found,) = outputs(folder)
    return found


def contents(folder: Path) -> dict[str, bytes]:
    """Everything in an output folder by its name, without the order-dependent journal."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".veil-journal.jsonl"
    }
