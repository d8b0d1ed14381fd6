//! The JSON Schema of `nagar.yaml`, for editors. A test holds its keys to those of
//! [`Config`](crate::config::Config).

use serde_json::{Value as Json, json};

/// The schema.
pub fn schema() -> Json {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "How an installation is run",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "listen": { "type": "string", "description": "Where to listen: address and port.", "default": "127.0.0.1:8080" },
            "data_dir": { "type": "string", "description": "Where everything is kept that is not a definition: database, files, keys.", "default": "data" },
            "definitions": {
                "description": "The folder of the definitions; or several, each laid over those before it.",
                "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }],
                "default": "definitions",
            },
            "published": { "type": "boolean", "description": "Whether the definitions are those that were published in the database (`nagar publish`), in the place of those in the folder: so several nodes serve the same.", "default": false },
            "publication": publication(),
            "database": { "type": "string", "description": "The database, as `postgres://…`; the data directory's own SQLite if nothing is said." },
            "database_owner": { "type": "string", "description": "The login that owns the tables of a PostgreSQL database and brings them up to date, if `database` names another that only serves." },
            "database_wait": { "type": "integer", "minimum": 0, "maximum": 3600, "description": "How many seconds a start waits for a database that does not answer yet.", "default": 60 },
            "metrics": { "type": "string", "description": "Where `/metrics` is answered, for those who watch, as in `127.0.0.1:9464`; nowhere if nothing is said. It is for the machines that watch alone: nobody is asked who he is there." },
            "drain": { "type": "integer", "minimum": 0, "maximum": 600, "description": "How many seconds a node that was asked to stop goes on taking requests, while `/ready` says that it is not ready: as long as whatever stands in front needs to see that.", "default": 0 },
            "base_url": { "type": "string", "pattern": "^https?://[A-Za-z0-9.:\\[\\]-]+$", "description": "How people reach these pages, as in `https://town.example`: links, QR codes and callbacks are made of this and never of what a request claims.", "default": "http://localhost:8080" },
            "demo": { "type": "boolean", "description": "Whether this is a demonstration: invented people, messages shown instead of sent, and a gateway that takes nobody's money.", "default": false },
            "implementer": { "type": "boolean", "description": "Whether the pages for writers of definitions are served.", "default": false },
            "insecure_cookies": { "type": "boolean", "description": "Whether cookies may travel over plain http to other machines. Only for a demonstration.", "default": false },
            "second_factor": { "type": "array", "items": { "type": "string" }, "description": "The roles whose holders sign in with a second factor; `*` for all. If nothing is said: nobody in a demonstration, everybody elsewhere." },
            "identity": { "description": "Identity providers at which employees sign in (OpenID Connect), each by a word of its own that stands in addresses: small letters, digits and hyphens.", "type": "object", "propertyNames": { "pattern": "^[a-z0-9-]{1,32}$" }, "additionalProperties": identity() },
            "proxies": { "type": "integer", "minimum": 0, "description": "How many proxies of our own stand in front: so many of the last entries of `X-Forwarded-For` are believed. None, and the header is ignored.", "default": 0 },
            "message": message(),
            "payment": { "description": "How money comes in.", "$ref": "#/$defs/payment" },
            "payment_of": { "description": "Towns whose gateway is another.", "type": "object", "additionalProperties": { "$ref": "#/$defs/payment" } },
            "files": { "description": "Where uploads and papers are kept.", "oneOf": [
                kind("disk", "In a directory of this machine.", &json!({
                    "path": { "type": "string", "description": "The directory, below the data directory unless absolute." },
                }), &["path"]),
            ] },
            "upload_megabytes": { "type": "integer", "minimum": 0, "description": "How many megabytes the files may take that people send to a town; any number if nothing is said." },
            "upload_megabytes_of": { "type": "object", "additionalProperties": { "type": "integer", "minimum": 0 }, "description": "Towns of which that is another number." },
            "scan": scan(),
            "upkeep": upkeep(),
        },
        "$defs": { "payment": payment() },
    })
}

/// Who publishes definitions.
fn publication() -> Json {
    json!({ "description": "Who publishes definitions.", "type": "object", "additionalProperties": false, "properties": {
        "two_people": { "type": "boolean", "description": "Whether what one person proposes is published only once another has confirmed it; every node proves both signatures before it serves.", "default": false },
        "unsigned": { "type": "boolean", "description": "Whether definitions are served that two people have not signed; nothing is served outside a demonstration unless this or `two_people` is said.", "default": false },
        "publishers": { "type": "object", "additionalProperties": { "type": "string", "pattern": "^[0-9a-fA-F]{64}$" }, "description": "The public key of each person who may propose or confirm, by name: 64 digits, as `nagar publish --make-key` prints them." },
    } })
}

