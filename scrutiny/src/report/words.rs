//! The words of reports that are the same for all by-laws, in English and in Hindi.

use rust_decimal::{Decimal, RoundingStrategy};

use super::Outcome;
use crate::dxf::Unreadable;
use crate::laws::{Relation, Unit};
use crate::limits;

/// By key: English, Hindi.
const WORDS: [(&str, &str, &str); 31] = [
    ("found", "found", "पाया गया"),
    ("asked", "asked for", "अपेक्षित"),
    ("laws", "By-laws", "उपविधियाँ"),
    ("from", "in force from", "प्रभावी दिनांक"),
    (
        "model",
        "The figures are a model: a town has yet to replace them.",
        "ये आँकड़े नमूना हैं: नगर द्वारा अधिसूचित आँकड़े अभी दर्ज होने हैं।",
    ),
    ("measured", "Measured in the drawing", "मानचित्र से मापा गया"),
    ("rules", "By-laws, one by one", "उपविधिवार जाँच"),
    ("noticed", "Also noticed", "अन्य बातें जो देखी गईं"),
    ("nothing", "nothing is drawn on the layer", "इस परत (layer) पर कुछ नहीं बना है"),
    ("shapes", "closed outlines found:", "बन्द आकृतियाँ मिलीं:"),
    ("wanted", "needed:", "होनी चाहिए:"),
    ("none", "there is none of", "यह नहीं मिला"),
    ("divides", "it would be divided by zero", "शून्य से भाग देना पड़ता"),
    ("large", "the figures are too large to be computed", "आँकड़े गणना हेतु बहुत बड़े हैं"),
    ("kinds", "the by-law cannot be computed", "इस उपविधि की गणना नहीं हो सकती"),
    ("unanswered", "this was not stated", "यह जानकारी नहीं दी गई"),
    ("row", "no row of the table fits", "तालिका की कोई पंक्ति लागू नहीं होती"),
    ("complex", "the drawing is too complex to be measured", "मानचित्र इतना जटिल है कि मापा नहीं जा सकता"),
    ("open", "a line does not close", "एक रेखा बन्द नहीं होती"),
    ("crosses", "an outline crosses itself", "एक आकृति स्वयं को काटती है"),
    ("twice", "the same outline is drawn twice; it is counted once", "एक ही आकृति दो बार बनी है; एक बार गिनी गई"),
    ("overlap", "two outlines lie over each other", "दो आकृतियाँ एक-दूसरे के ऊपर हैं"),
    ("not_read", "this kind of object is not read, draw it as a polyline", "यह वस्तु पढ़ी नहीं जाती, इसे पॉलीलाइन से बनाएँ"),
    (
        "stretched",
        "a curve lies in a block that is stretched in one direction",
        "एक वक्र ऐसे ब्लॉक में है जो एक दिशा में खींचा गया है",
    ),
    (
        "overwritten",
        "words were typed over a dimension; what it measures counts",
        "आयाम (dimension) पर शब्द लिखे गए हैं; वास्तविक माप ही माना गया",
    ),
    ("legend", "What does not fit", "जो उपविधियों के अनुरूप नहीं है"),
    ("drawing", "The drawing, with what does not fit", "मानचित्र, अनुरूप न होने वाले स्थानों सहित"),
    (
        "left_out",
        "Some lines are not shown: the drawing has too many.",
        "कुछ रेखाएँ नहीं दिखाई गईं: मानचित्र में रेखाएँ बहुत अधिक हैं।",
    ),
    ("all_fits", "Nothing that was checked is amiss.", "जाँची गई किसी बात में कमी नहीं पाई गई।"),
    ("line", "line", "पंक्ति"),
    ("more", "and more", "तथा अन्य"),
];

/// A word of reports; English where a language has none.
pub fn say(key: &str, language: &str) -> &'static str {
    let found = WORDS.iter().find(|(name, ..)| *name == key);
    found.map_or("", |(_, english, hindi)| if language == "hi" { hindi } else { english })
}

pub(super) fn result_word(result: Outcome, language: &str) -> &'static str {
    match (result, language) {
        (Outcome::Differs, "hi") => "मानचित्र उपविधियों के अनुरूप नहीं है",
        (Outcome::Differs, _) => "The drawing does not fit the by-laws",
        (Outcome::Unclear, "hi") => "मानचित्र पूरा मापा नहीं जा सका",
        (Outcome::Unclear, _) => "The drawing cannot be measured as a whole",
        (Outcome::Refer, "hi") => "मानचित्र अनुरूप है, कुछ बातों पर अधिकारी निर्णय लेंगे",
        (Outcome::Refer, _) => "The drawing fits; an officer decides on some points",
        (Outcome::Fits | Outcome::Note, "hi") => "मानचित्र उपविधियों के अनुरूप है",
        (Outcome::Fits | Outcome::Note, _) => "The drawing fits the by-laws",
    }
}

