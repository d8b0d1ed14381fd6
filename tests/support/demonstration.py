"""A small demonstration of its own for a test that drives the program from outside, and what such a test needs of it."""

import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading

import requests

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOGS = ROOT / "target/test"
TOWN = "dehradun"


class Demonstration:
    """The program under test, in a folder of its own. NAGAR names another program."""

    reader = None

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        LOGS.mkdir(parents=True, exist_ok=True)
        self.data = pathlib.Path(tempfile.mkdtemp(prefix=f"nagar-{self.name}-"))
        binary = os.environ.get("NAGAR", ROOT / "target/release/nagar")
        command = [binary, "demo", "--data", self.data, "--port", "0", "--small"]
        self.log = open(LOGS / f"{self.name}-demo.log", "w+", encoding="utf-8")
        self.child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=self.log, text=True)
        for line in self.child.stdout:
            self.log.write(line)
            if line.startswith("ready http"):
                self.url = line.split()[1].rstrip("/")
                # What it says later is read too: a full pipe would hold it up.
                self.reader = threading.Thread(target=self.log.writelines, args=(self.child.stdout,), daemon=True)
                self.reader.start()
                return self
        self.__exit__()
        raise SystemExit(f"The demonstration did not start: see {self.log.name}")

    def __exit__(self, *_):
        self.child.terminate()
        self.child.wait(timeout=60)
        if self.reader:
            self.reader.join(timeout=10)
        self.log.close()
        shutil.rmtree(self.data, ignore_errors=True)

    def row(self, query, values):
        """One row of what is kept: what no page tells somebody who has not signed in."""
        store = sqlite3.connect(f"file:{self.data / 'nagar.db'}?mode=ro", uri=True)
        try:
            return store.execute(query, values).fetchone()
        finally:
            store.close()

    def api(self, path, body, token=None, **headers):
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = requests.post(f"{self.url}/api/{TOWN}{path}", json=body, headers=headers, timeout=60)
        assert answer.ok, f"POST {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def citizen(self, mobile):
        """The token of a citizen, by the code that was sent."""
        asked = self.api("/sign-in", {"mobile": mobile})
        messages = requests.get(f"{self.url}/dev/outbox", timeout=60).text
        code = re.search(rf"{mobile}\n.*?(?<![\d/-])(\d{{6}})(?!\d)", messages, re.S).group(1)
        told = self.api("/sign-in/code", {"mobile": mobile, "browser": asked["browser"], "code": code})
        return told["token"]
