//! Programs that were asked to answer a page: run apart from requests, and what they say is brought to the case as a
//! command, judged like the answers of anybody else.

use std::collections::BTreeMap;
use std::sync::Arc;

use connectors::files::Kind;
use engine::base::{Name, Value};
use engine::case::{Actor, ActorKind, Command, ProgramUsed, Refusal};
use engine::form::Program;
use serde_json::{Value as Json, json};

use super::story::{Gathered, gather};
use super::{TRIES, in_words};
use crate::act::act;
use crate::app::App;
use crate::auth::token;
use crate::octets;
use crate::problem::Problem;
use crate::programs::{self, Told};
use crate::store::jobs::{self, Job};
use crate::store::octets::Of;
use crate::store::{By, files};

/// Letters of the key of a file that a program made: 130 bits.
const ID: usize = 26;

/// Lets the program answer. A job that is done once more finds its event and changes nothing; what can never come to
/// an answer, or was tried often enough, is told to the case, so that a person looks.
pub async fn answer(app: &Arc<App>, job: &Job) -> Result<(), Problem> {
    let library = app.library.now();
    let text = |name: &str| job.body[name].as_str().unwrap_or_default();
    let number = |name: &str| job.body[name].as_i64().unwrap_or_default();
    let told = gather(app, &library, &job.tenant, text("case"), number("event")).await?;
    let (page, asked) = (Name::new(text("page")), number("asked"));
    let failed = |why: String| Command::Failed { page: page.clone(), asked, why };
    let command = match said(app, &told, (&page, asked), job).await {
        Ok(Ok(command)) => command,
        Ok(Err(why)) => failed(why),
        Err(problem) if job.tries >= TRIES => failed(in_words(&problem)),
        Err(problem) => return Err(problem),
    };
    match bring(app, &told, job, &command).await {
        // Another time it would say the same.
        Err(Problem::Refused(refusal)) if matches!(command, Command::Answered { .. }) => {
            bring(app, &told, job, &failed(format!("its answers are refused: {}", refusal.word()))).await
        }
        brought => brought,
    }
}

/// Brings a command to the case, once. That nobody waits for it any more is no fault.
async fn bring(app: &App, told: &Gathered, job: &Job, command: &Command) -> Result<(), Problem> {
    let actor = Actor::program(job.body["program"].as_str().unwrap_or_default());
    let key = format!("program:{}", job.key);
    match act(app, &told.tenant, &told.case.id, &actor, command, Some(&key)).await {
        Ok(_) | Err(Problem::Refused(Refusal::ChangedMeanwhile) | Problem::KeyReused) => Ok(()),
        Err(problem) => Err(problem),
    }
}

/// What the program says, as a command; or why it will never say anything.
async fn said(
    app: &App,
    told: &Gathered,
    (page, asked): (&Name, i64),
    job: &Job,
) -> Result<Result<Command, String>, Problem> {
    let found = told.service.form.page(page).and_then(|page| Some((page, page.program.as_ref()?)));
    let Some((form_page, program)) = found else { return Ok(Err("no program answers such a page".to_owned())) };
    let hears = hears(app, told, program).await?;
    let name = program.name.value.to_string();
    let run = {
        let name = name.clone();
        move || programs::run(&name, &hears)
    };
    // It reckons for a while, and counts its steps: beside the threads that answer requests.
    let ran = tokio::task::spawn_blocking(run).await;
    let said = match ran.map_err(|error| anyhow::anyhow!("the program broke off: {error}"))? {
        Ok(said) => said,
        Err(why) => return Ok(Err(why)),
    };
    let mut answers = said.answers;
    for (called, svg) in said.pictures {
        if programs::is_asked(form_page, called) {
            answers.insert(called.to_owned(), keep(app, told, job, (called, &svg)).await?);
        }
    }
    let by = ProgramUsed { name, version: programs::VERSION.to_owned(), digest: said.digest };
    let answers = programs::on_page(form_page, &answers);
    Ok(Ok(Command::Answered { page: page.clone(), asked, answers, by }))
}

/// What the program is told: the answers that its page hands on, as they were when it was asked.
async fn hears(app: &App, told: &Gathered, program: &Program) -> Result<Told, Problem> {
    let now = app.clock.now(&told.tenant);
    let on = told.case.submitted_ms.map_or(now.day(), |ms| now.with_ms(ms).day());
    let mut hears = Told {
        answers: BTreeMap::new(),
        files: BTreeMap::new(),
        laws: programs::laws_of(&told.service),
        on,
        language: told.case.language.clone(),
    };
    for (own, question) in &program.takes {
        let own = own.value.to_string();
        match told.case.answers.get(&question.value) {
            Some(Value::Map(file)) => {
                if let Some(id) = file.text("id") {
                    hears.files.insert(own, bytes(app, told, id).await?);
                }
            }
            Some(value) => drop(hears.answers.insert(own, value.clone())),
            None => {}
        }
    }
    Ok(hears)
}

/// The content of a file that was answered with.
async fn bytes(app: &App, told: &Gathered, id: &str) -> Result<Vec<u8>, Problem> {
    let tenant = &told.tenant.id;
    let mut tx = app.store.read(tenant).await?;
    let file = files::find(&mut tx, id).await?.ok_or_else(|| anyhow::anyhow!("the file {id} is not there"))?;
    drop(tx);
    octets::of_file(app, tenant, &file).await
}

/// Keeps a picture that the program drew, and gives the answer that names it. Its key follows from that of the job.
async fn keep(app: &App, told: &Gathered, job: &Job, (called, svg): (&str, &str)) -> Result<Json, Problem> {
    let tenant = &told.tenant.id;
    let secret = token::base32(&token::mac(app.keys.secret(), "program", &[tenant.as_str(), job.key.as_str(), called]));
    let (id, case) = (secret[..ID].to_owned(), told.case.id.as_str());
    let digest = octets::keep(app, tenant, Of::File { id: &id, case: Some(case) }, svg.to_owned().into()).await?;
    let person = format!("program:{}", job.body["program"].as_str().unwrap_or_default());
    let row = files::File {
        id,
        sha256: digest.to_string(),
        size: i64::try_from(svg.len()).unwrap_or(i64::MAX),
        kind: Kind::Svg.media_type().to_owned(),
        name: format!("{called}.svg"),
        case: Some(case.to_owned()),
        field: called.to_owned(),
        person: person.clone(),
        at_ms: app.clock.now_ms(),
    };
    let mut tx = app.store.begin(tenant).await?;
    jobs::hold(&mut tx, job).await?;
    if files::find(&mut tx, &row.id).await?.is_none() {
        files::insert(&mut tx, By { person: &person, kind: ActorKind::System, at_ms: row.at_ms }, &row).await?;
    }
    tx.commit().await?;
    let kind = Kind::Svg.word();
    Ok(json!({ "id": row.id, "name": row.name, "kind": kind, "size": row.size, "sha256": row.sha256 }))
}
