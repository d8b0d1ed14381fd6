//! Templates against a small service, by hand: which check finds what, and where exactly.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::base::{Name, Text};
use crate::form::{Field, Form, Kind, Options, Page, Searchable};
use crate::registry::{Grant, Holder, Mode, Validity};
use crate::source::{At, Bundle, Diagnostics, Where};
use crate::tenant::Currency;
use crate::workflow::{Action, Assign, Comment, DemandEffect, Once, State, Trigger, Workflow};

fn place() -> Where {
    Where::file(&Arc::from("x.yaml"))
}

fn at(name: &str) -> At<Name> {
    At::new(Name::new(name), place())
}

fn field(name: &str, kind: Kind) -> Field {
    let name = Name::new(name);
    let label = Text::new(name.as_str());
    Field {
        name,
        label,
        hint: None,
        optional: false,
        when: None,
        one_when: None,
        several_when: None,
        differ: Vec::new(),
        unit: None,
        searchable: Searchable::No,
        other_number: false,
        personal: false,
        sensitive: false,
        purpose: None,
        keep_for: None,
        kind,
        options_at: Vec::new(),
        at: place(),
    }
}

fn text() -> Kind {
    Kind::Text { min_length: 0, max_length: 100, lines: 1, pattern: None }
}

fn form() -> Form {
    let options = Options::Here(vec![("SHOP".into(), Text::new("Shop"))]);
    let mut hint = field("hint", text());
    hint.optional = true;
    let unit = vec![
        field("kind", Kind::Choice { options: options.clone() }),
        field("workers", Kind::Number { min: None, max: None, grouped: true }),
    ];
    let fields = vec![
        field("trade", text()),
        field("kind", Kind::Choice { options }),
        field("from", Kind::Date { min: None, max: None }),
        hint,
        field("units", Kind::List { min: 1, max: 3, fields: unit }),
        field("address", Kind::Group { fields: vec![field("street", text())] }),
        field("photo", Kind::Photo { place: false, max_bytes: 1 }),
    ];
    let page = |name: &str, by: Option<&str>, fields| {
        Arc::new(Page {
            name: Name::new(name),
            title: Text::new(name),
            hint: None,
            by: by.map(Name::new),
            program: None,
            public: false,
            purpose: None,
            with: Vec::new(),
            when: None,
            fields,
            checks: Vec::new(),
            at: place(),
        })
    };
    Form {
        pages: vec![page("all", None, fields), page("visit", Some("clerk"), vec![field("area", text())])],
        tasks: false,
    }
}

fn action(name: &str, trigger: Trigger, to: &str) -> Action {
    Action {
        templates: Vec::new(),
        name: Name::new(name),
        label: Text::new(name),
        done: None,
        trigger,
        to: at(to),
        when: Vec::new(),
        again: None,
        within: None,
        comment: Comment::None,
        asks: None,
        uses: Vec::new(),
        flags: false,
        counts_on: false,
        assign: Assign::Pool,
        demand: None,
        excess: None,
        grant: None,
        notify: vec![at(name)],
        issue: vec![],
        ask: None,
        opens: vec![],
        amended: Vec::new(),
        over: None,
        answered: None,
        children: Vec::new(),
        at: place(),
    }
}

fn workflow() -> Workflow {
    let by = || Trigger::By(vec![at("clerk")]);
    let state = |name: &str, actions| State {
        name: Name::new(name),
        label: Text::new(name),
        public: None,
        edit: None,
        sla: None,
        waits_for_applicant: false,
        end: None,
        actions,
        at: place(),
    };
    let approve =
        Action { demand: Some(DemandEffect::Raise), asks: Some(at("visit")), ..action("approve", by(), "payment") };
    let reject = Action { comment: Comment::Required, ..action("reject", by(), "refused") };
    let pay = Action { grant: Some(at("license")), ..action("pay", Trigger::Once(Once::Paid, place()), "done") };
    Workflow {
        start: at("draft"),
        states: vec![
            state("draft", vec![approve, reject]),
            state("payment", vec![pay]),
            state("done", vec![]),
            state("refused", vec![]),
        ],
    }
}

fn grants() -> Vec<Grant> {
    vec![Grant {
        name: Name::new("license"),
        registry: at("licenses"),
        mode: Mode::Create,
        number: None,
        valid_from: Validity::Today,
        valid_until: Some(Validity::FinancialYearEnd(0)),
        effective: None,
        holder: Holder::Applicant,
        set: None,
        parts: None,
        merges: None,
        document: Some(at("license")),
        title: Text::new("License"),
        public: None,
        at: place(),
    }]
}

