//! What an author wrote, put together to a service.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::checks::{opens_wrong, turns_wrong};
use super::files::{Digests, Files, FoundList};
use super::folders::Folders;
use super::setting::Setting;
use super::yaml::{
    AnonymousYaml, ChildYaml, LocaleYaml, OnRecordYaml, OpeningsYaml, OpensYaml, RoleYaml, ServiceYaml, StartYaml,
    StatuteYaml, TakesOverYaml,
};
use super::{
    Anonymous, Arrears, ChildService, ListedDepartment, OnRecord, Opens, Role, Service, StartPage, Statute, TakesOver,
    Turns, locale,
};
use crate::base::{Name, Text};
use crate::billing::{self, Billing, Every, yaml::BillingYaml};
use crate::fees::{self, Fees};
use crate::form::{self, Form};
use crate::ledger::{self, Chart, yaml::PostingsYaml};
use crate::list::List;
use crate::notice;
use crate::registry;
use crate::reserve::{self, RESERVED, Reserve, yaml::ReserveYaml};
use crate::rule::Condition;
use crate::rule::domain::{CHILDREN, FieldDomain, NAMED};
use crate::source::checks::missing_key;
use crate::source::{At, Diagnostics, Map, Node, OneOrMany, Where};
use crate::stock::{self, Stock, yaml::StockYaml};
use crate::tenant::{self, Tenant};
use crate::workflow::{self, yaml::WorkflowYaml};

/// Where a service comes from: its files, and the lists that its tenant shows it.
#[derive(Clone, Copy)]
pub(super) struct Sources<'a> {
    pub(super) digests: &'a Digests<'a>,
    pub(super) folders: &'a Folders<'a>,
    pub(super) tenant: &'a Tenant,
    pub(super) files: &'a Files,
    pub(super) found: &'a [FoundList],
    pub(super) lists: &'a [Arc<List>],
    /// The registers of the town for which questions wait.
    pub(super) registers: &'a [String],
    /// Its rates and rules as they are written, if it has them and they can be read.
    pub(super) fees: Option<&'a fees::Written>,
}

impl Sources<'_> {
    /// Says of a service what it was made of, and calls it by that.
    fn name(&self, service: &mut Service) {
        service.setting = Setting::of(self.tenant, self.registers);
        service.digest = self.files.digest(self.digests, self.found, &service.setting);
        service.files = self.files.origins(self.found);
        service.sources = self.files.sources(self.folders, self.found);
    }
}

/// Everything about a service as the author wrote it.
pub(super) struct Written {
    pub(super) service: ServiceYaml,
    pub(super) workflow: WorkflowYaml,
    pub(super) form: Form,
    pub(super) billing: Option<BillingYaml>,
    pub(super) postings: Option<PostingsYaml>,
    pub(super) locales: Vec<(String, Node, LocaleYaml)>,
}

/// Words that are proved once the rest of the service stands.
#[derive(Default)]
pub(super) struct Words {
    pub(super) notices: Vec<(Name, notice::NoticeYaml)>,
    pub(super) locales: Vec<(String, Option<Map<notice::WordingYaml>>)>,
    pub(super) paper_titles: BTreeMap<String, Vec<(String, String)>>,
    pub(super) paper_names: Vec<At<Name>>,
}

/// The service that `sibling` is with other lists, or other rates: everything that was proved of it holds,
/// save for the rates, whose tables must find exactly one row for the codes of these lists too, and what
/// the rule does with them. The rule itself is the same.
pub(super) fn relist(sibling: &Service, sources: Sources<'_>, out: &mut Diagnostics) -> Option<Service> {
    let mut service = sibling.clone();
    service.form.use_lists(sources.lists);
    if let (Some(fees), Some(billing)) = (&sibling.fees, &sibling.billing) {
        let about = (sibling.on_record.is_some(), sibling.opens.is_some());
        let form = (&service.form, service.reserves.as_slice());
        let found = self::fees(sources, form, Some(billing), about, Some(fees), out, None)?;
        service.fees = found.map(|found| Fees { steps: fees.steps.clone(), ..found });
    }
    service.lists = sources.lists.to_vec();
    super::checks::listed_span::check(&service, out);
    super::checks::listed_unit::check(&service, out);
    super::checks::listed_department::check(&service, out);
    super::checks::reserve_list::check(&service, out);
    sources.name(&mut service);
    Some(service)
}

