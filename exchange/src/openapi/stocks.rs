//! Stocks of numbered things: what programs of the office read, and the moves that they make.

use engine::base::limits;
use serde_json::{Map, Value as Json, json};

use super::object;
use super::paths::{answers, body, parameter, token};

pub(super) fn paths(paths: &mut Map<String, Json>) {
    let refused = ["sign_in", "forbidden", "not_found"];
    let flag = || json!({ "type": "boolean" });
    let one = object(&[("stock", text()), ("title", text()), ("keeps", flag()), ("writes_off", flag())]);
    let list = object(&[("stocks", json!({ "type": "array", "items": one }))]);
    paths.insert(
        "/stocks".to_owned(),
        json!({ "get": {
        "operationId": "list_stocks", "summary": "The stocks of numbered things that the program's person sees",
        "security": token(), "parameters": [parameter("language")],
        "responses": answers(&[("200", "The stocks", list)], &refused),
    } }),
    );
    let of_one = [parameter("stock"), parameter("language")];
    let mut told = answers(&[("200", "What there is", stock())], &refused);
    told["200"]["content"]["application/json"]["example"] = example();
    paths.insert(
        "/stocks/{stock}".to_owned(),
        json!({ "get": {
        "operationId": "get_stock", "summary": "What the person holds, what waits, and for whoever keeps the stock all of it by holder",
        "security": token(), "parameters": of_one, "responses": told,
    } }),
    );
    let refused = ["sign_in", "forbidden", "not_found", "conflict", "wrong_type", "answers", "too_many"];
    let made = object(&[("stock", text()), ("do", text()), ("move", whole())]);
    let mut keyed = of_one.to_vec();
    keyed.push(parameter("key"));
    paths.insert(
        "/stocks/{stock}/moves".to_owned(),
        json!({ "post": {
        "operationId": "move_stock", "summary": "Numbers are received, handed over, or to be written off; or such a move is answered",
        "security": token(), "parameters": keyed, "requestBody": moves(),
        "responses": answers(&[("201", "The move, by its number", made)], &refused),
    } }),
    );
}

fn text() -> Json {
    json!({ "type": "string" })
}

fn whole() -> Json {
    json!({ "type": "integer" })
}

/// Numbers that follow each other, and what else is said of them.
fn numbers(more: &[(&str, Json)]) -> Json {
    let range = [("first", text()), ("last", text()), ("count", whole())];
    object(&range.into_iter().chain(more.iter().cloned()).collect::<Vec<_>>())
}

fn stock() -> Json {
    let list = |item: Json| json!({ "type": "array", "items": item });
    let run = || {
        let state = json!({ "enum": ["held", "sent", "asked", "used", "written_off"] });
        let holder = json!({ "type": "string", "description": "The key of a person, or `store`." });
        list(numbers(&[("state", state), ("holder", holder)]))
    };
    let waits = numbers(&[
        ("move", whole()),
        ("kind", json!({ "enum": ["sent", "asked"] })),
        ("holder", text()),
        ("to", json!({ "type": ["string", "null"] })),
        ("by", text()),
        ("at", json!({ "type": "string", "format": "date-time" })),
        ("reason", text()),
        ("may", list(json!({ "enum": ["take", "return", "agree", "keep"] }))),
    ]);
    let mut stock = object(&[("stock", text()), ("title", text()), ("mine", run()), ("waiting", list(waits))]);
    stock["properties"]["holders"] = list(object(&[("holder", text()), ("name", text()), ("holds", whole())]));
    stock["properties"]["numbers"] = run();
    stock
}

fn example() -> Json {
    json!({
        "stock": "tags", "title": "Tags",
        "mine": [{ "first": "T-00401", "last": "T-00500", "count": 100, "state": "held", "holder": "01hq7" }],
        "waiting": [],
        "holders": [
            { "holder": "store", "name": "The store", "holds": 400 },
            { "holder": "01hq7", "name": "Gita Negi", "holds": 100 },
        ],
        "numbers": [
            { "first": "T-00001", "last": "T-00400", "count": 400, "state": "held", "holder": "store" },
            { "first": "T-00401", "last": "T-00500", "count": 100, "state": "held", "holder": "01hq7" },
        ],
    })
}

/// A move, or the answer to one that waits, each with an example.
fn moves() -> Json {
    let number = || json!({ "type": "string", "minLength": 1 });
    let reason = || json!({ "type": "string", "minLength": 1, "maxLength": limits::COMMENT_CHARS });
    let closed = |mut schema: Json| {
        schema["additionalProperties"] = false.into();
        schema
    };
    let with_last = |mut schema: Json| {
        schema["properties"]["last"] =
            json!({ "type": "string", "description": "One number alone where it is left out." });
        closed(schema)
    };
    let says_why = with_last(object(&[
        ("do", json!({ "enum": ["receive", "write_off"] })),
        ("first", number()),
        ("reason", reason()),
    ]));
    let mut hands = object(&[
        ("do", json!({ "const": "hand_over" })),
        ("first", number()),
        ("to", json!({ "type": "string", "description": "The key of a person, or `store`." })),
    ]);
    hands["properties"]["reason"] = reason();
    let answer = closed(object(&[("do", json!({ "enum": ["take", "return", "agree", "keep"] })), ("move", whole())]));
    let mut asked = body(&json!({ "oneOf": [says_why, with_last(hands), answer] }));
    asked["content"]["application/json"]["examples"] = json!({
        "receive": { "value": { "do": "receive", "first": "T-00001", "last": "T-00500", "reason": "Order 7" } },
        "hand_over": { "value": { "do": "hand_over", "first": "T-00401", "last": "T-00500", "to": "01hq7" } },
        "take": { "value": { "do": "take", "move": 1204 } },
    });
    asked
}
