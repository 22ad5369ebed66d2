"""The whole data set, row by row, original beside result: for the eyes of who has the file.

Like `inspect`, the rows hold the patient's values and go into no report, log or message.
"""

from collections.abc import Iterator
from typing import Any, TypedDict

from pydicom.dataset import Dataset

from dicom_veil.inspect import element_text
from dicom_veil.plan import ITEM, Element, Path, Plan, Step, is_sequence, path_text, vr_of_element
from dicom_veil.quiet import quietly
from dicom_veil.read import Instance
from dicom_veil.report import tag_text
from dicom_veil.standard import keyword_of, name_of


class TagRow(TypedDict):
    """One attribute, or one item of a sequence (`vr` is then empty, `tag` that of an item).

    `depth` counts sequences above it. `action` is K where nothing happens to it; `result` is the
    value that it will have, empty where it goes.
    """

    path: str
    depth: int
    tag: str
    keyword: str
    name: str
    vr: str
    private: bool
    value: str
    result: str
    action: str
    rule: str
    method: str


def rows(instance: Instance, steps: Plan, result: Dataset) -> list[TagRow]:
    """Every attribute of `instance` with what `steps` do to it and what `result` has there,

    then those that only the result has.
    """
    by_place = {(step.path, step.tag): step for step in steps}
    with quietly():
        return list(_walk(instance.dataset, result, (), by_place))


def _walk(
    original: Dataset,
    result: Dataset | None,
    path: Path,
    steps: dict[tuple[Path, int], Step],
    above: Step | None = None,
) -> Iterator[TagRow]:
    """`above`: the step that takes away a sequence or an item around this data set."""
    after: Any = {} if result is None else result._dict
    for tag, element in original._dict.items():
        step = above or steps.get((path, int(tag)))
        new = after.get(tag)
        text = element_text(new, result) if new is not None and result is not None else ""
        value = element_text(element, original)
        if step is None and not path and text != value:
            # What the result says of its own de-identification, in the place of an earlier one.
            step = Step(path, int(tag), "D", "added")
        yield _row(path, element, value, text, step)
        if is_sequence(element):
            yield from _items(element, new, (path, int(tag)), steps, step)
    if not path:
        for tag in sorted(set(after) - set(original._dict)):
            added = steps.get((path, int(tag))) or Step(path, int(tag), "D", "added")
            yield _row(path, after[tag], "", element_text(after[tag], result), added)  # type: ignore[arg-type]


def _items(
    element: Element,
    new: Element | None,
    place: tuple[Path, int],
    steps: dict[tuple[Path, int], Step],
    above: Step | None,
) -> Iterator[TagRow]:
    """The items of a sequence; those of the result in step with them, as some may have gone."""
    path, tag = place
    items: Any = element.value or ()
    left: Any = iter((new.value if new is not None else None) or ())
    for index, item in enumerate(items):
        here = (*path, (tag, index))
        step = above or steps.get((here, ITEM))
        kept = None if step is not None else next(left, None)
        yield _item_row(here, step)
        yield from _walk(item, kept, here, steps, step)


def _row(path: Path, element: Element, value: str, result: str, step: Step | None) -> TagRow:
    tag = int(element.tag)
    return {
        "path": path_text(path, tag),
        "depth": len(path),
        "tag": tag_text(tag),
        "keyword": keyword_of(tag),
        "name": name_of(tag),
        "vr": vr_of_element(element),
        "private": bool(tag >> 16 & 1),
        "value": value,
        "result": result,
        "action": step.action if step else "K",
        "rule": step.rule if step else "",
        "method": step.method.partition(":")[0] if step else "",
    }


def _item_row(path: Path, step: Step | None) -> TagRow:
    return {
        "path": path_text(path, ITEM),
        "depth": len(path),
        "tag": tag_text(ITEM),
        "keyword": "Item",
        "name": "Item",
        "vr": "",
        "private": False,
        "value": "",
        "result": "",
        "action": step.action if step else "K",
        "rule": step.rule if step else "",
        "method": "",
    }
