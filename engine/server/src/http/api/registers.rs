//! Registers, for programs: a record, how it came to be so, what is owed on it, and its papers.
//!
//! Whoever holds a record is told everything. Others are told what the page tells on which anybody pays:
//! nothing of the person but a mask, and nothing at all of a register on which nobody pays so.

use engine::base::date::parse_day;
use engine::base::{Day, Name};
use engine::form::Form;
use engine::registry::{Grant, Mode, Record};
use serde_json::{Map, Value as Json, json};

use crate::bills;
use crate::dues;
use crate::http::ask::{self, Answer, Ask};
use crate::http::citizen::{files, mobile, tell};
use crate::http::dues as public;
use crate::http::dues::known::{self, Known};
use crate::http::{copies, dispatch, limits, when};
use crate::octets;
use crate::problem::Problem;
use crate::store::{cases, papers, people, records};

/// `GET /api/{tenant}/registers`: what is kept, and on what of it anybody may pay.
pub async fn list(ask: &Ask) -> Answer {
    let payable = dues::registries(&ask.library, ask.tenant());
    let services = ask.library.catalogue.services(ask.tenant());
    let made = services.flat_map(|service| service.grants.iter().map(move |grant| (service, grant)));
    let made = made.filter(|(_, grant)| grant.mode == Mode::Create);
    let told = made.map(|(service, grant): (_, &Grant)| {
        let registry = grant.registry.value.as_str();
        json!({
            "registry": registry,
            "what": grant.title.in_language(&ask.lang),
            "service": service.id,
            "payable": payable.iter().any(|name| name == registry),
            "public": grant.public.is_some(),
        })
    });
    Ok(ask::json(200, &json!({ "registers": told.collect::<Vec<Json>>() })))
}

/// `GET /api/{tenant}/registers/{registry}/records?number=…`: records found by their number or an old one.
pub async fn find(ask: &Ask) -> Answer {
    let registry = registry(ask)?;
    let number = ask.query("number")?.trim();
    if number.is_empty() || number.chars().count() > limits::SEARCH {
        return Err(Problem::BadRequest("`number` is missing, or too long"));
    }
    if !is_payable(ask, &registry) {
        return Err(Problem::NotFound);
    }
    public::count(ask).await?;
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let found = dues::numbered(&ask.library, ask.tenant(), &mut tx, number, limits::DUES_SHOWN).await?;
    drop(tx);
    let mut told = Vec::new();
    for record in found.iter().filter(|record| record.registry == registry).take(limits::DUES_SHOWN) {
        told.push(json!({
            "number": record.number,
            "what": dues::called(&ask.library, ask.tenant(), record, &ask.lang),
            "holder": known::holder(ask, record).await?,
            "place": dues::place(&ask.library, ask.tenant(), record, &ask.lang),
            "link": ask.app.link(&known::href(ask, record)),
        }));
    }
    Ok(ask::json(200, &json!({ "records": told })))
}

/// A record with all its versions, each with the instant at which it was made.
struct Asked {
    versions: Vec<(Record, i64)>,
    /// Whether whoever asks holds it.
    mine: bool,
}

impl Asked {
    /// The record in the address: one's own, or one on which anybody may pay, which is counted.
    async fn load(ask: &Ask) -> Result<Self, Problem> {
        let registry = registry(ask)?;
        let mut tx = ask.app.store.read(&ask.tenant().id).await?;
        let typed = records::load_typed(&mut tx, &registry, ask.param("record")).await?;
        let versions = match &typed {
            Some(record) => records::history(&mut tx, &registry, &record.number).await?,
            None => Vec::new(),
        };
        drop(tx);
        let holder = typed.map(|record| record.holder);
        let mine = holder.is_some() && ask.who.citizen().map(|citizen| &citizen.id) == holder.as_ref();
        if !mine {
            if !is_payable(ask, &registry) {
                return Err(Problem::NotFound);
            }
            public::count(ask).await?;
        }
        if versions.is_empty() { Err(Problem::NotFound) } else { Ok(Self { versions, mine }) }
    }

    /// The same, of those who hold it.
    async fn mine(ask: &Ask) -> Result<Self, Problem> {
        let asked = Self::load(ask).await?;
        if asked.mine { Ok(asked) } else { Err(Problem::NotFound) }
    }

