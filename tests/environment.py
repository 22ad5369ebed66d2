"""All set-up that tests need on a fresh machine; standard library only, run by `build.py`.

What is set up lives in the cache, named by the hash of what it was made from, so that a change of
`requirements.txt` or `package-lock.json` makes a new one. Every package is checked against a
committed hash by its own client (`pip --require-hashes`, `npm ci`).

Tests learn of it by environment variables: `VEIL_CHROMIUM`, `VEIL_FIREFOX` (a program; tests that
need a missing one skip and say so), `VEIL_NODE_MODULES` (a folder), `VEIL_DIST`, `VEIL_FULL` (long
tests run in full rather than in a shortened form).
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

from pack import debian

MOST_AT_ONCE = 4  # tests, each of which may have browsers of its own
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FIREFOX = ("firefox-esr", "firefox")
# Debian's package for each program that judges what we write.
JUDGES = {"age": "age", "dcm2pnm": "dcmtk", "dciodvfy": "dicom3tools", "gdcminfo": "libgdcm-tools",
          "tesseract": "tesseract-ocr"}  # fmt: skip
# Fonts that text is drawn in before it is looked for, by a file of each package.
FONTS = Path("/usr/share/fonts")
FONT_PACKAGES = {
    "truetype/dejavu/DejaVuSans.ttf": "fonts-dejavu-core",
    "truetype/dejavu/DejaVuSansMono.ttf": "fonts-dejavu-core",
    "truetype/liberation/LiberationSans-Regular.ttf": "fonts-liberation",
    "truetype/liberation/LiberationSansNarrow-Bold.ttf": "fonts-liberation",
    "truetype/freefont/FreeSerif.ttf": "fonts-freefont-ttf",
    "truetype/roboto/unhinted/RobotoTTF/Roboto-Regular.ttf": "fonts-roboto-unhinted",
    "truetype/hack/Hack-Regular.ttf": "fonts-hack-ttf",
    "truetype/inconsolata/Inconsolata.otf": "fonts-inconsolata",
    "truetype/3270/3270-Regular.ttf": "fonts-3270",
    "truetype/terminus/TerminusTTF-4.46.0.ttf": "fonts-terminus",
    "opentype/spleen/spleen-8x16.otf": "fonts-spleen",
    "truetype/glasstty/Glass_TTY_VT220.ttf": "fonts-glasstty",
    "opentype/unifont/unifont.otf": "fonts-unifont",
    "truetype/proggy/ProggyTiny.ttf": "fonts-proggy",
}


def test(root: Path, dist: Path, cache: Path, arguments: list[str], *, full: bool) -> int:
    """Run linters, types and tests; every step runs whatever the ones before it said.

    The exit status is 0 when all of them were content.
    """
    python, modules = environment(root, cache), node_modules(root, cache)
    variables = programs(python) | {"VEIL_NODE_MODULES": str(modules), "VEIL_DIST": str(dist)}
    variables |= {"VEIL_FULL": "1"} if full else {}
    web = root / "web"
    tsc = ["node", str(modules / "typescript" / "bin" / "tsc"), "--noEmit", "--project"]
    steps = {
        "lint": [python, "-m", "ruff", "check", "--quiet", "."],
        "format": [python, "-m", "ruff", "format", "--check", "--quiet", "."],
        "types of Python": [python, "-m", "mypy", "--no-error-summary"],
        "types of the page": [*tsc, str(web / "tsconfig.json")],
        "types of the worker": [*tsc, str(web / "tsconfig.worker.json")],
        "tests": [python, "-m", "pytest", *(arguments or _at_once())],
    }
    failed = [name for name, command in steps.items() if _step(name, command, root, variables)]
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _at_once() -> list[str]:
    """How pytest runs all tests: on every core, and each file's one after the other."""
    return ["-n", str(min(MOST_AT_ONCE, os.cpu_count() or 1)), "--dist", "loadfile"]


