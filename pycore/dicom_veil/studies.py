"""The command `deidentify`: whole studies, on processes or on a cluster."""

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from dicom_veil.asking import identity_of, new_passphrase
from dicom_veil.batch import pictures, pool
from dicom_veil.batch.finish import finish, name_of, report_form, say_refused
from dicom_veil.batch.journal import Entry, Journal, made_with
from dicom_veil.batch.packing import ZIPS
from dicom_veil.batch.prepare import Batch, Executor, prepare
from dicom_veil.batch.progress import shown
from dicom_veil.batch.run import Outcome, perform
from dicom_veil.batch.tree import media_name, tree_name
from dicom_veil.batch.work import Job
from dicom_veil.errors import CannotWrite, Usage
from dicom_veil.exits import DONE, SOME_REFUSED
from dicom_veil.intake.find import find
from dicom_veil.intake.questions import SENTENCES
from dicom_veil.patients import encrypted
from dicom_veil.profile import load
from dicom_veil.redact.search import Search, plan_of
from dicom_veil.storage import exists, is_below, is_url, joined, prune, remove, sweep

KINDS = tuple(SENTENCES)


def deidentify(options: argparse.Namespace) -> int:
    """Reads all headers, asks what has to be asked, then writes; answers with an exit status."""
    profile = load(options.profile)
    _check(options)
    pixels = plan_of(options.clean_pixels) if options.clean_pixels else None
    if pixels:
        Search(pixels)  # says now, not in every worker, that a model is missing
    identity = identity_of(options)
    secret = ""
    if options.reidentification and not options.dry_run:
        secret = new_passphrase("Passphrase for the re-identification table")
        encrypted(b"", secret)  # says now, not at the end, that a package is missing
    namer = media_name if options.dicomdir else tree_name
    with executor_of(options) as executor:
        batch = prepare(find(options.paths, options.output), identity, executor, namer, shown)
        if not batch.labels:
            raise Usage("The paths hold no file.")
        said = say_refused(batch, batch.refused, options)
        if options.dry_run:
            return _tell(batch, options)
        _answered(batch, options)
        settings = pixels.fingerprint() if pixels else ""
        journal = Journal(options.output, made_with(profile, identity, namer.__name__, settings))
        finished = _finished(options, batch, journal)
        try:
            outcome = perform(batch, options.output, profile, identity, journal, executor,
                              finished=finished, progress=shown, pixels=pixels)  # fmt: skip
        finally:
            journal.close()
        _draw(options, batch, outcome, executor)
    say_refused(batch, outcome.refused, options, said)
    return finish(options, batch, outcome, profile, secret, identity)


def _check(options: argparse.Namespace) -> None:
    """Stops before anything is read where the options make no sense together."""
    report_form(options.report)
    for path in (options.report, options.reidentification):
        if path and path.exists() and not (options.force or options.resume):
            raise Usage(f"{path.name} exists; --force replaces it.")
    for path in (options.reidentification, options.quarantine):
        # Both say who is who; the output is what leaves.
        if path and is_below(str(path), options.output):
            raise Usage(f"{path.name} identifies: it must not lie in the output.")
    if any(is_below(path, options.output) and is_below(options.output, path)
           for path in options.paths):  # fmt: skip
        raise Usage("The output is an input, too: choose another folder for it.")
    if options.resume and options.force:
        raise Usage("--resume keeps what is finished and --force replaces it: give one of them.")
    if options.resume and not (options.key_file or options.passphrase):
        raise Usage("--resume needs the key of the first run: --key-file or --passphrase.")
    if options.quarantine_originals and not options.quarantine:
        raise Usage("--quarantine-originals needs --quarantine DIR.")
    if is_url(options.output) and (options.zip is not None or options.dicomdir):
        raise Usage("A ZIP or a DICOMDIR is made in a folder of this machine, not at an address.")
    if options.zip is not None and options.dicomdir:
        raise Usage("A DICOMDIR stands beside its files: give --zip or --dicomdir.")


@contextmanager
def executor_of(options: argparse.Namespace) -> Iterator[Executor]:
    """What does the work: processes here, or a Dask cluster."""
    if options.scheduler:
        from dicom_veil.batch.cluster import connected

        with connected(options.scheduler) as executor:
            yield executor
    else:
        yield partial(
            pool.run, workers=options.workers, patience=float(options.timeout), cleanup=_cleanup
        )


def _cleanup(job: Job, process: int | None) -> None:
    """What a worker that was ended left: a half file; a whole one when its job is given up."""
    if job.target:
        remove(job.target, process)


def _draw(options: argparse.Namespace, batch: Batch, outcome: Outcome, executor: Executor) -> None:
    """Pictures of the results if they are asked for; those of an earlier run go."""
    if outcome.stopped is not None:
        return
    if options.pictures or options.resume:
        pictures.clear(options.output, batch.names.values())
    if not options.pictures:
        return
    names = {number: name for number, name in batch.names.items() if number in outcome.rows}
    try:
        outcome.pictures = pictures.draw(names, outcome.written, options.output, executor, shown)
    except CannotWrite as error:
        outcome.stopped = error


def _tell(batch: Batch, options: argparse.Namespace) -> int:
    """The plan, in numbers."""
    counts = batch.counts()
    print(f"{counts['instances']} instances in {counts['series']} series, {counts['studies']} "
          f"studies of {counts['patients']} patients ({batch.size / 1e6:.1f} MB) would be "
          f"de-identified; {counts['quarantined']} quarantined, {counts['left_out']} left out "
          f"of {counts['inputs']} inputs.")  # fmt: skip
    for line in _asked(batch, [], options):
        print(line)
    return SOME_REFUSED if counts["quarantined"] else DONE


def _asked(batch: Batch, accepted: list[str], options: argparse.Namespace) -> Iterator[str]:
    for question in batch.questions:
        if not {"all", question.kind} & set(accepted):
            where = " and ".join(name_of(batch, one, options) for one in question.numbers[:2])
            yield f"{question.sentence()} ({where}; --accept {question.kind})"


def _answered(batch: Batch, options: argparse.Namespace) -> None:
    """Stops where a question is open: nothing is decided in silence."""
    open_ones = list(_asked(batch, options.accept, options))
    for line in open_ones:
        print(line, file=sys.stderr)
    if open_ones:
        raise Usage(
            f"{len(open_ones)} question(s) about who is who, above; nothing was written. Put the "
            "files right, or accept what is said with --accept."
        )


def _finished(options: argparse.Namespace, batch: Batch, journal: Journal) -> list[Entry]:
    """What an earlier run finished, if this one goes on with it; else a free place."""
    there = journal.is_there()
    if options.resume:
        sweep(options.output)
        return journal.entries() if there else []
    if there and not options.force:
        raise Usage(
            "The output holds an earlier run: --resume goes on with it, --force replaces it."
        )
    if there:
        # What was packed is of no more use than what was not.
        packed = [] if is_url(options.output) else Path(options.output).glob(ZIPS)
        names = journal.names()
        for name in [*names, *(path.name for path in packed)]:
            remove(joined(options.output, name))
        pictures.clear(options.output, names)
        prune(options.output)
    if not is_url(options.output) and not options.force:
        for name in batch.names.values():
            if exists(joined(options.output, name)):
                raise Usage(f"{name} exists in the output folder; --force replaces it.")
        drawn = pictures.of_outputs(options.output, batch.names.values())
        if options.pictures and (name := next(drawn, "")):
            raise Usage(f"{name} exists in the output folder; --force replaces it.")
    return []
