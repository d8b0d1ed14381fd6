"""Puts what is there in the demonstration in the place of the word that stands for it: chance finds no number of a
case, and numbers have slashes, which schemathesis makes up in no address."""

import json
import os
from urllib.parse import quote

import schemathesis

# What is there, by the name of the parameter.
KNOWN = json.loads(os.environ["KNOWN"])
# What stands for it: the word of schemathesis.toml; and what is written where it is about another parameter.
PLACES = ("known", "0")


@schemathesis.hook
def before_call(context, case, kwargs):
    for name, value in KNOWN.items():
        if case.path_parameters.get(name) in PLACES:
            # Parameters are quoted already.
            case.path_parameters[name] = quote(value, safe="")
        if isinstance(case.query, dict) and case.query.get(name) in PLACES:
            case.query[name] = value
