//! Papers: composed in the applicant's language, made into a PDF, signed, and kept.

use std::sync::Arc;

use engine::base::Moment;
use engine::billing::Receipt;
use engine::document::{self, Document};
use engine::template::Look;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::story::{Gathered, Links, gather};
use crate::app::App;
use crate::auth::seal::Sealed;
use crate::auth::{keys, token};
use crate::library::Loaded;
use crate::octets;
use crate::problem::Problem;
use crate::store::By;
use crate::store::jobs::{self, Job};
use crate::store::octets::Of;
use crate::store::papers::{self, Paper};
use crate::store::{Tx, cases};

/// Letters of the key of a paper: 130 bits.
const ID: usize = 26;

/// Letters of the code that is printed beside the square pattern: 60 bits.
const CODE: usize = 12;

/// What papers show where a town has no emblem of its own: a plain house.
pub(crate) const NO_EMBLEM: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\">\
    <path d=\"M12 3 3 10v11h6v-6h6v6h6V10z\" fill=\"#444444\"/></svg>";

/// Issues a paper. A job that is done once more finds its paper and issues no second one: the
/// paper's key and code follow from the job's.
pub async fn issue(app: &Arc<App>, job: &Job) -> Result<(), Problem> {
    let library = app.library.now();
    let text = |name: &str| job.body[name].as_str().unwrap_or_default();
    let told = gather(app, &library, &job.tenant, text("case"), job.body["event"].as_i64().unwrap_or_default()).await?;
    let Some(document) = told.service.document(text("document")) else { return Ok(()) };
    let secret = secret(app, &job.tenant, &job.key);
    let (id, code) = (&secret[..ID], &secret[ID..ID + CODE]);
    let mut tx = app.store.read(&told.tenant.id).await?;
    if papers::find(&mut tx, id).await?.is_some() {
        return Ok(());
    }
    drop(tx);
    let now = app.clock.now(&told.tenant);
    let print = printed(app, &library, &told, document, code, now).await?;
    let (size, content) = (print.pdf.len(), token::hex(&Sha256::digest(&print.pdf)));
    let kept = octets::keep(app, &told.tenant.id, Of::Paper(id), print.pdf.into()).await?;
    let mut tx = app.store.begin(&told.tenant.id).await?;
    jobs::hold(&mut tx, job).await?;
    let paper = Paper {
        id: id.to_owned(),
        case: told.case.id.clone(),
        document: document.name.to_string(),
        language: language(&told).to_owned(),
        sha256: kept.to_string(),
        code: code.to_owned(),
        status: status(&mut tx, &told, &document.name).await?.to_owned(),
        at_ms: now.ms,
        body: json!({
            "v": 1,
            "number": print.number,
            "size": size,
            "sha256": content,
            "digest": print.digest,
            "key": keys::id(&app.keys.signing().verifying_key()),
            "event": job.body["event"],
        }),
    };
    papers::insert(&mut tx, By::system(now.ms), &paper).await?;
    Ok(tx.commit().await?)
}

/// What a paper's key and code are made of: nobody can guess it, and it follows from the key of the job.
fn secret(app: &App, tenant: &str, job: &str) -> String {
    token::base32(&token::mac(app.keys.secret(), "paper", &[tenant, job]))
}

/// The key of the paper that the job with the key `job` issues, also before it is issued.
pub fn id_of(app: &App, tenant: &str, job: &str) -> String {
    secret(app, tenant, job)[..ID].to_owned()
}

/// The status of a paper that is issued now: its receipt, or a part of it, may have been taken back meanwhile.
async fn status(tx: &mut Tx, told: &Gathered, document: &str) -> Result<&'static str, Problem> {
    let Some(receipt) = told.receipt.as_ref().filter(|_| document == document::RECEIPT) else {
        return Ok(papers::VALID);
    };
    // Held until the paper is kept: whoever takes the receipt back meanwhile finds the paper.
    let case = cases::load(tx, &told.case.id).await?.ok_or(Problem::NotFound)?;
    let is_past = |now: &Receipt| now.cancelled || now.returned != receipt.returned;
    let gone = case.receipts.iter().any(|now| now.number == receipt.number && is_past(now));
    Ok(if gone { papers::CANCELLED } else { papers::VALID })
}

