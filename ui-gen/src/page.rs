//! The list of pages.

use serde::Serialize;

use crate::view::common::ErrorLink;
use crate::view::field::{FieldView, Input};
use crate::view::{
    account, apply, calendar, charter, counter, desk, dev, dues, figures, follow, home, inbox, money, other, public,
    registers, staff, stock, survey, till, work,
};
use crate::words::Words;

/// A page and what it shows.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
#[expect(missing_docs, reason = "each variant is documented at the struct it holds")]
#[expect(clippy::large_enum_variant, reason = "one is made for a request, drawn and dropped")]
pub enum Page {
    ChooseTown(home::ChooseTown),
    Catalogue(home::Catalogue),
    Charter(charter::Charter),
    CharterRow(charter::CharterRow),
    ServiceStart(home::ServiceStart),
    SignIn(home::SignIn),
    SignInCode(home::SignInCode),
    Profile(home::Profile),
    Account(account::Account),
    MyData(account::MyData),
    Erasing(account::Erasing),
    FeeCalculator(home::FeeCalculator),
    Feedback(home::Feedback),
    Tasks(apply::Tasks),
    Appeal(follow::Appeal),
    Question(apply::Question),
    Check(apply::Check),
    Acknowledgement(apply::Acknowledgement),
    MyApplications(follow::MyApplications),
    Track(follow::Track),
    ActionForm(apply::ActionForm),
    Pay(money::Pay),
    PayResult(money::PayResult),
    FindDues(dues::FindDues),
    Dues(dues::Dues),
    FindCase(follow::FindCase),
    Verify(follow::Verify),
    VerifyResult(follow::VerifyResult),
    PublicList(public::PublicList),
    PublicRecord(public::PublicRecord),
    Surveys(survey::Surveys),
    SurveyResults(survey::SurveyResults),
    Statement(other::Statement),
    Sitemap(other::Sitemap),
    Calendar(calendar::Calendar),
    Problem(other::Problem),
    DeskSignIn(desk::DeskSignIn),
    SecondCode(account::SecondCode),
    SecondFactor(account::SecondFactor),
    RecoveryCodes(account::RecoveryCodes),
    DeskHome(desk::DeskHome),
    Inbox(inbox::Inbox),
    BulkConfirm(inbox::BulkConfirm),
    BulkResult(inbox::BulkResult),
    DeskCase(desk::DeskCase),
    DeskAction(desk::DeskAction),
    CollectSearch(counter::CollectSearch),
    Collect(counter::Collect),
    DeskReceipt(counter::DeskReceipt),
    CancelReceipt(counter::CancelReceipt),
    Tills(till::Tills),
    Till(till::Till),
    CountTill(till::CountTill),
    Register(registers::Register),
    RegisterRecord(registers::RegisterRecord),
    Stock(stock::Stock),
    MyWork(work::MyWork),
    HeardFeedback(work::HeardFeedback),
    Figures(figures::Figures),
    Events(work::Events),
    Staff(staff::Staff),
    StaffMember(staff::StaffMember),
    DevHome(dev::DevHome),
    DevService(dev::DevService),
    DevForm(dev::DevForm),
    DevProblems(dev::DevProblems),
    DevReference(dev::DevReference),
    DevOutbox(dev::DevOutbox),
}

