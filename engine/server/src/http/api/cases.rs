//! Applications sent by programs, and what their applicants do about them later.
//!
//! What is asked is first tried on a copy: what would be refused leaves nothing behind. Each request
//! has a key, and the same key gives the same answer, also to two requests at the same time.

use engine::base::Name;
use engine::case::{self, Actor, Case, Command, Refusal, command, decide};
use engine::form::Form;
use engine::service::Service;
use engine::workflow::{APPLICANT, Action};
use serde_json::{Map, Value as Json, json};

use super::once::Once;
use super::{body, files, shape};
use crate::act::{self, Around, Opening};
use crate::around::known_as;
use crate::auth::Who;
use crate::finding;
use crate::http::ask::{self, Answer, Ask};
use crate::http::citizen::{check, start, tell};
use crate::http::{desk, when};
use crate::problem::Problem;
use crate::store::{records, slots};

/// Refuses members that are not known, and members of another kind than is read here. Passed over, a misspelt one or
/// a version written as text would do something else than was asked.
pub(super) fn only(body: &Json, known: &[&str]) -> Result<(), Problem> {
    for (name, value) in body.as_object().into_iter().flatten() {
        if !known.contains(&name.as_str()) {
            return Err(Problem::BadRequest("a member that is not known"));
        }
        let fits = match name.as_str() {
            // These are held to the schema of the form.
            "answers" => true,
            "applicant" => value.is_object(),
            "version" => value.is_i64(),
            _ => value.is_string(),
        };
        if !fits {
            return Err(Problem::BadRequest("a member of a kind that is not taken there"));
        }
    }
    Ok(())
}

/// `POST /api/{tenant}/cases`: `{"service": …, "answers": {…}, "record": …}`, sent as one. A program that works for
/// an employee opens it as at the counter, for the `applicant` with a `mobile`, a `name` and a `language`.
pub async fn open(ask: &Ask) -> Answer {
    let body = body(ask)?;
    let known = ["service", "answers", "record", "applicant"];
    only(body, if ask.program.is_some() { &known[..] } else { &known[..3] })?;
    let once = Once::of(ask, body.to_string().as_bytes())?;
    if let Some(answer) = once.answered(ask).await? {
        return Ok(ask::json(201, &answer));
    }
    let tenant = ask.tenant();
    let id = body["service"].as_str().unwrap_or_default();
    let offered = tenant.services.iter().any(|offered| offered == id);
    let service = ask.library.catalogue.service(&tenant.id, id).filter(|_| offered);
    let service = service.ok_or(Problem::BadRequest("`service` is not offered here"))?;
    if service.on_record.is_none() && body.get("record").is_some() {
        return Err(Problem::BadRequest("`record` is of no use to this service"));
    }
    let answers = &body["answers"];
    let schema = shape::of(service, None)?;
    if let Some(wrong) = shape::refused(ask, &schema, answers) {
        return Ok(wrong);
    }
    files::own(ask, service.form.pages_by(None), answers, None).await?;
    let case = if ask.program.is_some() {
        at_counter(ask, service, body, &once.key).await?
    } else {
        apply(ask, service, body, &once.key).await?
    };
    let answer = once.keep(ask, told(ask, service, &case)).await?;
    Ok(ask::json(201, &answer))
}

/// Opens, fills in and sends an application; begun once more under the same key, it goes on.
pub(super) async fn apply(ask: &Ask, service: &Service, body: &Json, key: &str) -> Result<Case, Problem> {
    let opening = Opening { applicant: &ask.citizen()?.id, language: &ask.lang, record: None, key: Some(key) };
    send(ask, service, body, opening, key).await
}