/// The codes found in `template`, each with the text that is underlined.
fn found(template: &str, told_by: &str, paper: bool) -> Vec<(&'static str, String)> {
    let (form, workflow, grants) = (form(), workflow(), grants());
    let around = Around {
        opens: None,
        form: &form,
        workflow: &workflow,
        grants: &grants,
        on_record: false,
        statute: false,
        payable: false,
        roles: &[],
        language: "en",
        languages: &[],
    };
    let facts = around.when_told(&around.after_actions(), &Name::new(told_by)).unwrap();
    judged(template, &Scope { form: &form, facts: &facts, paper })
}

fn judged(template: &str, scope: &Scope<'_>) -> Vec<(&'static str, String)> {
    let file: Arc<str> = Arc::from("t.hbs");
    let source = Source::file(template, Where::file(&file));
    let mut out = Diagnostics::default();
    check(&source, scope, &mut out);
    out.0.iter().map(|d| (d.code, template[d.at.start..d.at.end].to_owned())).collect()
}

fn message(template: &str, told_by: &str) -> Vec<(&'static str, String)> {
    found(template, told_by, false)
}

#[test]
fn good_messages_are_let_through() {
    let nothing: Vec<(&str, String)> = vec![];
    assert_eq!(message("{{number}} {{answers.trade}} {{answers.kind}} {{link}}", "approve"), nothing);
    assert_eq!(message("{{demand.total}} {{demand.due}} {{answers.area}}", "approve"), nothing);
    assert_eq!(message("{{record.number}} {{record.valid_until}} {{receipt.number}}", "pay"), nothing);
    assert_eq!(message("{{comment}}{{#if answers.hint}}{{answers.hint}}{{/if}}", "reject"), nothing);
    assert_eq!(message("{{#if record.number}}{{record.number}}{{else}}-{{/if}}", "reject"), nothing);
}

#[test]
fn the_sheet_of_a_till_tells_of_the_till_and_of_no_case() {
    let (form, facts) = (form(), Facts::from([Fact::Till]));
    let sheet = |template: &str| judged(template, &Scope { form: &form, facts: &facts, paper: true });
    let nothing: Vec<(&str, String)> = vec![];
    assert_eq!(sheet("{{tenant.name}} {{date today}} {{till.owner}} {{money till.cash}}"), nothing);
    assert_eq!(sheet("{{#each till.sums as |sum|}}{{sum.mode}} {{money sum.difference}}{{/each}}"), nothing);
    assert_eq!(sheet("{{#if till.absent}}{{till.absent}}{{/if}}"), nothing);
    let empty = |path: &str| ("maybe-empty-variable", path.to_owned());
    assert_eq!(sheet("{{number}} {{till.absent}}"), [empty("number"), empty("till.absent")]);
    assert_eq!(sheet("{{answers.trade}} {{service}}"), [empty("answers.trade"), empty("service")]);
    let on_paper = found("{{till.number}}", "approve", true);
    assert_eq!(on_paper, [empty("till.number")], "an application has no till");
}

#[test]
fn what_may_be_empty_is_found() {
    let empty = |path: &str| ("maybe-empty-variable", path.to_owned());
    assert_eq!(message("{{comment}} {{record.number}}", "approve"), [empty("comment"), empty("record.number")]);
    assert_eq!(
        message("{{answers.hint}} {{demand.total}} {{answers.area}}", "reject"),
        [empty("answers.hint"), empty("demand.total"), empty("answers.area")]
    );
    assert_eq!(message("{{#if answers.hint}}x{{else}}{{answers.hint}}{{/if}}", "reject"), [empty("answers.hint")]);
}

#[test]
fn slips_are_found_where_they_stand() {
    let one = |template: &str| message(template, "approve").pop().unwrap();
    assert_eq!(one("a {{numbr}}"), ("unknown-variable", "numbr".into()));
    assert_eq!(one("a {{answers.trad}}"), ("unknown-variable", "answers.trad".into()));
    assert_eq!(one("{{today}}"), ("unknown-variable", "today".into()));
    assert_eq!(one("a {{{number}}}"), ("raw-template", "{{{number}}}".into()));
    assert_eq!(one("a {{> b}}"), ("template-include", "{{> b}}".into()));
    assert_eq!(one("a {{#if number}}b"), ("template-syntax", "{{#if number}}".into()));
    assert_eq!(one("a {{/if}}"), ("template-syntax", "{{/if}}".into()));
    assert_eq!(one("a {{date demand.due}}"), ("unknown-helper", "date".into()));
    assert_eq!(one("{{answers.photo}}"), ("unformatted-variable", "answers.photo".into()));
    assert_eq!(one("{{answers.address.street}}"), ("unknown-variable", "answers.address.street".into()));
    assert_eq!(one(&"{{#if number}}".repeat(17)).0, "template-too-deep");
    assert_eq!(one(&"(".repeat(3).replace('(', "{{a (b)}}")).0, "unknown-helper");
}