fn open311(yaml: super::yaml::Open311Yaml) -> super::Open311 {
    super::Open311 {
        codes: yaml.codes,
        description: yaml.description,
        point: yaml.point,
        place: yaml.place,
        address: yaml.address,
        name: yaml.name,
    }
}

/// The service that `written` describes, with its translations, without its notices and papers. Of one that was
/// published, what is found in its rules goes to `judged`.
pub(super) fn assemble(
    sources: Sources<'_>,
    id: &str,
    chart: Arc<Chart>,
    written: Written,
    out: &mut Diagnostics,
    judged: Option<&mut Diagnostics>,
) -> Option<Service> {
    let Written { service: yaml, workflow, mut form, billing, postings, locales } = written;
    for (language, node, _) in &locales {
        form::translate(&mut form, node, language, out);
    }
    let reserves = reserves(yaml.reserves, out);
    let workflow = workflow::check::workflow(workflow, &actions_know(&form, &reserves, yaml.children.as_ref()), out);
    let (billing, steps) = billing.map(|yaml| billing::check::billing(yaml, out)).unzip();
    let (opens, turns) = openings(yaml.opens, workflow.as_ref(), out);
    let about = (yaml.on_record.is_some(), opens.is_some());
    let fees = fees(sources, (&form, &reserves), billing.as_ref(), about, None, out, judged);
    let title = Text::new(yaml.title.value);
    let grants = yaml.grants.unwrap_or_default().0.into_iter();
    let grants = grants.map(|(name, grant)| registry::checked_grant(&name, grant, &title, out)).collect();
    let department = yaml.department.value;
    let (apart, apart_at) = apart(yaml.apart.unwrap_or_default());
    let mut service = Service {
        id: id.to_owned(),
        digest: String::new(),
        about: yaml.about.map(|about| Text::new(about.value)),
        purpose: yaml.purpose.map(|purpose| Text::new(purpose.value)),
        also_called: yaml.also_called.map(values).unwrap_or_default(),
        start: start(yaml.start),
        charter: yaml.charter.is_none_or(|charter| charter.value),
        group: Text::new(yaml.group.map_or_else(|| department.clone(), |group| group.value)),
        department: Text::new(department),
        language: yaml.language.map_or_else(|| "en".to_owned(), |language| language.value.to_string()),
        number: yaml.number,
        roles: roles(yaml.roles.unwrap_or_default()),
        apart,
        apart_at,
        alike: yaml.alike.map_or_else(Vec::new, |questions| questions.0),
        assisted_by: yaml.assisted_by.map_or_else(Vec::new, |roles| roles.0),
        on_behalf: yaml.on_behalf,
        grants,
        on_record: yaml.on_record.and_then(|on_record| self::on_record(on_record, out)),
        opens,
        turns,
        children: children(yaml.children.unwrap_or_default(), &form, out)?,
        reserves,
        stocks: stocks(yaml.stocks),
        statute: yaml.statute.and_then(|yaml| statute(yaml, sources.tenant, out)),
        anonymous: yaml.anonymous.and_then(|yaml| anonymous(yaml, &form, out)),
        keep_for: yaml.keep_for.map(|span| span.value),
        departments: yaml.departments.map(|yaml| ListedDepartment {
            column: yaml.listed.value,
            of: yaml.of,
            words: yaml.words,
        }),
        open311: yaml.open311.map(open311),
        form,
        workflow: Arc::new(workflow?),
        fees: fees?.map(|fees| Fees { steps: steps.unwrap_or_default(), ..fees }),
        billing,
        postings: postings.map(ledger::check::postings),
        chart,
        notices: Arc::default(),
        documents: Arc::default(),
        lists: sources.lists.to_vec(),
        files: Vec::new(),
        sources: BTreeMap::new(),
        setting: Setting::default(),
        title,
    };
    sources.name(&mut service);
    let papers = sources.files.papers(&service, &BTreeMap::new());
    let papers: Vec<Name> = papers.into_iter().map(|paper| paper.name).collect();
    for (language, _, yaml) in locales {
        locale::apply(&mut service, &language, yaml, &papers, out);
    }
    Some(service)
}