/// The same for somebody else, by an employee who may write applications at the counter.
async fn at_counter(ask: &Ask, service: &Service, body: &Json, key: &str) -> Result<Case, Problem> {
    let clerk = actor(ask, service)?;
    if !service.assists(&clerk.roles) {
        return Err(Refusal::NotYourRole.into());
    }
    let told = &body["applicant"];
    only(told, &["mobile", "name", "language"])?;
    let text = |name: &str| told[name].as_str().unwrap_or_default().trim();
    let language = if text("language").is_empty() { ask.lang.as_str() } else { text("language") };
    if !ask.tenant().languages.iter().any(|known| known == language) {
        return Err(Problem::BadRequest("`language` is none of the town"));
    }
    let applicant = desk::applicant(ask, text("mobile"), text("name"), language).await?;
    let opening = Opening { applicant: &applicant, language, record: None, key: Some(key) };
    send(ask, service, body, opening, key).await
}

async fn send(ask: &Ask, service: &Service, body: &Json, opening: Opening<'_>, key: &str) -> Result<Case, Problem> {
    let (app, tenant) = (&ask.app, ask.tenant());
    let record = match (&service.on_record, body["record"].as_str()) {
        (Some(on), Some(number)) => Some((on.registry.as_str(), number)),
        _ => None,
    };
    let about = match record {
        Some((registry, number)) => records::load(&mut app.store.read(&tenant.id).await?, registry, number).await?,
        None => None,
    };
    let dues = act::dues(&mut app.store.read(&tenant.id).await?, service, about.as_ref(), "").await?;
    let citizen = known_as(&mut app.store.read(&tenant.id).await?, tenant, &actor(ask, service)?).await?;
    let mut around = Around { record: about, dues, citizen, ..Around::default() };
    let numbers = engine::form::named(&service.form, &body["answers"]);
    around.name(app, tenant, &mut app.store.read(&tenant.id).await?, (service, ""), &numbers).await?;
    let blank = case::open(service, "", opening.applicant, opening.language, &around.context(ask.now(), tenant))?;
    let looks = service.looks_at(&blank, Some(&body["answers"]));
    around.slots = slots::beside(&mut app.store.read(&tenant.id).await?, &looks).await?;
    // Which action sends it may depend on the answers.
    let fill = fill(&body["answers"]);
    let filled = try_out(ask, service, blank, &around, std::slice::from_ref(&fill))?;
    let context = around.context(ask.now(), tenant);
    let action = check::sends_as_answered(service, &filled, &actor(ask, service)?, context);
    let send = act_of(&action.ok_or(Problem::NotFound)?.name, command::no_answers());
    try_out(ask, service, filled, &around, std::slice::from_ref(&send))?;
    let commands = [fill, send];
    let opening = Opening { record, ..opening };
    let case = match ask.program {
        Some(_) => act::open_at_counter(app, tenant, service, opening, &actor(ask, service)?).await?,
        None => start::open_case(ask, service, opening).await?,
    };
    bring(ask, service, case, &commands, key).await
}

fn fill(answers: &Json) -> Command {
    Command::Fill { answers: answers.clone() }
}

fn act_of(action: &Name, answers: Json) -> Command {
    Command::Act {
        action: action.clone(),
        comment: String::new(),
        answers,
        assignee: None,
        seen: None,
        flags: Vec::new(),
    }
}

/// What a copy of the case becomes by commands, one after the other; nothing is written.
fn try_out(
    ask: &Ask,
    service: &Service,
    mut case: Case,
    around: &Around,
    commands: &[Command],
) -> Result<Case, Problem> {
    let actor = actor(ask, service)?;
    for command in commands {
        let context = around.context(ask.now(), ask.tenant());
        case = decide(service, &case, &actor, command, context)?.case;
    }
    Ok(case)
}

/// Brings commands to a case, each once under the key of the request.
async fn bring(ask: &Ask, service: &Service, mut case: Case, commands: &[Command], key: &str) -> Result<Case, Problem> {
    let actor = actor(ask, service)?;
    for command in commands {
        let key = format!("{key}:{}", command.word());
        case = act::act(&ask.app, ask.tenant(), &case.id, &actor, command, Some(&key)).await?.case;
    }
    Ok(case)
}