/// A paper as it leaves the printer.
struct Print {
    pdf: Vec<u8>,
    number: String,
    /// Of the words on it, without the link that verifies them.
    digest: String,
}

/// Composes a paper, signs its words, and prints it with the link that verifies them.
async fn printed(
    app: &App,
    library: &Loaded,
    told: &Gathered,
    document: &Document,
    code: &str,
    now: Moment,
) -> Result<Print, Problem> {
    let language = language(told);
    let words = Gathered::words(library, language);
    let look = Look::new(&told.tenant, language, &words);
    let case_link = app.link(&format!("/{}/cases/{}", told.tenant.id, told.case.id));
    let pay_link = told.pay_link(app);
    let pay = pay_link.as_deref();
    let plain = composed(app, told, document, look, Links { case: &case_link, verify: "", pay });
    let sealed = Sealed {
        kind: document.name.to_string(),
        tenant: told.tenant.id.clone(),
        number: number(told, &document.name),
        code: code.to_owned(),
        digest: digest(&plain),
        issued: now.day(),
    };
    let verify = app.link(&format!("/{}/verify/{}", told.tenant.id, sealed.sign(&app.keys)));
    let html = composed(app, told, document, look, Links { case: &case_link, verify: &verify, pay });
    let footer = library.words(language).say(
        "paper.footer",
        &[("code", &grouped(code)), ("address", &app.link(&format!("/{}/verify", told.tenant.id)))],
    );
    let sheet = Sheet {
        title: format!("{} {}", document.title.in_language(language), sealed.number),
        language: language.to_owned(),
        page: paper::Page::A4,
        footer: Some(footer),
        emblem: told.tenant.emblem.as_deref().unwrap_or(NO_EMBLEM).to_owned(),
        accent: told.tenant.accent.clone(),
        created: now.day().to_string(),
    };
    let pdf = pdf(html, sheet)
        .await
        .map_err(|error| error.context(format!("the paper {} of {}", document.name, told.service.id)))?;
    Ok(Print { pdf, number: sealed.number, digest: sealed.digest })
}

/// How a paper is laid out; see [`paper::Options`].
pub(crate) struct Sheet {
    pub(crate) title: String,
    pub(crate) language: String,
    pub(crate) page: paper::Page,
    pub(crate) footer: Option<String>,
    pub(crate) emblem: String,
    pub(crate) accent: String,
    pub(crate) created: String,
}

/// Lays out a paper. That takes milliseconds of pure reckoning, so it is done beside the threads that
/// answer requests.
pub(crate) async fn pdf(html: String, sheet: Sheet) -> anyhow::Result<Vec<u8>> {
    let lay_out = move || {
        let options = paper::Options {
            title: &sheet.title,
            language: &sheet.language,
            page: sheet.page,
            footer: sheet.footer.as_deref(),
            emblem: Some(&sheet.emblem),
            accent: Some(&sheet.accent),
            created: &sheet.created,
        };
        paper::pdf(&html, &options).map_err(|error| anyhow::anyhow!("{error}"))
    };
    tokio::task::spawn_blocking(lay_out).await?
}

/// What is signed of the words of a paper: the first half of their SHA-256.
pub(crate) fn digest(text: &str) -> String {
    token::hex(&Sha256::digest(text.as_bytes())[..16])
}

/// The applicant's language, where the town speaks it.
fn language(told: &Gathered) -> &str {
    if told.tenant.languages.contains(&told.case.language) {
        &told.case.language
    } else {
        told.tenant.languages.first().map_or("en", String::as_str)
    }
}

fn composed(app: &App, told: &Gathered, document: &Document, look: Look<'_>, links: Links<'_>) -> String {
    document::compose(document, &told.service.form, &look, &told.story(app, look, links).for_paper())
}

/// The number on a paper: of the receipt, of the record it shows, or of the case.
fn number(told: &Gathered, document: &str) -> String {
    let shows_record =
        told.service.grants.iter().any(|grant| grant.document.as_ref().is_some_and(|shown| shown.value == *document));
    let record = told.record.as_ref().filter(|_| shows_record).map(|record| record.number.clone());
    let receipt = told.receipt.as_ref().filter(|_| document == document::RECEIPT).map(|receipt| receipt.number.clone());
    record.or(receipt).or_else(|| told.case.number.clone()).unwrap_or_default()
}

/// A code in groups of four, as it is printed.
fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.to_ascii_uppercase().chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