pub(super) fn outcome_word(outcome: Outcome, language: &str) -> &'static str {
    match (outcome, language) {
        (Outcome::Fits, "hi") => "अनुरूप",
        (Outcome::Fits, _) => "Fits",
        (Outcome::Note, "hi") => "सूचना",
        (Outcome::Note, _) => "Note",
        (Outcome::Refer, "hi") => "अधिकारी निर्णय लें",
        (Outcome::Refer, _) => "For an officer",
        (Outcome::Differs, "hi") => "अनुरूप नहीं",
        (Outcome::Differs, _) => "Does not fit",
        (Outcome::Unclear, "hi") => "स्पष्ट नहीं",
        (Outcome::Unclear, _) => "Not clear",
    }
}

pub(super) fn relation_word(is: Relation, language: &str) -> &'static str {
    match (is, language) {
        (Relation::AtMost, "hi") => "अधिकतम",
        (Relation::AtMost, _) => "at most",
        (Relation::AtLeast, "hi") => "न्यूनतम",
        (Relation::AtLeast, _) => "at least",
        (Relation::Equal | Relation::Within, "hi") => "ठीक",
        (Relation::Equal | Relation::Within, _) => "exactly",
    }
}

/// The sign of a unit behind a number.
pub(crate) fn unit_word(unit: Option<Unit>) -> &'static str {
    match unit {
        Some(Unit::Metre) => " m",
        Some(Unit::SquareMetre) => " m²",
        Some(Unit::PerCent) => " %",
        Some(Unit::Kilovolt) => " kV",
        Some(Unit::Number) | None => "",
    }
}

/// Rounds as by-laws are compared, halves away from zero, and writes all places.
pub fn lengths(value: Decimal, places: u32) -> Decimal {
    let mut rounded = value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
    rounded.rescale(places);
    rounded
}

pub(super) fn number(value: Option<Decimal>, unit: Option<Unit>, places: u32) -> String {
    let Some(value) = value else { return "–".to_owned() };
    let places = usize::try_from(if unit == Some(Unit::Number) && value.fract().is_zero() { 0 } else { places });
    format!("{:.*}{}", places.unwrap_or(2), value, unit_word(unit))
}

/// Why a file is no drawing that can be read, in words.
pub fn refusal(why: &Unreadable, language: &str) -> String {
    let hindi = language == "hi";
    let either = |english: &str, other: &str| if hindi { other.to_owned() } else { english.to_owned() };
    match why {
        Unreadable::TooLarge => {
            let most = limits::BYTES >> 20;
            if hindi {
                format!("फ़ाइल {most} MB से बड़ी है")
            } else {
                format!("the file has more than {most} MB")
            }
        }
        Unreadable::Dwg => either("this is a DWG: save the drawing as DXF", "यह DWG फ़ाइल है: मानचित्र को DXF में सहेजें"),
        Unreadable::Binary => either(
            "this is a binary DXF: save the drawing as text (ASCII) DXF",
            "यह बाइनरी DXF है: मानचित्र को टेक्स्ट (ASCII) DXF में सहेजें",
        ),
        Unreadable::NotDxf { line } => {
            let words = either("this is no DXF, or it breaks off", "यह DXF फ़ाइल नहीं है, या अधूरी है");
            format!("{words} ({} {line})", say("line", language))
        }
        Unreadable::TooMany => either("the drawing has too many objects", "मानचित्र में वस्तुएँ बहुत अधिक हैं"),
        Unreadable::Bounds { line } => {
            let words = either("a number is out of all bounds", "एक संख्या सीमा से बाहर है");
            format!("{words} ({} {line})", say("line", language))
        }
        Unreadable::Nested => {
            either("blocks are inserted into each other without end", "ब्लॉक एक-दूसरे में अन्तहीन जोड़े गए हैं")
        }
        Unreadable::NoUnit => {
            either("the drawing does not state its unit ($INSUNITS)", "मानचित्र में इकाई ($INSUNITS) नहीं बताई गई है")
        }
        Unreadable::Spread => either(
            "what is measured lies more than a hundred kilometres apart: perhaps the drawing does not state its unit",
            "मापी जाने वाली वस्तुएँ सौ किलोमीटर से अधिक दूर हैं: सम्भवतः मानचित्र में इकाई नहीं बताई गई है",
        ),
        Unreadable::TooComplex => say("complex", language).to_owned(),
    }
}
