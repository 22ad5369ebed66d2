"""The same work on a Dask cluster: results are the local run's, byte for byte.

Every worker of the cluster needs this package and must reach the inputs and the output under the
same names (a shared folder or a store). The project key travels to the workers, so the cluster
has to be one that may see the originals. A worker that dies is replaced by another: its jobs are
done once more by it; a job that brings several down is refused as `crashed`. A job that hangs
is not noticed here: the cluster's own `--lifetime` or `worker-ttl` sees to that.
"""

import threading
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from typing import Any, cast

from dicom_veil.batch.prepare import Executor
from dicom_veil.batch.work import Handler, Job, Refusal, Task, refusal_of
from dicom_veil.errors import Usage

# Jobs under way for each thread of the cluster: enough that none waits, few enough to be held.
AHEAD = 4
# After so many jobs the cluster is asked how many threads it has by now.
LOOK_AGAIN = 50
_alone = threading.Lock()


@contextmanager
def connected(address: str) -> Iterator[Executor]:
    """An executor on the cluster at `address`; raises `Usage` where there is none."""
    try:
        new_client: Any = import_module("distributed").Client
    except ImportError:
        raise Usage("A cluster needs one more package: pip install dicom-veil[cluster]") from None
    try:
        client = new_client(address, timeout="20s", set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        kind = type(error).__name__
        raise Usage(f"No Dask scheduler answers at this address ({kind}).") from None
    with client:
        yield executor(client)


def executor(client: Any) -> Executor:
    """Jobs on the workers of `client`, a bounded number of them under way."""

    def run(task: Task[Any], jobs: Iterable[Job]) -> Iterator[tuple[Job, Any]]:
        waiting = iter(jobs)
        under_way: dict[Any, Job] = {}
        futures: Any = import_module("distributed").as_completed(loop=client.loop)
        count = 0
        try:
            while True:
                if count % LOOK_AGAIN == 0:
                    ahead = AHEAD * max(1, sum(client.nthreads().values()))
                while len(under_way) < ahead and (job := next(waiting, None)) is not None:
                    # `pure=False`: a job of the same content is another job.
                    future = client.submit(_do, task, job, pure=False)
                    under_way[future.key] = job
                    futures.add(future)
                if not under_way:
                    return
                future = next(futures)
                yield under_way.pop(future.key), _answer(future)
                future.release()
                count += 1
        finally:
            client.cancel(list(futures.futures))

    return run


def _answer(future: Any) -> Any:
    """What a job gave; a job whose workers died has no answer but that."""
    from distributed import KilledWorker

    try:
        return future.result()
    except KilledWorker:
        return Refusal("crashed", "The workers that were at it died, one after the other.")


@lru_cache(maxsize=4)
def _handler(task: Hashable) -> Handler[Any]:
    """The task's own, made once in each process."""
    return cast(Task[Any], task).begin()


def _do(task: Task[Any], job: Job) -> Any:
    """One job in a worker of the cluster; one at a time in each process, as in a pool."""
    with _alone:
        try:
            return _handler(cast(Hashable, task))(job, lambda: None)
        except Exception as error:  # noqa: BLE001  # one bad input ends no other
            return refusal_of(error)