/// Who acts: the applicant; or an employee in the roles held for the place of the case, and at the counter while
/// there is none yet.
fn actor(ask: &Ask, service: &Service) -> Result<Actor, Problem> {
    match (&ask.who, &ask.case) {
        (Who::Employee(employee), None) => Ok(desk::clerk(employee, &service.id)),
        (Who::Employee(employee), Some(case)) => {
            Ok(desk::actor(ask.tenant(), employee, &service.id, finding::place(&service.form, &case.answers)))
        }
        (who, _) => who.actor(&service.id, &[]).ok_or(Problem::SignIn),
    }
}

/// Refuses an employee's program what the employee may not see. Of a citizen, the policy has asked it.
fn seen(ask: &Ask, service: &Service) -> Result<(), Problem> {
    match &ask.who {
        Who::Employee(employee) if !desk::may_see(ask.case(), employee, &actor(ask, service)?) => {
            Err(Problem::NotFound)
        }
        _ => Ok(()),
    }
}

/// Whether an action is one of whoever asks.
fn is_own(ask: &Ask, service: &Service, action: &Action) -> bool {
    match &ask.who {
        Who::Employee(_) => actor(ask, service).is_ok_and(|actor| action.role_of(&actor.roles).is_some()),
        _ => action.roles().iter().any(|role| role.value == *APPLICANT),
    }
}

/// `POST /api/{tenant}/cases/{case}/act`: `{"action": …, "comment": …, "answers": {…}, "version": …}`.
/// An action that asks a page takes its answers; where answers can be corrected, those of the whole
/// form may be sent with the action.
pub async fn act(ask: &Ask) -> Answer {
    let body = body(ask)?;
    only(body, &["action", "comment", "answers", "version"])?;
    let once = Once::of(ask, body.to_string().as_bytes())?;
    if let Some(answer) = once.answered(ask).await? {
        return Ok(ask::json(200, &answer));
    }
    let service = ask.service_of_case().await?;
    seen(ask, &service)?;
    let commands = match commands(ask, &service, body, &once.key).await? {
        Ok(commands) => commands,
        Err(wrong) => return Ok(wrong),
    };
    let case = bring(ask, &service, ask.case().clone(), &commands, &once.key).await?;
    let answer = once.keep(ask, told(ask, &service, &case)).await?;
    Ok(ask::json(200, &answer))
}

/// What a body asks of the case, tried before; or what is wrong with its shape.
async fn commands(
    ask: &Ask,
    service: &Service,
    body: &Json,
    key: &str,
) -> Result<Result<Vec<Command>, axum::response::Response>, Problem> {
    let action = action(ask, service, body, key).await?;
    let asks = action.asks.as_ref().and_then(|asks| service.form.page(&asks.value));
    let (answers, case) = (body.get("answers"), Some(ask.case().id.as_str()));
    let given = answers.cloned().unwrap_or_else(|| json!({}));
    let mut commands = Vec::new();
    if answers.is_some() || asks.is_some() {
        let schema = shape::of(service, asks)?;
        if let Some(wrong) = shape::refused(ask, &schema, &given) {
            return Ok(Err(wrong));
        }
        if let Some(page) = asks {
            files::own(ask, std::iter::once(page), &given, case).await?;
        } else {
            files::own(ask, service.form.pages_by(None), &given, case).await?;
            commands.push(fill(&given));
        }
    }
    let comment = body["comment"].as_str().unwrap_or_default().to_owned();
    let answers = if asks.is_some() { given } else { command::no_answers() };
    // Answers that are filled in first make the next version.
    let seen = body["version"].as_i64().map(|version| version + i64::from(!commands.is_empty()));
    commands.push(Command::Act {
        action: action.name.clone(),
        comment,
        answers,
        assignee: None,
        seen,
        flags: Vec::new(),
    });
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let begun = crate::store::events::by_key(&mut tx, &format!("{key}:{}", commands[0].word())).await?.is_some();
    if !begun {
        let mut around =
            Around::load(&ask.app, ask.tenant(), &mut tx, (service, ask.case()), Some(&body["answers"])).await?;
        around.citizen = known_as(&mut tx, ask.tenant(), &actor(ask, service)?).await?;
        drop(tx);
        try_out(ask, service, ask.case().clone(), &around, &commands)?;
    }
    Ok(Ok(commands))
}