fn anonymous(yaml: AnonymousYaml, form: &Form, out: &mut Diagnostics) -> Option<Anonymous> {
    let when = Condition::compile(&yaml.when, &conditions_know(form), out)?;
    Some(Anonymous { when, known_to: yaml.known_to.0 })
}

/// The cases that a case can open. `None` if a condition cannot be read.
fn children(written: Map<ChildYaml>, form: &Form, out: &mut Diagnostics) -> Option<Vec<ChildService>> {
    let known = conditions_know(form);
    let read = |(name, yaml): (At<Name>, ChildYaml)| {
        let when = match &yaml.when {
            Some(source) => Some(Condition::compile(source, &known, out)?),
            None => None,
        };
        Some(ChildService {
            name: name.value,
            service: yaml.service,
            when,
            answers: yaml.answers.unwrap_or_default().0,
            fixed: yaml.fixed.unwrap_or_default().0,
            grants: yaml.grants,
            sends: yaml.sends,
            void: yaml.void,
            takes_over: yaml.takes_over.map(takes_over),
            at: name.at,
        })
    };
    written.0.into_iter().map(read).collect()
}

fn takes_over(yaml: TakesOverYaml) -> TakesOver {
    let arrears = yaml.arrears.map(|yaml| Arrears { each: yaml.each, period: yaml.period, heads: yaml.heads.0 });
    TakesOver {
        grant: yaml.grant,
        number: yaml.number,
        since: yaml.since,
        settled: yaml.settled.unwrap_or_else(|| yaml.owing.clone()),
        owing: yaml.owing,
        arrears,
    }
}

/// The names that a condition of the workflow may use.
fn conditions_know(form: &Form) -> BTreeSet<String> {
    let fields = form.all_pages().flat_map(|page| &page.fields);
    let mut known: BTreeSet<String> = fields.map(|field| field.name.to_string()).collect();
    known.extend(["record".to_owned(), "today".to_owned()]);
    known
}

/// The names that a condition of an action may use: also what is known of the records that answers name, what is
/// reserved, and the cases that were opened.
fn actions_know(form: &Form, reserves: &[Reserve], children: Option<&Map<ChildYaml>>) -> BTreeSet<String> {
    let mut known = conditions_know(form);
    known.extend(super::domain::named(form, &|_| FieldDomain::Any).map(|_| NAMED.to_owned()));
    known.extend(reserves.first().map(|_| RESERVED.to_owned()));
    known.extend(children.and_then(|children| children.0.first()).map(|_| CHILDREN.to_owned()));
    known
}

/// What cases have of the places in calendars.
fn reserves(written: Option<Map<ReserveYaml>>, out: &mut Diagnostics) -> Vec<Reserve> {
    let all = written.unwrap_or_default().0.into_iter();
    all.filter_map(|(name, yaml)| reserve::check::reserve(&name, yaml, out)).collect()
}

/// What its actions use up.
fn stocks(written: Option<Map<StockYaml>>) -> Vec<Stock> {
    written.unwrap_or_default().0.into_iter().map(|(name, yaml)| stock::check::stock(name, yaml)).collect()
}

fn roles(written: Map<RoleYaml>) -> Vec<Role> {
    let role = |(name, yaml): (At<Name>, RoleYaml)| Role {
        name: name.value,
        label: Text::new(yaml.title.value),
        holder_of: yaml.holder_of,
        at: name.at,
    };
    written.0.into_iter().map(role).collect()
}

/// The groups of roles that one person may not hold in the same case, and where each was written.
fn apart(written: Vec<Vec<At<Name>>>) -> (Vec<Vec<Name>>, Vec<(Name, Where)>) {
    let at = written.iter().flatten().map(|role| (role.value.clone(), role.at.clone())).collect();
    let groups = written.into_iter().map(|group| group.into_iter().map(|role| role.value).collect()).collect();
    (groups, at)
}