    /// The version that holds on a day, by what was known when another day was over. Others than the
    /// holder are told of the present alone.
    fn version(&self, ask: &Ask) -> Result<&(Record, i64), Problem> {
        let (on, known_ms) = days(ask)?;
        if !self.mine && (on.is_some() || known_ms.is_some()) {
            return Err(Problem::Forbidden);
        }
        let known = self.versions.iter().filter(|(_, made_ms)| known_ms.is_none_or(|until| *made_ms <= until));
        let known: Vec<Record> = known.map(|(record, _)| record.clone()).collect();
        let holds = Record::as_on(&known, on.unwrap_or_else(|| ask.now().day()));
        // What takes effect later is not yet what holds; where nothing else is there, it is told.
        let holds = holds.or_else(|| known.last().filter(|_| on.is_none())).ok_or(Problem::NotFound)?;
        self.versions.iter().find(|(record, _)| record.version == holds.version).ok_or(Problem::NotFound)
    }
}

/// The days `on` and `known_on` of the address; the second as its last millisecond.
fn days(ask: &Ask) -> Result<(Option<Day>, Option<i64>), Problem> {
    let day = |name: &str, wrong: &'static str| match super::given(ask, name)? {
        None => Ok(None),
        Some(typed) => parse_day(typed).map(Some).ok_or(Problem::BadRequest(wrong)),
    };
    let (on, known) = (day("on", "`on` is no day")?, day("known_on", "`known_on` is no day")?);
    Ok((on, known.map(|day| when::end_of(day, ask.now()))))
}

/// The registry in the address.
fn registry(ask: &Ask) -> Result<Name, Problem> {
    dispatch::name(ask.param("registry"))
}

fn is_payable(ask: &Ask, registry: &Name) -> bool {
    dues::registries(&ask.library, ask.tenant()).iter().any(|name| *registry == **name)
}

/// `GET /api/{tenant}/registers/{registry}/records/{record}`
pub async fn record(ask: &Ask) -> Answer {
    let asked = Asked::load(ask).await?;
    let version = asked.version(ask)?;
    let mut told = told(ask, version);
    told["what"] = json!(dues::called(&ask.library, ask.tenant(), &version.0, &ask.lang));
    told["mine"] = json!(asked.mine);
    told["holder"] = json!(holder(ask, &version.0, asked.mine).await?);
    if asked.mine {
        told["answers"] = answers(ask, &version.0);
    }
    Ok(ask::json(200, &told))
}

/// A version without what tells of a person.
fn told(ask: &Ask, (record, made_ms): &(Record, i64)) -> Json {
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    json!({
        "registry": record.registry.as_str(),
        "number": record.number,
        "version": record.version,
        "standing": record.status(ask.now().day()).word(),
        "valid_from": record.valid_from.to_string(),
        "valid_until": day(record.valid_until),
        "holds_from": record.from.to_string(),
        "made_at": when::iso(ask.now().with_ms(*made_ms)),
        "place": dues::place(&ask.library, ask.tenant(), record, &ask.lang),
        "came_of": record.came_of,
        "became": record.became,
    })
}

