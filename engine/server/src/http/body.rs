//! What a request carries: forms, forms with files, JSON — within limits, and read strictly.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::header;
use connectors::control::holds;
use tokio::sync::Semaphore;
use ui_gen::from_engine::typed::Sent;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

use super::limits;
use crate::problem::Problem;

/// A form as it was sent.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Name to values, in the order of sending.
    pub sent: Sent,
    /// Files that have content.
    pub files: Vec<Part>,
}

/// A file in a form.
#[derive(Clone, Debug)]
pub struct Part {
    /// The field it answers.
    pub field: String,
    /// What the sender calls it.
    pub name: String,
    /// The media type the sender claims.
    pub claimed: String,
    /// Its content.
    pub bytes: Bytes,
}

/// How the body of a request is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// As a form without files.
    Form,
    /// As a form, with or without files. Only where a question may ask for one: each such form holds
    /// one of few turns and much memory.
    Parts,
    /// As a form that a program sends: whose key is in it, or in the header, and no token of a page.
    Pairs,
    /// As JSON.
    Json,
    /// As it is: a callback, whose signature is over the octets.
    Raw,
    /// As it is: one file, of the media type in the header.
    File,
}

/// When the body of a request is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Before it is known who asks: the body says so.
    First,
    /// Once whoever asks may: then the body must carry the token of the page, if it came from one.
    Allowed,
}

impl Reads {
    /// When a body that is read so is read.
    pub fn when(self) -> When {
        if self == Self::Pairs { When::First } else { When::Allowed }
    }
}

/// What was read.
#[derive(Clone, Debug)]
pub enum Content {
    /// A form.
    Form(Form),
    /// JSON.
    Json(serde_json::Value),
    /// Octets.
    Raw(Bytes),
}

static UPLOADS: Semaphore = Semaphore::const_new(limits::UPLOADS);

/// How many forms with files each client has under way.
static UNDER_WAY: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

/// A turn of a client to send files; it ends when it is dropped.
#[derive(Debug)]
pub struct Turn(String);

impl Turn {
    /// A turn, unless the client has as many as anybody may have.
    pub fn take(client: &str) -> Result<Self, Problem> {
        let mut under_way = UNDER_WAY.lock().expect("nobody panics while holding it");
        let count = under_way.entry(client.to_owned()).or_default();
        if *count >= limits::UPLOADS_EACH && holds("in_10_turns") {
            return Err(Problem::TooMany(limits::UPLOAD_PAUSE));
        }
        *count += 1;
        Ok(Self(client.to_owned()))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut under_way = UNDER_WAY.lock().expect("nobody panics while holding it");
        if let Some(count) = under_way.get_mut(&self.0) {
            *count -= 1;
            if *count == 0 {
                under_way.remove(&self.0);
            }
        }
    }
}

/// Reads the body of `request`; `client` is who sends it, and nobody sends many files at once.
pub async fn read(request: Request, reads: Reads, client: &str) -> Result<Content, Problem> {
    read_within(request, reads, client, (limits::REQUEST, limits::UPLOAD_TIME)).await
}

/// The same, for a body that may take so long, and a form with files so long.
pub async fn read_within(
    request: Request,
    reads: Reads,
    client: &str,
    (time, files_time): (Duration, Duration),
) -> Result<Content, Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match (reads, kind.as_str()) {
        (Reads::Raw, _) => Ok(Content::Raw(octets(request.into_body(), limits::HOOK, time).await?)),
        (Reads::File, _) => {
            let _own = Turn::take(client)?;
            let _turn = UPLOADS.acquire().await.expect("the semaphore is never closed");
            Ok(Content::Raw(octets(request.into_body(), limits::UPLOAD, time).await?))
        }
        (Reads::Json, "application/json") => {
            json(&octets(request.into_body(), limits::BODY, time).await?).map(Content::Json)
        }
        (Reads::Form | Reads::Parts | Reads::Pairs, "application/x-www-form-urlencoded") => {
            let body = octets(request.into_body(), limits::BODY, time).await?;
            Ok(Content::Form(Form { sent: pairs(&body)?, files: Vec::new() }))
        }
        (Reads::Parts, "multipart/form-data") => {
            let _own = Turn::take(client)?;
            let _turn = UPLOADS.acquire().await.expect("the semaphore is never closed");
            in_time(files_time, with_files(request)).await?.map(Content::Form)
        }
        _ => Err(Problem::WrongType),
    }
}

/// What comes of `reading`, unless that takes longer than it may.
async fn in_time<T>(time: Duration, reading: impl Future<Output = T>) -> Result<T, Problem> {
    if !holds("in_10_body_time") {
        return Ok(reading.await);
    }
    tokio::time::timeout(time, reading).await.map_err(|_| Problem::TooSlow)
}

async fn octets(body: Body, limit: usize, time: Duration) -> Result<Bytes, Problem> {
    in_time(time, axum::body::to_bytes(body, limit)).await?.map_err(|error| {
        use std::error::Error as _;
        let too_large = error.source().is_some_and(|source| source.to_string().contains("length limit exceeded"));
        if too_large { Problem::TooLarge } else { Problem::BadRequest("the body broke off") }
    })
}

/// Names and values of a query or of a form without files.
pub fn pairs(text: &[u8]) -> Result<Sent, Problem> {
    let mut sent = Sent::new();
    for (count, (name, value)) in form_urlencoded::parse(text).enumerate() {
        add(&mut sent, count, &name, value.into_owned())?;
    }
    Ok(sent)
}

