#!/usr/bin/env python3
"""Says what the program is made of: a bill of materials in CycloneDX 1.5, from Cargo's own account and Cargo.lock.

    python3 tests/support/sbom.py > nagar.cdx.json

The same tree gives the same bill: it carries no time and no chance.
"""

import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PLATFORM = "x86_64-unknown-linux-gnu"


def metadata():
    """What Cargo says of every package that the program is built from."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--filter-platform", PLATFORM]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def checksums():
    """The digest of each package as the registry has it, by name and version."""
    lock = (ROOT / "Cargo.lock").read_text(encoding="utf-8")
    found = {}
    for entry in lock.split("[[package]]")[1:]:
        told = dict(re.findall(r'^(name|version|checksum) = "(.*)"$', entry, re.M))
        if "checksum" in told:
            found[told["name"], told["version"]] = told["checksum"]
    return found


def reference(package):
    return f"pkg:cargo/{package['name']}@{package['version']}"


def built_in(tree, root):
    """The packages below the program, without those that only tests need."""
    nodes = {node["id"]: node for node in tree["resolve"]["nodes"]}
    found, todo = {}, [root]
    while todo:
        here = todo.pop()
        if here in found:
            continue
        below = [
            dep["pkg"]
            for dep in nodes[here]["deps"]
            if any(kind["kind"] != "dev" for kind in dep["dep_kinds"])
        ]
        found[here] = below
        todo.extend(below)
    return found


def component(package, digests):
    told = {
        "type": "library",
        "bom-ref": reference(package),
        "name": package["name"],
        "version": package["version"],
        "purl": reference(package),
    }
    if package["license"]:
        told["licenses"] = [{"expression": package["license"].replace(" / ", " OR ").replace("/", " OR ")}]
    digest = digests.get((package["name"], package["version"]))
    if digest:
        told["hashes"] = [{"alg": "SHA-256", "content": digest}]
    if package["repository"]:
        told["externalReferences"] = [{"type": "vcs", "url": package["repository"]}]
    return told


def main():
    tree, digests = metadata(), checksums()
    packages = {package["id"]: package for package in tree["packages"]}
    root = next(key for key, package in packages.items() if package["name"] == "cli" and package["source"] is None)
    below = built_in(tree, root)
    program = {**component(packages[root], digests), "type": "application", "name": "nagar"}
    others = sorted((key for key in below if key != root), key=lambda key: reference(packages[key]))
    bill = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": program},
        "components": [component(packages[key], digests) for key in others],
        "dependencies": [
            {"ref": reference(packages[key]), "dependsOn": sorted({reference(packages[dep]) for dep in below[key]})}
            for key in [root, *others]
        ],
    }
    json.dump(bill, sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
