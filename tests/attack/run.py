#!/usr/bin/env python3
"""Attacks the API with schemathesis, by the OpenAPI document that it serves: as a stranger, as a citizen, and as a
program that works for an employee.

    target/schemathesis/bin/python tests/attack/run.py

It starts a small demonstration of its own. NAGAR names another program, SEED other chances, EXAMPLES how many
requests are made up for each operation, WHO some of those who attack.
"""

import base64
import hmac
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import time
from urllib.parse import quote

import requests

HERE = pathlib.Path(__file__).resolve().parent
# Nothing is left beside the tests.
sys.dont_write_bytecode = True
sys.path.append(str(HERE.parent / "support"))

from demonstration import LOGS, TOWN, Demonstration  # noqa: E402: it lies beside

SCHEMATHESIS = pathlib.Path(sys.executable).parent / "st"
REGISTRY = "properties"
# Whose programs are tried: who decides complaints, since one is opened below.
EMPLOYEE = "staff-officer"
PASSWORD = "nagar-demo-2026"
COMPLAINT = {
    "grievance_type": "light_not_working",
    "description": "The lamp before the school has been dark for a week",
    "locality": "M0427",
    "landmark": "Pole 14, before the school",
    "full_name": "Gita Rawat",
    "may_call": True,
}
SEED = os.environ.get("SEED", "1")
EXAMPLES = os.environ.get("EXAMPLES", "10")
# Seconds that one attack may take: far above what it needs.
LONGEST = 600


class Desk:
    """Somebody at the desk. Cookies are kept by hand: they are for https and for localhost, and the library knows only
    the first."""

    def __init__(self, demo, user):
        self.url, self.cookies = demo.url, {}
        self.send(f"/{TOWN}/desk/sign-in", [("user", user), ("password", PASSWORD)])

    def ask(self, method, path, fields=None):
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie} if cookie else {}
        address = f"{self.url}{path}"
        answer = requests.request(method, address, data=fields, headers=headers, allow_redirects=False, timeout=60)
        self.cookies.update(answer.cookies.get_dict())
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code}"
        return answer.text

    def send(self, path, fields):
        """Fills in the form of a page. What it offers already is sent as it is."""
        page = self.ask("GET", path)
        offered = re.findall(r'name="(_csrf|until)" value="([^"]+)"', page)
        # The token stands in each form of a page.
        return self.ask("POST", path, [*dict(offered).items(), *fields])


def shown(secret):
    """What an authenticator with this secret shows now (RFC 6238)."""
    key = base64.b32decode(re.sub("[^A-Z2-7]", "", secret.upper()))
    mac = hmac.digest(key, int(time.time() // 30).to_bytes(8, "big"), "sha1")
    at = mac[19] & 15
    return f"{(int.from_bytes(mac[at:at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def program(demo):
    """A token for a program that works for an employee: the administrator asks for it, and the employee confirms it with
    the second factor, which is set up first."""
    uses = [("uses", use) for use in ("read", "open", "act")]
    Desk(demo, "administrator").send(f"/{TOWN}/desk/staff/{EMPLOYEE}/token", [("name", "Attack"), *uses])
    own, account = Desk(demo, "officer"), f"/{TOWN}/desk/account"
    own.send(f"{account}/second", [("proof", PASSWORD)])
    secret = re.search(r'class="code">([^<]+)<', own.ask("GET", f"{account}/second/code")).group(1)
    codes = re.findall(r'class="code">([^<]+)<', own.send(f"{account}/second/code", [("code", shown(secret))]))
    waits = re.search(rf'href="({account}/waits/[^"]+)"', own.ask("GET", account)).group(1)
    made = own.send(waits, [("decision", "agree"), ("proof", codes[0])])
    return re.search(r"<code>(nagar_[^<]+)</code>", made).group(1)


def complaint(demo, token):
    """The case of a complaint that a citizen has sent, and its number."""
    opened = demo.api("/cases", {"service": "grievance", "answers": COMPLAINT}, token, **{"Idempotency-Key": "first"})
    return opened["id"], opened["number"]


def papers(demo, record, token):
    """The papers of a record that its holder may have."""
    address = f"{demo.url}/api/{TOWN}/registers/{REGISTRY}/records/{quote(record, safe='')}/documents"
    answer = requests.get(address, headers={"Authorization": f"Bearer {token}"}, timeout=60)
    return [paper["id"] for paper in answer.json()["documents"]]


def attack(demo, known, who, token):
    """One attack; whether nothing was found."""
    print(f"\n-- {who}", flush=True)
    command = [SCHEMATHESIS, "--config-file", HERE / "schemathesis.toml", "run", f"{demo.url}/api/{TOWN}/openapi.json"]
    command += ["--no-color", "--seed", SEED, "--max-examples", EXAMPLES]
    if token:
        command += ["--header", f"Authorization: Bearer {token}"]
    hooks = {"SCHEMATHESIS_HOOKS": "hooks", "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": "1"}
    surroundings = {**os.environ, **hooks, "KNOWN": json.dumps(known)}
    try:
        found = subprocess.run(command, cwd=LOGS, env=surroundings, timeout=LONGEST).returncode
    except subprocess.TimeoutExpired:
        print(f"It took longer than {LONGEST} seconds.")
        return False
    return found == 0


def main():
    # Whoever ends this ends the demonstration as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with Demonstration("attack") as demo:
        # The one with the most versions; the latest of them says who holds it.
        record, holder = demo.row(
            "select number, holder from records where tenant = :town and registry = :registry"
            " order by version desc, number limit 1",
            {"town": TOWN, "registry": REGISTRY},
        )
        # Citizens of a demonstration are called by the number of their telephone.
        token = demo.citizen(str(9_000_000_000 + int(holder.rsplit("-", 1)[1])))
        case, number = complaint(demo, token)
        known = {
            "service": "grievance",
            "case": case,
            "registry": REGISTRY,
            "record": record,
            "number": record,
            "calendar": "halls",
            "request": f"{number}.json",
            "code": f"{COMPLAINT['grievance_type']}.json",
        }
        known.update({"paper": paper for paper in papers(demo, record, token)[:1]})
        all_three = {"a stranger": None, "a citizen": token, "a program of an employee": program(demo)}
        chosen = os.environ.get("WHO", "")
        results = [attack(demo, known, who, secret) for who, secret in all_three.items() if chosen in who]
    print(f"\n{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