def bench(root: Path, dist: Path, cache: Path, parts: list[str], *, full: bool) -> int:
    """Run `tests/bench`, or some parts of it, which prints JSON."""
    python, modules = environment(root, cache), node_modules(root, cache)
    variables = programs(python) | {"VEIL_NODE_MODULES": str(modules), "VEIL_DIST": str(dist)}
    variables |= {"VEIL_FULL": "1"} if full else {}
    paths = {"PYTHONPATH": os.pathsep.join([str(root / "pycore"), str(root)])}
    command = [python, str(root / "tests" / "bench"), *parts]
    return subprocess.run(command, cwd=root, env={**os.environ, **variables, **paths}).returncode


def environment(root: Path, cache: Path) -> str:
    """The Python of a virtual environment that holds exactly `requirements.txt`."""
    requirements = root / "tests" / "requirements.txt"
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    folder = cache / f"venv-{version}-{_digest(requirements)}"
    python = folder / "bin" / "python"
    if not (folder / "complete").exists():
        _say("setting up Python packages")
        shutil.rmtree(folder, ignore_errors=True)
        debian.make_venv(folder)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        _run([*install, "--require-hashes", "--only-binary=:all:", "-r", str(requirements)])
        (folder / "complete").touch()
    return str(python)


def node_modules(root: Path, cache: Path) -> Path:
    """The `node_modules` that `web/package.json` and its lock file describe."""
    files = [root / "web" / name for name in ("package.json", "package-lock.json")]
    folder = cache / f"npm-{_digest(*files)}"
    if not (folder / "complete").exists():
        _say("setting up npm packages")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for path in files:
            shutil.copyfile(path, folder / path.name)
        _run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], folder)
        (folder / "complete").touch()
    return folder / "node_modules"


def programs(python: str) -> dict[str, str]:
    """Browsers by variable; installs what is missing where Debian's packages can be."""
    wanted = [] if _which(*CHROMIUM) else ["chromium"]
    wanted += [] if _which(*FIREFOX) else ["firefox-esr"]
    wanted += [package for program, package in JUDGES.items() if not _which(program)]
    fonts = {package for file, package in FONT_PACKAGES.items() if not (FONTS / file).is_file()}
    wanted += sorted(fonts)
    if wanted:
        _install(wanted)
    found = {"VEIL_CHROMIUM": _which(*CHROMIUM), "VEIL_FIREFOX": _which(*FIREFOX)}
    # Playwright's own Node.js wants a library that a small Debian does not have.
    found["PLAYWRIGHT_NODEJS_PATH"] = _which("node")
    if not found["VEIL_CHROMIUM"]:
        _say("setting up Playwright's own Chromium")
        _run([python, "-m", "playwright", "install", "chromium"])
        command = [python, "-c", _PLAYWRIGHTS]
        found["VEIL_CHROMIUM"] = subprocess.check_output(command, text=True).strip()
    return {name: program for name, program in found.items() if program}


_PLAYWRIGHTS = """
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)
"""


def _install(packages: list[str]) -> None:
    """Debian's packages where they can be installed; what is missing makes tests skip."""
    if missing := debian.install(packages):
        print(f"not installed (tests that need them skip): {', '.join(missing)}", file=sys.stderr)


def _step(name: str, command: list[str], root: Path, variables: dict[str, str]) -> int:
    print(f"== {name}", flush=True)
    return subprocess.run(
        command, cwd=root, env={**os.environ, **variables}, stdin=subprocess.DEVNULL, check=False
    ).returncode


def _run(command: list[str], folder: Path | None = None) -> None:
    done = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:4])} … failed (exit {done.returncode}).")


def _which(*names: str) -> str | None:
    return next((found for name in names if (found := shutil.which(name))), None)


def _digest(*paths: Path) -> str:
    return hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()[:12]


def _say(what: str) -> None:
    print(f"== {what}", flush=True)
