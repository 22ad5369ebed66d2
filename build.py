#!/usr/bin/env python3
"""Builds, serves and tests Veil. Needs Python 3.11 or newer and Node.js 20 or newer; nothing else.

python3 build.py             dist/veil.html, dist/veil-lite.html and dist/site/
python3 build.py serve       builds if needed, serves dist/site on localhost and opens it
python3 build.py test        sets everything up and runs all checks and tests; --full: the long way
python3 build.py bench       prints measurements as JSON; bench rates texts: only those parts
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path[:0] = [str(ROOT / "web"), str(ROOT / "tests"), str(ROOT / "pycore")]
sys.dont_write_bytecode = True

import environment  # noqa: E402  # found by the path above
from pack import BuildError, fetch, make, serve  # noqa: E402


def main() -> int:
    """Run one command; the exit status of the process."""
    arguments = parser().parse_args()
    try:
        return int(arguments.run(arguments) or 0)
    except BuildError as error:
        print(f"build.py: {error}", file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(description="Builds, serves and tests Veil.")
    top.set_defaults(run=run_build)
    top.add_argument("--dist", type=Path, default=ROOT / "dist", help="where to build (dist/)")
    commands = top.add_subparsers(title="commands")
    commands.add_parser("build", help="build (the default)").set_defaults(run=run_build)
    serving = commands.add_parser("serve", help="build if needed, then serve dist/site")
    serving.add_argument("--port", type=int, default=8742, help="0 takes a free one (8742)")
    serving.add_argument("--no-open", action="store_true", help="do not open a browser")
    serving.set_defaults(run=run_serve)
    testing = commands.add_parser("test", help="set up, then run all checks and tests")
    testing.add_argument("--full", action="store_true", help="long tests in full (hours)")
    testing.add_argument("pytest", nargs=argparse.REMAINDER, help="arguments for pytest")
    testing.set_defaults(run=run_test)
    benching = commands.add_parser("bench", help="set up, then measure")
    benching.add_argument("parts", nargs="*", help="only these, such as: rates studies texts")
    benching.add_argument("--full", action="store_true", help="text in 1,200 frames (an hour)")
    benching.set_defaults(run=run_bench)
    return top


def run_build(arguments: argparse.Namespace) -> None:
    """Make everything in dist/."""
    names = make.make(ROOT, arguments.dist, fetch.cache_folder())
    sizes = [
        f"{name} has {(arguments.dist / name).stat().st_size / 1e6:.1f} MB"
        for name in ("veil.html", "veil-lite.html")
    ]
    print(f"{arguments.dist}: {len(names)} files; {', '.join(sizes)}")


def build_if_needed(arguments: argparse.Namespace) -> None:
    """Build unless dist/ is newer than its sources."""
    if not make.is_current(ROOT, arguments.dist):
        run_build(arguments)


def run_serve(arguments: argparse.Namespace) -> None:
    """Serve the hosted edition on this machine."""
    build_if_needed(arguments)
    serve.serve(arguments.dist / "site", arguments.port, open_browser=not arguments.no_open)


def run_test(arguments: argparse.Namespace) -> int:
    """Linters, types, tests; the last lines are pytest's own summary."""
    build_if_needed(arguments)
    cache = fetch.cache_folder()
    return environment.test(ROOT, arguments.dist, cache, arguments.pytest, full=arguments.full)


def run_bench(arguments: argparse.Namespace) -> int:
    """Measurements as JSON on standard output."""
    build_if_needed(arguments)
    cache = fetch.cache_folder()
    return environment.bench(ROOT, arguments.dist, cache, arguments.parts, full=arguments.full)


if __name__ == "__main__":
    sys.exit(main())