impl Page {
    /// Name of the page's template.
    pub(crate) fn template(&self) -> &'static str {
        match self {
            Self::ChooseTown(_) => "pages/choose_town",
            Self::Catalogue(_) => "pages/catalogue",
            Self::Charter(_) => "pages/charter",
            Self::CharterRow(_) => "pages/charter_row",
            Self::ServiceStart(_) => "pages/service_start",
            Self::SignIn(_) => "pages/sign_in",
            Self::SignInCode(_) => "pages/sign_in_code",
            Self::Profile(_) => "pages/profile",
            Self::Account(_) => "pages/account",
            Self::MyData(_) => "pages/my_data",
            Self::Erasing(_) => "pages/erasing",
            Self::FeeCalculator(_) => "pages/fee_calculator",
            Self::Feedback(_) => "pages/feedback",
            Self::Tasks(_) => "pages/tasks",
            Self::Appeal(_) => "pages/appeal",
            Self::Question(_) => "pages/question",
            Self::Check(_) => "pages/check",
            Self::Acknowledgement(_) => "pages/acknowledgement",
            Self::MyApplications(_) => "pages/my_applications",
            Self::Track(_) => "pages/track",
            Self::ActionForm(_) => "pages/action_form",
            Self::Pay(_) => "pages/pay",
            Self::PayResult(_) => "pages/pay_result",
            Self::FindDues(_) => "pages/find_dues",
            Self::Dues(_) => "pages/dues",
            Self::FindCase(_) => "pages/find_case",
            Self::Verify(_) => "pages/verify",
            Self::VerifyResult(_) => "pages/verify_result",
            Self::PublicList(_) => "pages/public_list",
            Self::PublicRecord(_) => "pages/public_record",
            Self::Surveys(_) => "pages/surveys",
            Self::SurveyResults(_) => "pages/survey_results",
            Self::Statement(it) => it.kind.template(),
            Self::Sitemap(_) => "pages/sitemap",
            Self::Calendar(_) => "pages/calendar",
            Self::Problem(_) => "pages/problem",
            Self::DeskSignIn(_) => "pages/desk_sign_in",
            Self::SecondCode(_) => "pages/second_code",
            Self::SecondFactor(_) => "pages/second_factor",
            Self::RecoveryCodes(_) => "pages/recovery_codes",
            Self::DeskHome(_) => "pages/desk_home",
            Self::Inbox(_) => "pages/inbox",
            Self::BulkConfirm(_) => "pages/bulk_confirm",
            Self::BulkResult(_) => "pages/bulk_result",
            Self::DeskCase(_) => "pages/desk_case",
            Self::DeskAction(_) => "pages/desk_action",
            Self::CollectSearch(_) => "pages/collect_search",
            Self::Collect(_) => "pages/collect",
            Self::DeskReceipt(_) => "pages/desk_receipt",
            Self::CancelReceipt(_) => "pages/cancel_receipt",
            Self::Tills(_) => "pages/tills",
            Self::Till(_) => "pages/till",
            Self::CountTill(_) => "pages/count_till",
            Self::Register(_) => "pages/register",
            Self::RegisterRecord(_) => "pages/register_record",
            Self::Stock(_) => "pages/stock",
            Self::MyWork(_) => "pages/my_work",
            Self::HeardFeedback(_) => "pages/heard_feedback",
            Self::Figures(_) => "pages/figures",
            Self::Events(_) => "pages/events",
            Self::Staff(_) => "pages/staff",
            Self::StaffMember(_) => "pages/staff_member",
            Self::DevHome(_) => "pages/dev_home",
            Self::DevService(_) => "pages/dev_service",
            Self::DevForm(_) => "pages/dev_form",
            Self::DevProblems(_) => "pages/dev_problems",
            Self::DevReference(_) => "pages/dev_reference",
            Self::DevOutbox(_) => "pages/dev_outbox",
        }
    }

    /// What the browser's tab says, without the town's name.
    pub fn title(&self, words: &Words) -> String {
        match self {
            Self::ChooseTown(_) => words.get("town.title"),
            Self::Catalogue(_) => words.get("catalogue.title"),
            Self::Charter(_) => words.get("charter.title"),
            Self::CharterRow(it) => with(&it.title, &words.get("charter.title")),
            Self::ServiceStart(it) => it.title.clone(),
            Self::SignIn(_) => words.get("sign_in.title"),
            Self::SignInCode(_) => words.get("code.title"),
            Self::Profile(_) => words.get("profile.title"),
            Self::Account(_) => words.get("account.title"),
            Self::MyData(_) => words.get("my_data.title"),
            Self::Erasing(it) => it.title.clone(),
            Self::FeeCalculator(it) => with(&words.get("fee_page.title"), &it.service),
            Self::Feedback(_) => words.get("feedback.title"),
            Self::Tasks(it) => with(&words.get("tasks.title"), &it.service),
            Self::Appeal(it) => with(&words.get("appeal.title"), &it.number),
            Self::Question(it) => with(single(&it.fields).unwrap_or(&it.title), &it.service),
            Self::Check(it) => with(&words.get("check.title"), &it.service),
            Self::Acknowledgement(it) => with(&it.title, &it.number),
            Self::MyApplications(_) => words.get("my.title"),
            Self::Track(it) => with(&it.service, &it.number),
            Self::ActionForm(it) => with(&it.title, &it.number),
            Self::Pay(it) => with(&words.get("pay.title"), &it.number),
            Self::PayResult(it) => words.get(&format!("pay.{}.title", slug(it.outcome))),
            Self::FindDues(_) => words.get("dues.title"),
            Self::Dues(it) => with(&words.get("dues.title"), &it.number),
            Self::FindCase(_) => words.get("find_case.title"),
            Self::Verify(_) => words.get("verify.title"),
            Self::VerifyResult(it) => words.get(&format!("verify.{}.title", slug(it.verdict))),
            Self::PublicList(it) => it.title.clone(),
            Self::PublicRecord(it) => with(&it.heading, &it.list),
            Self::Surveys(_) => words.get("survey.title"),
            Self::SurveyResults(it) => with(&it.title, &words.get("survey.results")),
            Self::Statement(it) => words.get(&format!("{}.title", slug(it.kind))),
            Self::Sitemap(_) => words.get("sitemap.title"),
            Self::Calendar(it) => it.title.clone(),
            Self::Problem(it) => words.get(&format!("problem.{}.title", slug(it.kind))),
            Self::DeskSignIn(_) => words.get("desk_sign_in.title"),
            Self::SecondCode(_) => words.get("second.title"),
            Self::SecondFactor(_) => words.get("second.set_up"),
            Self::RecoveryCodes(_) => words.get("second.codes"),
            Self::DeskHome(_) => words.get("desk.title"),
            Self::Inbox(it) => it.title.clone(),
            Self::BulkConfirm(it) => it.title.clone(),
            Self::BulkResult(it) => it.title.clone(),
            Self::DeskCase(it) => with(&it.identity.number, &it.identity.service),
            Self::DeskAction(it) => with(&it.title, &it.identity.number),
            Self::CollectSearch(_) => words.get("collect.find"),
            Self::Collect(it) => with(&words.get("collect.title"), &it.identity.number),
            Self::DeskReceipt(it) => with(&words.get("receipt.title"), &it.number),
            Self::CancelReceipt(it) => with(&words.get("receipt.cancel"), &it.number),
            Self::Tills(_) => words.get("till.title"),
            Self::Till(it) => with(&words.get("till.sheet"), &it.number),
            Self::CountTill(it) => with(&words.get("till.count"), &it.number),
            Self::Register(it) => it.title.clone(),
            Self::RegisterRecord(it) => with(&it.number, &it.register),
            Self::Stock(it) => with(&it.title, &words.get("stock.one")),
            Self::MyWork(_) => words.get("work.title"),
            Self::HeardFeedback(_) => words.get("feedback.heard"),
            Self::Figures(_) => words.get("figures.title"),
            Self::Events(_) => words.get("events.title"),
            Self::Staff(_) => words.get("staff.title"),
            Self::StaffMember(it) => with(&it.name, &words.get("staff.title")),
            Self::DevHome(_) => words.get("dev.title"),
            Self::DevService(it) => it.title.clone(),
            Self::DevForm(it) => with(&words.get("dev.form"), &it.title),
            Self::DevProblems(_) => words.get("dev.problems"),
            Self::DevReference(_) => words.get("dev.reference"),
            Self::DevOutbox(_) => words.get("dev.outbox"),
        }
    }

    /// Every error of the page: `(id it leads to, words)`, in the order of the page.
    pub(crate) fn errors(&self) -> Vec<(String, String)> {
        let mut all: Vec<(String, String)> = Vec::new();
        if let Some((links, fields)) = self.form() {
            all.extend(links.iter().map(|link| (link.target.clone(), link.text.clone())));
            for field in fields {
                field.collect_errors(&mut all);
            }
        }
        if let Self::DeskCase(it) = self {
            it.fields().for_each(|field| field.collect_errors(&mut all));
        }
        if let Self::DevForm(it) = self {
            it.pages.iter().flat_map(|page| &page.fields).for_each(|field| field.collect_errors(&mut all));
        }
        if let Self::Inbox(it) = self {
            let typed = [("from", &it.from_error), ("until", &it.until_error), ("name", &it.save.error)];
            all.extend(typed.into_iter().filter(|(_, e)| !e.is_empty()).map(|(id, e)| (id.to_owned(), e.clone())));
        }
        let (target, error) = match self {
            Self::SignIn(it) => ("mobile", &it.error),
            Self::SignInCode(it) => ("code", &it.error),
            Self::SecondCode(it) => ("code", &it.error),
            Self::SecondFactor(it) => ("code", &it.error),
            Self::FindCase(it) => ("number", &it.error),
            Self::Verify(it) => ("code", &it.error),
            Self::DeskSignIn(it) => ("user", &it.error),
            Self::Inbox(it) => ("rows", &it.error),
            Self::RegisterRecord(it) => ("on", &it.error),
            _ => return all,
        };
        if !error.is_empty() {
            all.push((target.to_owned(), error.clone()));
        }
        all
    }

    /// The errors that belong to no field, and the fields, of a page that has a form of fields.
    fn form(&self) -> Option<(&[ErrorLink], &[FieldView])> {
        Some(match self {
            Self::Profile(it) => (&[], &it.fields),
            Self::Erasing(it) => (&[], &it.fields),
            Self::FeeCalculator(it) => (&[], &it.fields),
            Self::Feedback(it) => (&[], &it.fields),
            Self::Question(it) => (&it.errors, &it.fields),
            Self::Check(it) => (&it.errors, &[]),
            Self::ActionForm(it) => (&it.errors, &it.fields),
            Self::Pay(it) => (&it.errors, &it.fields),
            Self::Dues(it) => (&it.errors, &it.fields),
            Self::FindDues(it) if it.open => (&[], &it.by_name),
            Self::FindDues(it) => (&[], &it.by_number),
            Self::DeskAction(it) => (&it.errors, &it.fields),
            Self::BulkConfirm(it) => (&it.errors, &it.fields),
            Self::Collect(it) => (&it.errors, &it.fields),
            Self::CancelReceipt(it) => (&it.errors, &it.fields),
            Self::Till(it) => (&[], &it.fields),
            Self::CountTill(it) => (&[], &it.fields),
            Self::Stock(it) => (&[], &it.register.as_ref()?.fields),
            _ => return None,
        })
    }

    /// Whether the page's form takes files, and must be sent in parts.
    pub(crate) fn takes_files(&self) -> bool {
        self.form().is_some_and(|(_, fields)| fields.iter().any(FieldView::takes_files))
    }

    /// Whether the page's single question is its heading.
    pub(crate) fn asks_one(&self) -> bool {
        matches!(self, Self::Question(it) if single(&it.fields).is_some())
    }

    /// Whether something may have been typed that a change of language must keep.
    pub(crate) fn keeps_typing(&self) -> bool {
        match self {
            // Where nothing is owed there is nothing to fill in.
            Self::Dues(it) => !it.action.is_empty(),
            Self::Question(_)
            | Self::Profile(_)
            | Self::ActionForm(_)
            | Self::SignIn(_)
            | Self::SignInCode(_)
            | Self::Pay(_)
            | Self::DeskSignIn(_)
            | Self::SecondCode(_)
            | Self::SecondFactor(_)
            | Self::DeskAction(_)
            | Self::BulkConfirm(_)
            | Self::Collect(_)
            | Self::CancelReceipt(_)
            | Self::CountTill(_)
            | Self::FeeCalculator(_)
            | Self::FindCase(_)
            | Self::Feedback(_)
            | Self::Verify(_) => true,
            Self::ServiceStart(it) => !it.record.is_empty(),
            Self::Till(it) => !it.action.is_empty(),
            Self::Erasing(it) => !it.action.is_empty(),
            Self::DeskCase(it) => !it.typed_to.is_empty(),
            _ => false,
        }
    }

    /// Seconds after which the page asks again by itself; 0 for never.
    pub(crate) fn refresh(&self) -> u32 {
        match self {
            Self::PayResult(it) => it.refresh,
            Self::DevProblems(it) => it.refresh,
            _ => 0,
        }
    }
}

/// A title, and what it belongs to.
fn with(title: &str, of: &str) -> String {
    format!("{title} – {of}")
}

/// The label of a page's only question, where it can stand as the heading: what is declared is a sentence or more.
fn single(fields: &[FieldView]) -> Option<&str> {
    let [field] = fields else { return None };
    let long = matches!(field.input, Input::Group(_) | Input::List(_) | Input::Statement(_) | Input::Declaration(_));
    (!long).then_some(field.label.as_str())
}

/// The name by which an enum without data is written, as in `not_found`.
fn slug(kind: impl Serialize) -> String {
    match serde_json::to_value(kind) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