/// The fees, if there are any. The outer `None` means that they are there and broken.
#[expect(clippy::option_option, reason = "absent and broken are different things")]
fn fees(
    sources: Sources<'_>,
    (form, reserves): (&Form, &[Reserve]),
    billing: Option<&Billing>,
    (on_record, comes_round): (bool, bool),
    proved: Option<&Fees>,
    out: &mut Diagnostics,
    judged: Option<&mut Diagnostics>,
) -> Option<Option<Fees>> {
    let files = sources.files;
    let (Some(_), Some(_), Some(billing)) = (files.find("rates.yaml"), files.find("fees.rhai"), billing) else {
        return Some(None);
    };
    let written = sources.fees?;
    let mut domain = super::domain::asked(form);
    if !reserves.is_empty() {
        domain.fields.insert(RESERVED.to_owned(), reserve::fact_domain(reserves));
    }
    domain.lists = sources.lists.to_vec();
    domain.heads = billing
        .heads
        .iter()
        .map(|head| head.name.clone())
        .filter(|head| !billing.rounds_total || billing.round_off.as_ref() != Some(head))
        .collect();
    domain.refusals = billing.refusals.iter().map(|words| (words.code.clone(), words.at.clone())).collect();
    domain.calendar = Arc::new(sources.tenant.calendar.clone());
    domain.record = on_record.then(|| registry::fact_domain(domain.fields.clone()));
    domain.period = comes_round;
    let fees = match judged {
        Some(judged) => fees::check_published(written, &domain, out, judged),
        None => fees::check(written, &domain, proved, out),
    };
    Some(Some(fees?))
}

/// Words without their places.
pub(super) fn values(words: OneOrMany<At<String>>) -> Vec<String> {
    words.0.into_iter().map(|word| word.value).collect()
}

fn start(yaml: Option<StartYaml>) -> StartPage {
    let Some(yaml) = yaml else { return StartPage::default() };
    let text = |words: Option<At<String>>| words.map(|words| Text::new(words.value));
    StartPage {
        who: text(yaml.who),
        bring: yaml
            .bring
            .map_or_else(Vec::new, |bring| bring.0.into_iter().map(|words| Text::new(words.value)).collect()),
        otherwise: text(yaml.otherwise),
        example: yaml.example,
    }
}

fn statute(yaml: StatuteYaml, tenant: &Tenant, out: &mut Diagnostics) -> Option<Statute> {
    let law = yaml.law.map(|law| Text::new(law.value)).or_else(|| tenant.right_to_service.clone());
    if law.is_none() {
        let missing = missing_key::diagnostic("law", "The law, by its name", &yaml.within.at);
        out.push(missing.note("the state's tenant.yaml has no `right_to_service` either"));
    }
    Some(Statute {
        law: law?,
        within: yaml.within.value,
        sooner: yaml.sooner.map(workflow::yaml::ListedSpanYaml::listed),
        officer: Text::new(yaml.officer.value),
        first_appeal: Text::new(yaml.first_appeal.value),
        second_appeal: yaml.second_appeal.map(|words| Text::new(words.value)),
    })
}

/// What the calendar does for each record of a registry: it bills it, or opens a case at each turn.
fn openings(
    yaml: Option<OpeningsYaml>,
    workflow: Option<&workflow::Workflow>,
    out: &mut Diagnostics,
) -> (Option<Opens>, Option<Turns>) {
    match yaml {
        Some(OpeningsYaml::Bills(bills)) => (opens(bills, out), None),
        Some(OpeningsYaml::Turns(turns)) => {
            if !turns.cases.value {
                out.push(turns_wrong::no_cases(&turns.cases));
            }
            (None, workflow.map(|workflow| Turns::of(turns, &workflow.start)))
        }
        None => (None, None),
    }
}

fn opens(yaml: OpensYaml, out: &mut Diagnostics) -> Option<Opens> {
    let mut on = None;
    if let Some(written) = &yaml.on {
        on = tenant::day_of_year(written).filter(|_| yaml.every.value == Every::Year);
        if on.is_none() {
            out.push(opens_wrong::day(written, yaml.every.value));
            return None;
        }
    }
    Some(Opens { every: yaml.every.value, on, for_each: yaml.for_each, state: yaml.state })
}

fn on_record(yaml: OnRecordYaml, out: &mut Diagnostics) -> Option<OnRecord> {
    let known = BTreeSet::from(["record".to_owned(), "today".to_owned()]);
    let when = match &yaml.when {
        Some(source) => Some(Condition::compile(source, &known, out)?),
        None => None,
    };
    Some(OnRecord {
        registry: yaml.registry.value,
        holder_only: yaml.holder_only.is_none_or(|only| only.value),
        when,
        prefill: yaml.prefill.map(|prefill| prefill.value),
        otherwise: yaml.otherwise.map(|words| Text::new(words.value)),
        at: yaml.registry.at,
    })
}