/// When work that comes again is done.
fn upkeep() -> Json {
    json!({ "description": "When work that comes again is done: second, minute, hour, day of the month, month and day of the week, in UTC.", "type": "object", "additionalProperties": false, "properties": {
        "sweep": { "type": "string", "description": "Sessions, codes, counts and kept answers whose time is over are taken away; surveys that are over are ended.", "default": "0 */10 * * * *" },
        "verify": { "type": "string", "description": "Chain, books and numbers of every town are proved, and the ends of the chains published; what does not fit is logged as an error.", "default": "0 0 21 * * *" },
        "scrub": { "type": "string", "description": "Kept files are read and held against their hashes, each once a week however often this comes round; what was altered or is missing is logged as an error.", "default": "0 30 22 * * *" },
        "bill": { "type": "string", "description": "Registers are billed for the period of the day, record by record; who was billed is passed over.", "default": "0 40 18 * * *" },
        "turn": { "type": "string", "description": "Cases are opened for what falls due in registers, record by record; what was opened is passed over.", "default": "0 50 18 * * *" },
        "retain": { "type": "string", "description": "What people said in cases that were kept as long as their services say is erased.", "default": "0 10 20 * * *" },
    } })
}

/// What looks for viruses.
fn scan() -> Json {
    json!({ "description": "What looks for viruses in what people send, before it is kept.", "oneOf": [
        kind("none", "Nothing does.", &json!({}), &[]),
        kind("clamav", "A ClamAV beside us. While it does not answer, no file is taken.", &json!({
            "at": { "type": "string", "description": "The path of its socket, as in `/run/clamav/clamd.ctl`, or its address and port." },
        }), &["at"]),
    ] })
}

/// How messages go out.
fn message() -> Json {
    json!({ "description": "How messages go out.", "oneOf": [
        kind("console", "Messages are told to the log, with the address masked.", &json!({}), &[]),
        kind("file", "Messages are added to a file, one JSON object a line.", &json!({
            "path": { "type": "string", "description": "The file, below the data directory unless absolute." },
        }), &["path"]),
    ] })
}

fn identity() -> Json {
    let words = |about: &str| json!({ "type": "array", "items": { "type": "string", "pattern": "^[!-~]+$" }, "description": about });
    json!({ "type": "object", "additionalProperties": false, "required": ["issuer", "client_id", "client_secret"], "properties": {
        "issuer": { "type": "string", "pattern": "^(https://|http://(localhost|127\\.|\\[::1\\]))[^?#]*$", "description": "The provider's address as it calls itself, as in `https://id.example/realms/city`; over https, or on this machine." },
        "client_id": { "type": "string", "minLength": 1, "description": "How we are called there." },
        "client_secret": { "type": "string", "pattern": "^(env|file):.+$", "description": "Where the secret is kept that proves it is us: `env:NAME` or `file:PATH`." },
        "scopes": { "type": "array", "items": { "type": "string", "pattern": "^[!-~]+$" }, "contains": { "const": "openid" }, "description": "What is asked for. `openid` must be among it; `email` is needed where people are known by their address.", "default": ["openid", "email"] },
        "button": { "type": "object", "additionalProperties": { "type": "string", "minLength": 1 }, "description": "The words on the button by language, where they are to be other than ours." },
        "second_factor": { "type": "object", "additionalProperties": false, "properties": {
            "acr": words("Values of `acr`, one of which says that a second factor was proved. They are asked for as well."),
            "amr": words("Values of `amr`, one of which says so, as in `mfa` or `otp`."),
        }, "description": "By which words of the provider the second factor counts as proved. None, and we ask for our own." },
        "authorities": { "type": "string", "description": "A file of certificates (PEM) of those who vouch for its address, in place of those that this machine knows; below the data directory unless absolute." },
        "towns": { "type": "array", "items": { "type": "string" }, "description": "The towns whose employees sign in there; every town if none is named." },
    } })
}

fn payment() -> Json {
    json!({ "oneOf": [
        kind("counter", "Only at the counter.", &json!({}), &[]),
        kind("demo", "Through the demo gateway: nobody's money moves. It needs `demo: true`.", &json!({
            "url": { "type": "string", "description": "The gateway's address, as in `http://127.0.0.1:8081`." },
            "key_id": { "type": "string", "description": "The name of the key." },
            "secret": { "type": "string", "pattern": "^(env|file):.+$", "description": "Where the key is kept: `env:NAME` or `file:PATH`." },
            "pages_url": { "type": "string", "description": "Where payers reach its pages, when that is another address than ours." },
            "timeout_ms": { "type": "integer", "minimum": 50, "maximum": 60000, "description": "How long a call may take, in milliseconds; ten seconds if not said." },
        }), &["url", "key_id", "secret"]),
    ] })
}

/// One of several ways, told by its `type`.
fn kind(name: &str, about: &str, keys: &Json, needed: &[&str]) -> Json {
    let mut properties = json!({ "type": { "const": name } });
    if let (Json::Object(all), Json::Object(own)) = (&mut properties, keys) {
        all.extend(own.clone());
    }
    let required: Vec<&str> = std::iter::once("type").chain(needed.iter().copied()).collect();
    json!({ "type": "object", "description": about, "additionalProperties": false, "properties": properties, "required": required })
}
