//! Surveys: the list, what is asked, and what came of it.

use ui_gen::Page;
use ui_gen::view::apply::Question;
use ui_gen::view::common::Row;
use ui_gen::view::survey::{SurveyCell, SurveyCount, SurveyGroup, SurveyLink, SurveyPlace, SurveyResults, Surveys};

use super::fields::{self, Stage};
use super::{Lang, Sample, chrome, signed_in, staff};

const HERE: &str = "/devgaon/surveys/market";

pub(crate) fn all(l: Lang) -> Vec<Sample> {
    let open = |name, page| Sample { name, chrome: chrome(l), page };
    let none =
        SurveyResults { rows: rows(l, &l.t("fewer than 5", "5 से कम")), questions: vec![few(l)], ..results(l) };
    let desk = SurveyResults {
        csv: "/devgaon/desk/surveys/market/results.csv".into(),
        questions: vec![words(l)],
        places: vec![ward(l)],
        ..results(l)
    };
    vec![
        open("surveys", Page::Surveys(list(l))),
        open("surveys_none", Page::Surveys(Surveys { groups: Vec::new(), ..list(l) })),
        Sample { name: "survey", chrome: signed_in(l), page: Page::Question(question(l)) },
        open("survey_results", Page::SurveyResults(results(l))),
        open("survey_results_none", Page::SurveyResults(none)),
        Sample { name: "desk_survey", chrome: staff(l), page: Page::SurveyResults(desk) },
    ]
}

fn title(l: Lang) -> String {
    l.t("Where should the market be?", "बाज़ार कहाँ हो?")
}

fn about(l: Lang) -> String {
    l.t("The council decides in August.", "परिषद अगस्त में निर्णय करेगी।")
}

fn list(l: Lang) -> Surveys {
    let open = SurveyLink {
        href: HERE.into(),
        title: title(l),
        text: about(l),
        note: l.t(
            "until 30/06/2026 · you sign in, only so that everybody answers once",
            "30/06/2026 तक · लॉग इन केवल इसलिए कि हर व्यक्ति एक ही बार उत्तर दे",
        ),
        results: format!("{HERE}/results"),
    };
    let over = SurveyLink {
        title: l.t("Street lamps", "सड़क की बत्तियाँ"),
        text: about(l),
        note: l.t("from 01/01/2026 until 31/01/2026", "01/01/2026 से 31/01/2026 तक"),
        ..SurveyLink::default()
    };
    let group = |en, hi, survey| SurveyGroup { title: l.t(en, hi), surveys: vec![survey] };
    Surveys {
        lead: l.t(
            "Surveys of Municipal Council Devgaon that everybody can answer. Your answers are kept without your name.",
            "नगर पालिका परिषद देवगाँव के सर्वेक्षण, जिनका उत्तर हर कोई दे सकता है। आपके उत्तर बिना नाम के रखे जाते हैं।",
        ),
        groups: vec![group("Open now", "अभी चालू", open), group("Ended", "समाप्त", over)],
    }
}

fn question(l: Lang) -> Question {
    Question {
        service: l.t("Survey, until 30/06/2026", "सर्वेक्षण, 30/06/2026 तक"),
        action: HERE.into(),
        title: title(l),
        intro: vec![about(l)],
        fields: fields::every(l, Stage::Empty).into_iter().take(3).collect(),
        submit: l.t("Send my answers", "मेरे उत्तर भेजें"),
        ..Question::default()
    }
}

fn rows(l: Lang, people: &str) -> Vec<Row> {
    vec![
        l.row(
            "Open for answers",
            "उत्तर देने की अवधि",
            &l.t("from 01/06/2026 until 30/06/2026", "01/06/2026 से 30/06/2026 तक"),
        ),
        l.row("People who answered", "उत्तर देने वाले", people),
    ]
}

fn results(l: Lang) -> SurveyResults {
    let cell =
        |en, hi, count: &str, share: &str| SurveyCell { label: l.t(en, hi), count: count.into(), share: share.into() };
    let place = SurveyCount {
        label: title(l),
        answered: l.t("Answered by 17", "17 लोगों ने उत्तर दिया"),
        cells: vec![
            cell("By the river", "नदी के किनारे", "9", "53%"),
            cell("By the school", "विद्यालय के पास", "", ""),
            cell("On the hill", "पहाड़ी पर", "", ""),
        ],
        ..SurveyCount::default()
    };
    let stalls = SurveyCount {
        label: l.t("How many stalls?", "कितने ठेले?"),
        answered: l.t("Answered by 12", "12 लोगों ने उत्तर दिया"),
        rows: vec![l.row("Average", "औसत", "23.4"), l.row("Middle value", "मध्य मान", "20")],
        ..SurveyCount::default()
    };
    SurveyResults {
        title: title(l),
        about: about(l),
        rows: rows(l, "17"),
        note: l.t("Numbers of fewer than 5 people are not shown.", "5 से कम लोगों की संख्या नहीं दिखाई जाती।"),
        questions: vec![place, stalls],
        places: Vec::new(),
        csv: String::new(),
    }
}

fn few(l: Lang) -> SurveyCount {
    SurveyCount { label: title(l), ..SurveyCount::default() }
}

fn ward(l: Lang) -> SurveyPlace {
    let cell = SurveyCell {
        label: l.t("By the river", "नदी के किनारे"), count: "9".into(), share: "100%".into()
    };
    let answered = l.t("Answered by 9", "9 लोगों ने उत्तर दिया");
    let spot = SurveyCount { label: title(l), answered: answered.clone(), cells: vec![cell], ..SurveyCount::default() };
    SurveyPlace { label: l.t("Ward 1", "वार्ड 1"), answered, questions: vec![spot] }
}

fn words(l: Lang) -> SurveyCount {
    SurveyCount {
        label: l.t("Why there?", "वहीं क्यों?"),
        answered: l.t("Answered by 6", "6 लोगों ने उत्तर दिया"),
        texts: vec![l.t("It is <near>.", "वह <पास> है।"), l.t("There is shade.", "वहाँ छाया है।")],
        ..SurveyCount::default()
    }
}