fn add(sent: &mut Sent, count: usize, name: &str, value: String) -> Result<(), Problem> {
    if (count >= limits::FIELDS || name.len() > limits::NAME) && holds("in_10_fields") {
        return Err(Problem::TooLarge);
    }
    if (value.contains('\0') || name.contains('\0')) && holds("in_01_null") {
        return Err(Problem::BadRequest("a null character"));
    }
    sent.entry(name.to_owned()).or_default().push(composed(value));
    Ok(())
}

/// What can be written in two ways in one of them (NFC): what looks the same is found by the same word, whichever
/// keyboard wrote it. Joiners and what they join stay.
fn composed(text: String) -> String {
    if is_nfc(&text) || !holds("in_06_composed") { text } else { text.nfc().collect() }
}

async fn with_files(request: Request) -> Result<Form, Problem> {
    let refused = |error: axum::extract::multipart::MultipartError| {
        if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            Problem::TooLarge
        } else {
            Problem::BadRequest("the form cannot be read")
        }
    };
    let mut parts =
        Multipart::from_request(request, &()).await.map_err(|_| Problem::BadRequest("the form cannot be read"))?;
    let mut form = Form::default();
    let (mut count, mut size) = (0, 0);
    while let Some(part) = parts.next_field().await.map_err(refused)? {
        let field = part.name().unwrap_or_default().to_owned();
        let name = part.file_name().map(str::to_owned);
        let claimed = part.content_type().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(refused)?;
        size += bytes.len();
        count += 1;
        if size > limits::UPLOAD || count > limits::FIELDS {
            return Err(Problem::TooLarge);
        }
        match name {
            // A browser sends an empty part for a file that was not chosen.
            Some(name) if name.is_empty() && bytes.is_empty() => {}
            Some(name) => form.files.push(Part { field, name, claimed, bytes }),
            None => {
                let value =
                    String::from_utf8(bytes.into()).map_err(|_| Problem::BadRequest("text that is not UTF-8"))?;
                add(&mut form.sent, count, &field, value)?;
            }
        }
    }
    Ok(form)
}

/// Reads JSON that is not nested too deep, has not too many values and names no key twice.
pub fn json(bytes: &[u8]) -> Result<serde_json::Value, Problem> {
    few_enough(bytes)?;
    serde_json::from_slice::<strict::Strict>(bytes)
        .map(|strict| strict.0)
        .map_err(|_| Problem::BadRequest("JSON that cannot be read"))
}

/// Refuses JSON of too many levels or values, by its signs and before anything of it is kept: a list of noughts would
/// take many times its own size.
fn few_enough(bytes: &[u8]) -> Result<(), Problem> {
    let (mut depth, mut values, mut text, mut escaped) = (0_usize, 1_usize, false, false);
    for byte in bytes {
        match (byte, text) {
            (_, true) if escaped => escaped = false,
            (b'\\', true) => escaped = true,
            (b'"', _) => text = !text,
            (b'{' | b'[', false) => (depth, values) = (depth + 1, values + 1),
            (b'}' | b']', false) => depth = depth.saturating_sub(1),
            (b',', false) => values += 1,
            _ => {}
        }
        if depth > limits::JSON_DEPTH && holds("in_10_json_depth") {
            return Err(Problem::BadRequest("JSON nested too deep"));
        }
        if values > limits::JSON_VALUES && holds("in_10_json_values") {
            return Err(Problem::TooLarge);
        }
    }
    Ok(())
}

/// JSON in which no object names a key twice: two readers might believe different ones.
mod strict {
    use std::fmt;

    use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
    use serde_json::{Map, Number, Value};

    pub(super) struct Strict(pub(super) Value);

    impl<'de> Deserialize<'de> for Strict {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(Reader).map(Self)
        }
    }

    struct Reader;

    impl<'de> Visitor<'de> for Reader {
        type Value = Value;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("JSON")
        }
        fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
            Ok(Value::Bool(value))
        }
        fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
            Ok(Value::from(value))
        }
        fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
            Ok(Value::from(value))
        }
        fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
            Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
        }
        fn visit_str<E>(self, value: &str) -> Result<Value, E> {
            Ok(Value::String(super::composed(value.to_owned())))
        }
        fn visit_unit<E>(self) -> Result<Value, E> {
            Ok(Value::Null)
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
            let mut list = Vec::new();
            while let Some(Strict(item)) = items.next_element()? {
                list.push(item);
            }
            Ok(Value::Array(list))
        }
        fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
            let mut map = Map::new();
            while let Some((key, Strict(value))) = entries.next_entry::<String, Strict>()? {
                if map.insert(key, value).is_some() && connectors::control::holds("in_09_json_keys") {
                    return Err(A::Error::custom("a key is there twice"));
                }
            }
            Ok(Value::Object(map))
        }
    }
}

/// The one value of `name`; empty if it was not sent.
pub fn one<'a>(sent: &'a BTreeMap<String, Vec<String>>, name: &str) -> Result<&'a str, Problem> {
    match sent.get(name).map(Vec::as_slice) {
        None | Some([]) => Ok(""),
        Some([one]) => Ok(one),
        Some([one, ..]) if !holds("in_09_parameter") => Ok(one),
        Some(_) => Err(Problem::BadRequest("a parameter is there twice")),
    }
}
