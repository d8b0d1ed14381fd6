//! A program is asked to answer a page: in a job, once, with what the page hands on, and a person looks where it cannot.

use engine::base::Value;
use engine::case::{Actor, Answering, Command, ProgramUsed, Refusal};
use engine::source::Bundle;
use server::problem::Problem;
use server::store::events;
use server::store::verify::verify;
use server::{act, library};

use crate::apply::{PDF, at_owners};
use crate::browser::Browser;
use crate::restart::change;
use crate::town::{TOWN, Town, bundle};

const MOBILE: &str = "9876543210";
const HOUSE: &[u8] = include_bytes!("../../../../scrutiny/examples/drawings/house.dxf");

const LAWS: &str = "- from: 2017-11-17
  authority: { en: Model, hi: नमूना }
  model: true
  languages: [en, hi]
  places: 2
  tolerance: 0.01
  drawn_in: metre
  measures:
    plot_area: { layer: PLOT_BOUNDARY, is: area, shapes: 1, unit: square_metre, label: { en: Area of the plot, hi: भूखण्ड } }
  rules:
    plot: { label: { en: Plot, hi: भूखण्ड }, found: plot_area, is: at_least, asked: 100, else: differs, law: { en: A law, hi: विधि } }
";

/// Whoever applies sends a drawing, and a program measures it.
fn measuring(bundle: &mut Bundle) {
    let file = |name: &str| format!("stall-permit/{name}");
    bundle.add(&file("by-laws.yaml"), LAWS.as_bytes());
    let declared = "      declared: { label: What I have said is true, type: declaration }\n";
    let page = "      plan: { label: Plan of the stall, type: file, kinds: dxf, optional: true }
  measured:
    title: The plan as measured
    by: program
    program: scrutiny
    public: true
    takes: { drawing: plan }
    gives: { plan_result: result, plan_why: why, plot_measured: plot_area, plan_picture: picture }
    fields:
      plan_result: { label: Result, type: choice, options: { fits: Fits, note: Noted, refer: For an officer, differs: Does not fit, unclear: Not clear, unreadable: Cannot be read } }
      plan_why: { label: Why it cannot be read, type: text, optional: true }
      plot_measured: { label: Plot, type: decimal, optional: true }
      plan_picture: { label: Picture, type: file, kinds: svg, optional: true }
";
    change(bundle, &file("form.yaml"), declared, &format!("{declared}{page}"));
    change(
        bundle,
        &file("workflow.yaml"),
        "by: applicant, to: checking, notify: received,",
        "by: applicant, to: measuring, ask: measured, notify: received,",
    );
    let state = "  measuring:
    label: Being measured
    public: A program measures your plan.
    actions:
      fits: { once: { answered: measured }, when: plan_result == \"fits\" && plot_measured != (), to: checking, done: The plan fits }
      differs: { once: { answered: measured }, when: plan_result != \"fits\", to: correction, done: The plan does not fit }
      not_measured: { once: { failed: measured }, to: checking, done: The clerk looks at the plan }
  checking:
";
    change(bundle, &file("workflow.yaml"), "  checking:\n", state);
    let hi = file("locales/hi.yaml");
    change(bundle, &hi, "declaration: घोषणा }", "declaration: घोषणा, measured: मापा गया मानचित्र }");
    let fields = "  declared: मैंने जो कहा वह सत्य है
  plan: मानचित्र
  plan_result: { label: परिणाम, options: { fits: अनुरूप, note: सूचना, refer: अधिकारी देखें, differs: अनुरूप नहीं, unclear: स्पष्ट नहीं, unreadable: पढ़ा नहीं गया } }
  plan_why: क्यों नहीं पढ़ा गया
  plot_measured: भूखण्ड
  plan_picture: चित्र
";
    change(bundle, &hi, "  declared: मैंने जो कहा वह सत्य है\n", fields);
    let state = "  measuring: { label: मापा जा रहा है, public: प्रोग्राम आपका मानचित्र माप रहा है। }\n  checking: {";
    change(bundle, &hi, "  checking: {", state);
    change(bundle, &hi, "done: {", "done: { fits: मानचित्र अनुरूप, differs: मानचित्र अनुरूप नहीं, not_measured: लिपिक देखेंगे,");
}

/// Applies with a plan, or without one; gives the key of the case.
async fn sent_with(browser: &mut Browser<'_>, plan: Option<&[u8]>) -> String {
    browser.sign_in(MOBILE).await;
    let case = at_owners(browser).await;
    let proof = ("owners.0.proof", "id.pdf", "application/pdf", PDF);
    browser.upload(&[("owners.0.name", "Asha Rao")], proof).await.expect(200, "Plan of the stall");
    // Of a file that was not chosen, a browser sends a part without a name.
    let plan = plan.map_or(("plan", "", "application/octet-stream", b"".as_slice()), |bytes| {
        ("plan", "plan.dxf", "image/vnd.dxf", bytes)
    });
    browser.upload(&[("declared", "yes")], plan).await.expect(200, "Check your answers");
    browser.submit(&[]).await.expect(200, "Application received");
    case
}

#[test]
fn the_page_fits_the_program_and_what_does_not_is_told() {
    let mut whole = bundle();
    measuring(&mut whole);
    let found = library::check(&whole).1;
    let own = found.0.iter().any(|diagnostic| diagnostic.at.file.starts_with("stall-permit/"));
    assert!(!own, "{}", found.render(&whole, ""));
    let wrong = [
        ("takes: { drawing: plan }", "takes: { drawing: plan, use: kind }", "answer of the by-laws called `use`"),
        ("takes: { drawing: plan }", "takes: { drawing: food_kind }", "`kinds: dxf` and nothing else, in `food_kind`"),
        ("program: scrutiny", "program: scrutny", "no program `scrutny`"),
        ("plot_measured: plot_area", "plot_measured: plot_aera", "did you mean `plot_area`?"),
        ("label: Plot, type: decimal, optional: true", "label: Plot, type: decimal", "to `plot_area`"),
    ];
    for (right, instead, told) in wrong {
        let mut bundle = whole.clone();
        change(&mut bundle, "stall-permit/form.yaml", right, instead);
        let found = library::check(&bundle).1.render(&bundle, "");
        assert!(found.contains(told), "{instead}: {told} is not told in\n{found}");
    }
    change(&mut whole, "stall-permit/by-laws.yaml", "found: plot_area", "found: plot_aera");
    assert!(library::check(&whole).1.render(&whole, "").contains("scrutiny-unknown-name"));
}

#[tokio::test]
async fn a_drawing_that_was_sent_is_measured_once_and_what_is_found_moves_the_case() {
    let town = Town::defined(|_| (), measuring).await;
    let mut browser = Browser::new(&town);
    let case = sent_with(&mut browser, Some(HOUSE)).await;
    let waits = town.case(&case).await;
    assert_eq!((waits.state.as_str(), waits.programs[0].stands), ("measuring", Answering::Waits));
    town.work().await;
    let after = town.case(&case).await;
    assert_eq!((after.state.as_str(), after.programs[0].stands), ("checking", Answering::Answered));
    assert_eq!(after.answers.text("plan_result"), Some("fits"));
    assert_eq!(after.answers.text("plot_measured"), Some("200.00"));
    assert_eq!(after.answers.get("plan_why"), None);

    // Who answered, and by what, stands in the event.
    let mut tx = town.app.store.read(TOWN).await.unwrap();
    let history = events::history(&mut tx, &case).await.unwrap();
    let event = history.iter().find(|event| event.command["word"] == "answered").unwrap();
    assert_eq!((event.actor.as_str(), event.actor_kind.as_str()), ("program:scrutiny", "system"));
    assert_eq!(event.command["by"]["digest"].as_str().map(str::len), Some(64));
    assert_eq!(verify(&mut tx, None).await.unwrap(), [], "what it said is vouched for");
    drop(tx);

    // The picture is shown to the applicant, and can do nothing.
    let Some(Value::Map(picture)) = after.answers.get("plan_picture") else { panic!("there is no picture") };
    let at = format!("/{TOWN}/cases/{case}/files/{}", picture.text("id").unwrap());
    let page = browser.get(&at).await;
    page.expect(200, "<svg xmlns");
    assert_eq!(page.headers["content-type"], "image/svg+xml");
    assert_eq!(page.headers["x-content-type-options"], "nosniff");
    assert!(page.headers["content-security-policy"].starts_with("sandbox;"));
    // The drawing itself is handed out as a file and never shown.
    let Some(Value::Map(plan)) = after.answers.get("plan") else { panic!("there is no plan") };
    let page = browser.get(&format!("/{TOWN}/cases/{case}/files/{}", plan.text("id").unwrap())).await;
    assert!(page.headers["content-disposition"].starts_with("attachment"));

    // What comes late, or a second time, is passed over.
    let answers = serde_json::json!({ "plan_result": "differs" });
    let by = ProgramUsed { name: "scrutiny".into(), version: "0".into(), digest: "0".into() };
    let again = Command::Answered { page: "measured".into(), asked: after.programs[0].version, answers, by };
    let refused = act::act(&town.app, &town.tenant(), &case, &Actor::program("scrutiny"), &again, None).await;
    assert!(matches!(refused, Err(Problem::Refused(Refusal::ChangedMeanwhile))), "{refused:?}");
    town.work().await;
    assert_eq!(town.case(&case).await.version, after.version);
}

#[tokio::test]
async fn where_the_program_comes_to_no_answer_a_person_looks() {
    let town = Town::defined(|_| (), measuring).await;
    let mut browser = Browser::new(&town);
    let case = sent_with(&mut browser, None).await;
    town.work().await;
    let after = town.case(&case).await;
    assert_eq!((after.state.as_str(), after.programs[0].stands), ("checking", Answering::Failed));
    assert_eq!(after.answers.get("plan_result"), None);
}

#[tokio::test]
async fn what_is_no_dxf_as_text_is_not_taken() {
    let town = Town::defined(|_| (), measuring).await;
    let mut browser = Browser::new(&town);
    browser.sign_in(MOBILE).await;
    at_owners(&mut browser).await;
    let proof = ("owners.0.proof", "id.pdf", "application/pdf", PDF);
    browser.upload(&[("owners.0.name", "Asha Rao")], proof).await.expect(200, "Plan of the stall");
    let cut = &HOUSE[..HOUSE.len() / 2];
    let others: [&[u8]; 5] = [
        b"AC1032\0\0\0\0\0\0\0\0\0\0\0",
        b"AutoCAD Binary DXF\r\n\x1a\0",
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        PDF,
        cut,
    ];
    for bytes in others {
        let plan = ("plan", "plan.dxf", "image/vnd.dxf", bytes);
        browser.upload(&[("declared", "yes")], plan).await.expect(422, "Plan of the stall");
    }
}
