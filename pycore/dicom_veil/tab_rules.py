"""The methods of `tab` about rules by rectangles: a file of them, and their boxes on an instance.

`pixel_rules_file {text}` → `{rules, problems: [{line, reason}]}`: a rule file of Veil, a script of
the RSNA CTP DicomPixelAnonymizer or a recipe of deid, as rules of a rule file (`devices.rules`).
`pixel_rules {instance, rules, known}` → `{boxes: [{left, top, right, bottom, rule}]}`: what goes
from every frame; `rule` is its number in `rules`, null one of the open lists (with `known`).
`pixel_rules_when {instance, sized}` → `{when}`: the condition for its device, and size if `sized`.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, Protocol

from dicom_veil.read import Instance

Params = dict[str, Any]
Answer = tuple[Params, list[Any]]


class Asked(Protocol):
    """What a message is about: its parameters and the instance."""

    params: Params

    def instance(self) -> Instance: ...


def _file(asked: Asked) -> Answer:
    """Raises `Usage` with what is wrong with the file."""
    from dicom_veil.devices import importer_of
    from dicom_veil.devices.rules import FORMAT, from_json

    text = str(asked.params["text"]).removeprefix("\ufeff")
    if importer := importer_of(text):
        imported = importer(text)
        from_json(json.dumps({"format": FORMAT, "rules": imported.rules}))
        problems = [{"line": line, "reason": reason} for line, reason in imported.problems]
        return {"rules": imported.rules, "problems": problems}, []
    from_json(text)
    return {"rules": json.loads(text)["rules"], "problems": []}, []


def _boxes(asked: Asked) -> Answer:
    return {"boxes": list(_found(asked.instance(), asked.params))}, []


def _found(instance: Instance, params: Params) -> Iterator[Params]:
    from dicom_veil.devices.rules import FORMAT, from_json, known_rules, regions_of

    own = from_json(json.dumps({"format": FORMAT, "rules": params.get("rules", [])}))
    asked: list[tuple[int | None, Any]] = [(number, (rule,)) for number, rule in enumerate(own)]
    if params.get("known"):
        asked.append((None, known_rules()))
    seen = set()
    for number, rules in asked:
        for one in regions_of(instance, rules):
            if one not in seen:
                seen.add(one)
                yield {"left": one.left, "top": one.top, "right": one.right, "bottom": one.bottom,
                       "rule": number}  # fmt: skip


def _when(asked: Asked) -> Answer:
    from dicom_veil.devices.conditions import checked, of_device

    return {"when": checked(of_device(asked.instance(), sized=bool(asked.params["sized"])))}, []


METHODS: dict[str, Callable[[Asked], Answer]] = {
    "pixel_rules_file": _file,
    "pixel_rules": _boxes,
    "pixel_rules_when": _when,
}
