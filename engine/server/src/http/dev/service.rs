//! `/dev/{tenant}/{service}`: how a service goes, and which file each part came from.

use engine::base::Name;
use engine::service::Service;
use engine::source::At;
use engine::tenant::Tenant;
use engine::workflow::{Action, Once, Sla, State, Trigger};
use ui_gen::Page;
use ui_gen::view::common::Link;
use ui_gen::view::dev::{DevFile, DevMove, DevService, DevState};

use crate::http::ask::{Answer, Ask};
use crate::http::when;

/// `GET /dev/{tenant}/{service}`
pub(super) async fn page(ask: &Ask) -> Answer {
    if super::problems::is_broken(ask) {
        return super::problems::of_service(ask);
    }
    let (tenant, service) = super::wanted(ask)?;
    let words = ask.words();
    let here = format!("/dev/{}/{}", tenant.id, service.id);
    let view = DevService {
        title: service.title.in_language(&ask.lang).to_owned(),
        town: tenant.title.in_language(&ask.lang).to_owned(),
        svg: ui_gen::diagram::diagram(service, &ask.lang),
        states: service.workflow.states.iter().map(|one| state(ask, service, one)).collect(),
        files: service.files.iter().map(|(part, path)| file(ask, tenant, part, path)).collect(),
        links: vec![
            Link::new(format!("{here}/form"), words.get("dev.form")),
            Link::new(format!("/{}/services/{}", tenant.id, service.id), words.get("dev.start_page")),
            Link::new("/dev/problems", words.get("dev.problems")),
        ],
    };
    ask.page(Page::DevService(view)).back("/dev").answer()
}

/// Whose file it is: shared by all, the state's, or the town's own.
fn file(ask: &Ask, tenant: &Tenant, part: &str, path: &str) -> DevFile {
    let town = format!("tenants/{}/{}/", tenant.state, tenant.id);
    let key = if path.starts_with(&town) {
        "dev.of_town"
    } else if path.starts_with("tenants/") {
        "dev.of_state"
    } else {
        "dev.shared"
    };
    // With its folder: what is shared may come from the product's or from one's own.
    DevFile { part: part.to_owned(), path: ask.library.bundle.shown(path), origin: ask.words().get(key) }
}

fn state(ask: &Ask, service: &Service, state: &State) -> DevState {
    let words = ask.words();
    let note = match state.end {
        Some(_) => words.get("dev.end"),
        None if state.name == service.workflow.start.value => words.get("dev.start"),
        None => String::new(),
    };
    DevState {
        name: state.name.to_string(),
        label: state.label.in_language(&ask.lang).to_owned(),
        note,
        sla: state.sla.as_ref().map(|sla| self::sla(words, sla)).unwrap_or_default(),
        actions: state.actions.iter().map(moves).collect(),
    }
}

/// How long a state should take: in words, or where that is listed.
fn sla(words: &ui_gen::Words, sla: &Sla) -> String {
    match sla {
        Sla::Span(span) => when::span(words, *span),
        Sla::Listed(listed) => format!("{{ listed: {}, of: {} }}", listed.column, listed.of.value),
    }
}

fn moves(action: &Action) -> DevMove {
    let mut effects: Vec<String> = Vec::new();
    effects.extend(action.demand.map(|effect| format!("demand: {}", effect.word())));
    effects.extend(action.excess.map(|effect| format!("excess: {}", effect.word())));
    effects.extend(action.asks.iter().map(|page| format!("asks: {}", page.value)));
    effects.extend(action.grant.iter().map(|grant| format!("grant: {}", grant.value)));
    effects.extend(action.issue.iter().map(|paper| format!("issue: {}", paper.value)));
    effects.extend(action.notify.iter().map(|notice| format!("notify: {}", notice.value)));
    DevMove {
        name: action.name.to_string(),
        trigger: trigger(action),
        to: action.to.value.to_string(),
        effects: effects.join(", "),
    }
}

/// What sets an action off, as it is written.
fn trigger(action: &Action) -> String {
    match &action.trigger {
        Trigger::By(roles) => {
            format!("by: {}", roles.iter().map(|role| role.value.as_str()).collect::<Vec<_>>().join(", "))
        }
        Trigger::After(after, _) => format!("after: {}", after.written()),
        Trigger::Once(once, _) => format!("once: {}", waited_for(action, *once)),
    }
}

/// What an action waits for, as it is written.
fn waited_for(action: &Action, once: Once) -> String {
    let map = |word: &str, what: &str| format!("{{ {word}: {what} }}");
    let named = |word: &str, name: Option<&At<Name>>| map(word, name.map_or("", |name| name.value.as_str()));
    match once {
        Once::Expiring(before) => map("expiring", &before.written()),
        Once::Children(how) => map("children", how.word()),
        Once::ChildrenNamed => {
            let each = action.children.iter().map(|(name, how)| format!("{}: {}", name.value, how.word()));
            map("children", &format!("{{ {} }}", each.collect::<Vec<_>>().join(", ")))
        }
        Once::Over => named("over", action.over.as_ref()),
        Once::Answered => named("answered", action.answered.as_ref()),
        Once::Failed => named("failed", action.answered.as_ref()),
        Once::Amended if !action.amended.is_empty() => {
            let each = action.amended.iter().map(|name| name.value.as_str());
            map("amended", &format!("[{}]", each.collect::<Vec<_>>().join(", ")))
        }
        once => format!("{once:?}").to_lowercase(),
    }
}
