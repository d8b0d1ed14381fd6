#!/usr/bin/env python3
"""Holds Cargo.lock against RustSec's list of known faults, as cargo-audit does, in a second and without being built.

    advisories.py FOLDER [LOCKFILE]

FOLDER is a checkout of https://github.com/rustsec/advisory-db. Prints what is found; 1 if a crate that we build on has
a known fault. What deny.toml ignores is ignored here as well.
"""

import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Of what is no fault that somebody can use this is told, and fails nothing; that nobody keeps a crate any more is
# cargo-deny's to say.
TOLD = "unsound"


def number(text):
    """A version to compare: what comes before a release is below it."""
    text = text.split("+")[0]
    release, _, before = text.partition("-")
    parts = [int(part) for part in release.split(".")]
    parts += [0] * (3 - len(parts))
    words = [(0, int(word), "") if word.isdigit() else (1, 0, word) for word in before.split(".")] if before else [(2, 0, "")]
    return tuple(parts), tuple(words)


def below_next(text, sign):
    """The first version that `^` or `~` does not take."""
    given = [int(part) for part in text.split("-")[0].split("+")[0].split(".")]
    parts = given + [0] * (3 - len(given))
    if sign == "~":
        at = 1 if len(given) > 1 else 0
    else:
        at = next((i for i, part in enumerate(parts) if part), len(given) - 1)
    return tuple(parts[:at] + [parts[at] + 1] + [0] * (2 - at))


def fits(version, requirement):
    """Whether a version is one of `>= 1.2, < 2`."""
    for part in requirement.split(","):
        sign, text = re.fullmatch(r"\s*(>=|<=|>|<|=|\^|~)?\s*(\S+)\s*", part).groups()
        if text == "*":
            continue
        have, want = number(version), number(text)
        if sign in (None, "^", "~"):
            ok = have >= want and have[0] < below_next(text, sign or "^")
        else:
            ok = {">=": have >= want, "<=": have <= want, ">": have > want, "<": have < want, "=": have == want}[sign]
        if not ok:
            return False
    return True


def advisories(folder, crate):
    """What is known of a crate: its id, what kind, its title, and versions without the fault."""
    for path in sorted((folder / "crates" / crate).glob("*.md")):
        block = re.search(r"```toml\n(.*?)```", path.read_text(encoding="utf-8"), re.S)
        told = tomllib.loads(block.group(1))
        about, versions = told["advisory"], told.get("versions", {})
        if "withdrawn" not in about:
            title = re.search(r"^# (.+)$", path.read_text(encoding="utf-8"), re.M)
            free = versions.get("patched", []) + versions.get("unaffected", [])
            yield about["id"], about.get("informational"), title.group(1) if title else "", free


def main():
    folder = Path(sys.argv[1])
    lock = Path(sys.argv[2]) if len(sys.argv) > 2 else ROOT / "Cargo.lock"
    if not (folder / "crates").is_dir():
        sys.exit(f"{folder} has no crates: it is no checkout of the list")
    ignored = tomllib.loads((ROOT / "deny.toml").read_text())["advisories"].get("ignore", [])
    packages = [package for package in tomllib.loads(lock.read_text())["package"] if "source" in package]
    found = 0
    for package in packages:
        name, version = package["name"], package["version"]
        for known, kind, title, free in advisories(folder, name):
            if kind not in (None, TOLD) or known in ignored or any(fits(version, part) for part in free):
                continue
            print(f"{known}{f' ({kind})' if kind else ''}: {name} {version}: {title}")
            found += kind is None
    print(f"{len(packages)} crates, {found} known faults")
    sys.exit(1 if found else 0)


main()
