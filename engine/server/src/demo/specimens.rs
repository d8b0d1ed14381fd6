//! Files for the answers of an invented history: one of each kind for a town, which all its cases name.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use connectors::files::{Kind, Upload, put_bytes};
use engine::tenant::Tenant;
use serde_json::{Value as Json, json};

use crate::app::App;
use crate::store::{By, files};

const PHOTO: &[u8] = include_bytes!("specimen/photo.jpg");
const PICTURE: &[u8] = include_bytes!("specimen/picture.png");

/// What stands for a document that somebody would have scanned.
const DOCUMENT: &str = "<h1>Specimen</h1>\
    <p>This page stands for a document that an applicant would have uploaded. It belongs to an \
    invented case, and proves nothing.</p>\
    <p lang=\"hi\">यह पृष्ठ उस दस्तावेज़ की जगह है जिसे आवेदक अपलोड करता। यह केवल नमूना है।</p>";

/// The answers that name the files of a town, by kind.
#[derive(Clone, Debug, Default)]
pub(super) struct Specimens(BTreeMap<&'static str, Json>);

impl Specimens {
    /// Keeps the files for `tenant`.
    pub(super) async fn keep(app: &App, tenant: &Tenant) -> Result<Self> {
        let options = paper::Options {
            title: "Specimen",
            language: "en",
            page: paper::Page::A4,
            footer: None,
            emblem: None,
            accent: None,
            created: "2020-01-01",
        };
        let document = paper::pdf(DOCUMENT, &options).context("the specimen of a document")?;
        let mut specimens = Self::default();
        for (word, kind, name, bytes) in [
            ("pdf", Kind::Pdf, "specimen.pdf", document.as_slice()),
            ("jpeg", Kind::Jpeg, "specimen.jpg", PHOTO),
            ("png", Kind::Png, "specimen.png", PICTURE),
        ] {
            let upload = Upload {
                tenant: &tenant.id,
                name,
                claimed_type: kind.media_type(),
                allowed: &[kind],
                max_bytes: connectors::limits::FILE_BYTES,
            };
            let stored = put_bytes(&app.files, upload, bytes).await.context("keeping a specimen")?;
            let row = files::File {
                id: format!("specimen-{word}"),
                sha256: stored.digest.to_string(),
                size: i64::try_from(stored.size)?,
                kind: kind.media_type().to_owned(),
                name: stored.name,
                case: None,
                field: String::new(),
                person: "specimen".to_owned(),
                at_ms: app.clock.now_ms(),
            };
            let mut tx = app.store.begin(&tenant.id).await?;
            files::insert(&mut tx, By::system(row.at_ms), &row).await?;
            tx.commit().await?;
            let answer =
                json!({ "id": row.id, "name": row.name, "kind": word, "size": row.size, "sha256": row.sha256 });
            specimens.0.insert(word, answer);
        }
        Ok(specimens)
    }

    /// Puts specimens in the place of made-up files in `answers`.
    pub(super) fn put_in(&self, answers: &mut Json) {
        match answers {
            Json::Object(map) => {
                let kind = map.get("kind").and_then(Json::as_str).and_then(|kind| self.0.get(kind));
                if let (Some("file"), Some(Json::Object(specimen))) = (map.get("id").and_then(Json::as_str), kind) {
                    map.extend(specimen.clone());
                    return;
                }
                map.values_mut().for_each(|value| self.put_in(value));
            }
            Json::Array(items) => items.iter_mut().for_each(|item| self.put_in(item)),
            _ => {}
        }
    }
}