#[test]
fn papers_have_helpers_for_what_is_not_words() {
    let paper = |template: &str| found(template, "pay", true);
    let nothing: Vec<(&str, String)> = vec![];
    let good = "{{date answers.from}}{{label answers.kind}}{{money receipt.amount}}{{words receipt.amount}}{{address answers.address}}{{answers.address.street}}{{qr verify_link}}{{t \"yes\"}}{{#each answers.units as |unit|}}{{label unit.kind}} {{unit.workers}}{{/each}}{{#each demand.lines as |line|}}{{line.label}}{{money line.amount}}{{/each}}{{#each pages as |page|}}{{page.title}}{{#each page.rows as |row|}}{{row.value}}{{/each}}{{/each}}";
    assert_eq!(paper(good), nothing);
    let bad = |template: &str, code: &'static str, text: &str| assert_eq!(paper(template), [(code, text.to_owned())]);
    bad("{{answers.kind}}", "unformatted-variable", "answers.kind");
    bad("{{answers.units}}", "unformatted-variable", "answers.units");
    bad("{{date answers.trade}}", "unformatted-variable", "answers.trade");
    bad("{{dat answers.from}}", "unknown-helper", "dat");
    bad("{{#each answers.units as |unit|}}{{unit.worker}}{{/each}}", "unknown-variable", "unit.worker");
    bad("{{#each answers.trade as |x|}}{{/each}}", "template-syntax", "answers.trade");
    bad("{{#with answers}}{{/with}}", "unknown-helper", "with");
}

#[test]
fn the_place_in_yaml_is_exact_even_in_blocks_and_quotes() {
    let yaml = "to: applicant\nemail:\n  subject: \"A \\u0041 {{number}} {{numbr}}\"\n  body: |\n    One {{number}}\n    two {{nmber}}\n";
    let mut bundle = Bundle::default();
    bundle.add("n.yaml", yaml.as_bytes().to_vec());
    let mut out = Diagnostics::default();
    let notice = crate::notice::read(&bundle, "n.yaml", &mut out).unwrap();
    let email = notice.email.unwrap();
    for (template, wrong) in [(&email.subject, "numbr"), (&email.body, "nmber")] {
        let (form, facts) = (form(), Facts::new());
        let mut out = Diagnostics::default();
        check(&Source::value(&bundle, template), &Scope { form: &form, facts: &facts, paper: false }, &mut out);
        assert_eq!(out.0.len(), 1);
        assert_eq!(&yaml[out.0[0].at.start..out.0[0].at.end], wrong);
    }
}

#[test]
fn papers_are_filled_in_as_people_write() {
    let currency = Currency { code: "INR".into(), symbol: "₹".into(), indian_grouping: true, ..Currency::default() };
    let (places, words) = (crate::list::List::default(), BTreeMap::from([("field.yes".to_owned(), "हाँ".to_owned())]));
    let look = Look { language: "hi", currency: &currency, places: &places, words: &words };
    let data = serde_json::json!({
        "answers": { "trade": "A & <B>", "kind": "SHOP", "from": "2027-03-31", "units": [{ "kind": "SHOP", "workers": 2 }], "address": { "street": "Q & R" } },
        "receipt": { "amount": "2500.00" }, "verify_link": "https://x/?a&b",
    });
    let print = |template: &str| paper(template, &data, &form(), &look).unwrap();
    assert_eq!(print("{{answers.trade}}"), "A &amp; &lt;B&gt;");
    assert_eq!(
        print("{{label answers.kind}} {{date answers.from}} {{money receipt.amount}}"),
        "Shop 31/03/2027 ₹2,500.00"
    );
    assert_eq!(print("{{words receipt.amount}} {{t \"field.yes\"}}"), "दो हज़ार पाँच सौ रुपये मात्र हाँ");
    assert_eq!(print("{{address answers.address}}"), "Q &amp; R");
    assert_eq!(print("{{qr verify_link}}"), "<qr>https://x/?a&amp;b</qr>");
    assert_eq!(print("{{#each answers.units as |unit|}}{{label unit.kind}} {{unit.workers}}{{/each}}"), "Shop 2");
}

#[test]
fn a_sample_fills_in_every_variable() {
    for variable in VARIABLES.iter().filter(|variable| !variable.papers_only) {
        let filled = plain(&format!("{{{{{}}}}}", variable.name), &sample(&form(), false)).unwrap();
        assert!(!filled.is_empty(), "{}", variable.name);
    }
}