/// The action that is asked for, if it is one of whoever asks: in the present state, or in the one in
/// which this very request was taken before.
async fn action<'a>(ask: &Ask, service: &'a Service, body: &Json, key: &str) -> Result<&'a Action, Problem> {
    let word = body["action"].as_str().filter(|word| Name::is_valid(word));
    let name = Name::new(word.ok_or(Problem::BadRequest("`action` names no action"))?);
    let own = |action: &&Action| is_own(ask, service, action);
    if let Some(action) = tell::state_of(service, ask.case()).action(&name).filter(own) {
        return Ok(action);
    }
    let mut tx = ask.app.store.read(&ask.tenant().id).await?;
    let earlier = crate::store::events::by_key(&mut tx, &format!("{key}:act")).await?;
    let from = earlier.and_then(|event| event.outcome["from"].as_str().map(str::to_owned));
    let state = from.and_then(|from| service.workflow.states.iter().find(|state| state.name == *from));
    state.and_then(|state| state.action(&name)).filter(own).ok_or(Refusal::NoSuchAction(name).into())
}

/// `GET /api/{tenant}/cases/{case}`
pub async fn case(ask: &Ask) -> Answer {
    let service = ask.service_of_case().await?;
    seen(ask, &service)?;
    Ok(ask::json(200, &told(ask, &service, ask.case())))
}

/// A case as its applicant may know it: what officers wrote down for themselves is not among it. An employee's
/// program is told all answers but those that are personal: nobody says there why they are needed.
fn told(ask: &Ask, service: &Service, case: &Case) -> Json {
    let state = tell::state_of(service, case);
    let moment = |ms: Option<i64>| ms.map(|ms| when::iso(ask.now().with_ms(ms)));
    let actions = state.actions.iter().filter(|action| is_own(ask, service, action));
    let (answers, desk) = match &ask.who {
        Who::Employee(_) => (plain_answers(&service.form, case), "/desk"),
        _ => (own_answers(&service.form, case), ""),
    };
    json!({
        "id": case.id,
        "number": case.number,
        "service": case.service,
        "definition": case.definition,
        "state": case.state.as_str(),
        "state_label": state.label.in_language(&ask.lang),
        "end": state.end.map(engine::workflow::End::word),
        "version": case.version,
        "submitted_at": moment(case.submitted_ms),
        "due_at": moment(case.promised_ms),
        "actions": actions.map(|action| action.name.as_str()).collect::<Vec<_>>(),
        "answers": answers,
        // As it is taken now and as `dues` tells it of a record: one amount, so that nobody sends another.
        "owed": case::owed_on(service, case, ask.now().day()).to_string(),
        "receipts": case.receipts.iter().map(|receipt| receipt.number.clone()).collect::<Vec<_>>(),
        "link": ask.app.link(&format!("/{}{desk}/cases/{}", ask.tenant().id, case.id)),
    })
}

/// The answers to the pages that the applicant is asked.
fn own_answers(form: &Form, case: &Case) -> Json {
    let fields = form.all_pages().filter(|page| page.is_applicants()).flat_map(|page| &page.fields);
    let answered = fields.filter_map(|field| Some((field.name.to_string(), case.answers.get(&field.name)?.to_json())));
    Json::Object(answered.collect::<Map<_, _>>())
}

/// The answers that tell nothing about a person.
fn plain_answers(form: &Form, case: &Case) -> Json {
    let fields = form.all_pages().flat_map(|page| &page.fields).filter(|field| !field.is_personal());
    let answered = fields.filter_map(|field| Some((field.name.to_string(), case.answers.get(&field.name)?.to_json())));
    Json::Object(answered.collect::<Map<_, _>>())
}