/// The name of the holder: in full for the holder.
async fn holder(ask: &Ask, record: &Record, mine: bool) -> Result<String, Problem> {
    if !mine {
        return known::holder(ask, record).await;
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let person = people::holder(&mut tx, &ask.tenant().state, &record.holder).await?;
    Ok(person.map(|(name, _)| name).unwrap_or_default())
}

/// What is known of the record, of what its holder may read: the applicant's pages, and those that are public.
fn answers(ask: &Ask, record: &Record) -> Json {
    let service = ask.library.catalogue.service(&ask.tenant().id, &record.service);
    let readable = |form: &Form| -> Map<String, Json> {
        let pages = form.pages.iter().filter(|page| page.public || page.is_applicants());
        let fields = pages.flat_map(|page| &page.fields);
        fields.filter_map(|field| Some((field.name.to_string(), record.answers.get(&field.name)?.to_json()))).collect()
    };
    Json::Object(service.map(|service| readable(&service.form)).unwrap_or_default())
}

/// `GET /api/{tenant}/registers/{registry}/records/{record}/versions`: how the record came to be as it is, the
/// latest version first.
pub async fn versions(ask: &Ask) -> Answer {
    let asked = Asked::mine(ask).await?;
    let mut all = Vec::new();
    for version in asked.versions.iter().rev() {
        let mut told = told(ask, version);
        told["standing"] = json!(version.0.standing.word());
        told["answers"] = answers(ask, &version.0);
        all.push(told);
    }
    Ok(ask::json(200, &json!({ "versions": all })))
}

/// `GET /api/{tenant}/registers/{registry}/records/{record}/dues`: what is owed today; whoever holds the record
/// may ask for another day, and for what was known then.
pub async fn dues(ask: &Ask) -> Answer {
    let asked = Asked::load(ask).await?;
    let (on, known_ms) = days(ask)?;
    if !asked.mine && (on.is_some() || known_ms.is_some()) {
        return Err(Problem::Forbidden);
    }
    let known = Known::at(ask, known_ms).await?;
    let bill = known.dues.bill(on.unwrap_or_else(|| ask.now().day()))?;
    let rise = known.dues.rise(bill.day);
    let parts = bill.parts().into_iter().map(|(at, part)| {
        let service = &known.dues.accounts[at].0;
        let mut told = bills::of_part(service, part, ask.tenant(), &ask.lang);
        told["service"] = json!(service.id);
        told["period"] = json!(part.period.map(|period| [period.from.to_string(), period.until.to_string()]));
        told
    });
    let told = json!({
        "number": known.dues.record.number,
        "day": bill.day.to_string(),
        "total": bill.total.to_string(),
        "credit": bill.credit.to_string(),
        "due_on": bill.due_on.map(|day| day.to_string()),
        "rises_after": rise.map(|rise| rise.until.to_string()),
        "rises_by": rise.map(|rise| rise.more.to_string()),
        "parts": parts.collect::<Vec<Json>>(),
        "link": ask.app.link(&known::href(ask, &known.dues.record)),
    });
    Ok(ask::json(200, &told))
}

/// `GET /api/{tenant}/registers/{registry}/records/{record}/documents`: the papers of the holder's own cases about
/// the record, the latest first.
pub async fn documents(ask: &Ask) -> Answer {
    let asked = Asked::mine(ask).await?;
    let issued = issued(ask, &asked).await?;
    let told = issued.iter().rev().map(|(service, paper)| {
        let definition = ask.library.catalogue.service(&ask.tenant().id, service);
        let title = definition.map(|service| tell::document_title(service, &paper.document, &ask.lang));
        json!({
            "id": paper.id,
            "document": paper.document,
            "title": title.unwrap_or_else(|| paper.document.replace('_', " ")),
            "number": paper.body["number"],
            "language": paper.language,
            "status": paper.status,
            "issued_at": when::iso(ask.now().with_ms(paper.at_ms)),
            // Of what is handed out; papers from before octets were sealed are kept as they are.
            "sha256": paper.body["sha256"].as_str().unwrap_or(&paper.sha256),
            "verify": ask.app.link(&format!("/{}/verify/{}", ask.tenant().id, paper.code)),
        })
    });
    Ok(ask::json(200, &json!({ "documents": told.collect::<Vec<Json>>() })))
}

/// Papers with the services that issued them. A former holder's cases are not the holder's to read.
async fn issued(ask: &Ask, asked: &Asked) -> Result<Vec<(String, papers::Paper)>, Problem> {
    let Some((latest, _)) = asked.versions.last() else { return Ok(Vec::new()) };
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let mut issued = Vec::new();
    for row in cases::about_record(&mut tx, &latest.registry, &latest.number).await? {
        if row.applicant == latest.holder {
            let papers = papers::by_case(&mut tx, &row.id).await?;
            issued.extend(papers.into_iter().map(|paper| (row.service.clone(), paper)));
        }
    }
    issued.sort_by_key(|(_, paper)| paper.at_ms);
    Ok(issued)
}

/// `GET /api/{tenant}/registers/{registry}/records/{record}/documents/{paper}`: one of them, as it was issued.
pub async fn document(ask: &Ask) -> Answer {
    let asked = Asked::mine(ask).await?;
    mobile::hold(ask).await?;
    let wanted = ask.param("paper");
    let issued = issued(ask, &asked).await?;
    let (_, paper) = issued.into_iter().find(|(_, paper)| paper.id == wanted).ok_or(Problem::NotFound)?;
    let bytes = octets::of_paper(&ask.app, &ask.tenant().id, &paper).await?;
    copies::note(ask, &paper).await?;
    let number = paper.body["number"].as_str().unwrap_or(&paper.document).replace('/', "-");
    Ok(files::served("application/pdf", &format!("{number}.pdf"), bytes))
}
