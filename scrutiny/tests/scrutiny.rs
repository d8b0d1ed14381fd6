//! Drawings of a house are held to the by-laws of the examples: what fits, what breaks each rule, what is spoilt.

#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read the examples, and write them anew when asked to"
)]
#![allow(clippy::float_arithmetic, reason = "drawings are turned by sines; what is measured is exact")]

mod house;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::source::{Bundle, Diagnostics};
use house::{House, Lie, all};
use proptest::prelude::*;
use rust_decimal::Decimal;
use scrutiny::drawing::Fault;
use scrutiny::expression::Value;
use scrutiny::measure::Missing;
use scrutiny::report::Outcome;
use scrutiny::{ByLaws, Scrutiny, Unreadable, scrutinise};

/// The by-laws and drawings that lie beside the definitions.
fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn laws_of(text: &str) -> (Option<ByLaws>, Diagnostics, Bundle) {
    let mut bundle = Bundle::default();
    bundle.add("by-laws.yaml", text.as_bytes());
    let mut found = Diagnostics::default();
    let laws = ByLaws::read(&bundle, "by-laws.yaml", &mut found);
    (laws, found.sorted(), bundle)
}

fn text_of_laws() -> String {
    std::fs::read_to_string(examples().join("by-laws.yaml")).unwrap()
}

fn laws() -> ByLaws {
    let (laws, found, bundle) = laws_of(&text_of_laws());
    assert!(found.0.is_empty(), "{}", found.render(&bundle, ""));
    laws.unwrap()
}

fn answers() -> BTreeMap<String, Value> {
    let word = |word: &str| Value::Word(word.to_owned());
    BTreeMap::from([
        ("use".to_owned(), word("A_1")),
        ("terrain".to_owned(), word("HILL")),
        ("stated_plot".to_owned(), Value::Number(Decimal::from(200))),
    ])
}

fn held(laws: &ByLaws, drawing: &[u8]) -> Result<Scrutiny, Unreadable> {
    scrutinise(drawing, &laws.editions[0], &answers())
}

/// The rules that do not fit.
fn broken(scrutiny: &Scrutiny) -> Vec<String> {
    let rows = scrutiny.report.rows.iter().filter(|row| row.outcome != Outcome::Fits);
    rows.map(|row| row.rule.clone()).collect()
}

/// The figures of a report by name.
fn figures(scrutiny: &Scrutiny) -> BTreeMap<&str, String> {
    let figures = scrutiny.report.figures.iter();
    figures
        .map(|figure| {
            (figure.name.as_str(), figure.value.map_or("-".to_owned(), |value| value.normalize().to_string()))
        })
        .collect()
}

/// Everything that must not change when a drawing is turned or moved.
fn essence(scrutiny: &Scrutiny) -> String {
    let rows: Vec<String> = scrutiny
        .report
        .rows
        .iter()
        .map(|row| format!("{} {:?} {:?} {:?} {:?}", row.rule, row.place, row.found, row.asked, row.outcome))
        .collect();
    format!("{:?}\n{}", figures(scrutiny), rows.join("\n"))
}

#[test]
fn a_house_that_fits_is_measured_as_by_hand() {
    let laws = laws();
    let scrutiny = held(&laws, House::default().dxf().as_bytes()).unwrap();
    assert_eq!(broken(&scrutiny), Vec::<String>::new(), "{}", scrutiny.report.text("en"));
    assert_eq!(scrutiny.report.result, Outcome::Fits);
    let figures = figures(&scrutiny);
    // 8 by 14 on a plot of 10 by 20; floors 112 and 112 + π/2 − 4; less 6 by 5 of parking for the ratio.
    for (name, value) in [
        ("plot_area", "200"),
        ("road_width", "9"),
        ("covered_area", "112"),
        ("cover", "56"),
        ("floors", "2"),
        ("built_up_area", "221.57"),
        ("counted_area", "191.57"),
        ("ratio", "0.96"),
        ("height", "7.5"),
        ("front", "3"),
        ("rear", "3"),
        ("left", "1"),
        ("right", "1"),
        ("beyond_plot", "0"),
        ("car_spaces", "2"),
        ("cycle_spaces", "3"),
    ] {
        assert_eq!(figures[name], value, "{name}");
    }
    let row = |rule: &str| scrutiny.report.rows.iter().find(|row| row.rule == rule).unwrap();
    assert_eq!(row("height_by_road").asked, Some(Decimal::new(1800, 2)));
    assert_eq!(row("cars").asked, Some(Decimal::from(2)));
    assert_eq!(scrutiny.report.rows.iter().filter(|row| row.rule == "room_area").count(), 2);
}

#[test]
fn each_drawing_breaks_the_rules_that_it_says() {
    let laws = laws();
    let folder = examples().join("drawings");
    for (name, house, breaks) in all() {
        let path = folder.join(format!("{name}.dxf"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, house.dxf()).unwrap();
        }
        let drawing = std::fs::read(&path).unwrap();
        assert_eq!(String::from_utf8_lossy(&drawing), house.dxf(), "{name}.dxf is fresh: UPDATE=1 writes it");
        let scrutiny = held(&laws, &drawing).unwrap();
        assert_eq!(broken(&scrutiny), breaks, "{name}\n{}", scrutiny.report.text("en"));
        let picture = scrutiny::picture::svg(&scrutiny, "hi");
        let tree = roxmltree::Document::parse(&picture).unwrap();
        assert!(
            tree.descendants()
                .all(|node| !matches!(node.tag_name().name(), "script" | "a" | "image" | "foreignObject"))
        );
        let rows = scrutiny.report.rows.iter().filter(|row| row.number.is_some()).count();
        assert_eq!(rows, scrutiny.report.marks.len());
        assert!(breaks.is_empty() || rows > 0, "{name}: what fails is shown");
    }
}

#[test]
fn reports_are_in_both_languages() {
    let laws = laws();
    let house = House { footprint: (1.0, 2.9, 9.0, 16.9), ..House::default() };
    let report = held(&laws, house.dxf().as_bytes()).unwrap().report;
    assert!(report.text("en").contains("Does not fit [1] Open space in front\n      found 2.90 m; asked for at least 3.00 m\n      NBC 2016, Part 3, clause 8 (open spaces)"), "{}", report.text("en"));
    assert!(
        report.text("hi").contains("अनुरूप नहीं [1] अग्र खुला स्थान\n      पाया गया 2.90 m; अपेक्षित न्यूनतम 3.00 m\n"),
        "{}",
        report.text("hi")
    );
    let json = report.json();
    assert_eq!(json["result"], "differs");
    assert_eq!(json["measures"][0]["value"], "200.00");
}

#[test]
fn exactly_the_limit_fits_and_a_centimetre_less_does_not() {
    let laws = laws();
    for (front, fits) in [(3.0, true), (2.996, true), (2.994, false)] {
        let house = House { footprint: (1.0, front, 9.0, 16.0), ..House::default() };
        let found = held(&laws, house.dxf().as_bytes()).unwrap();
        assert_eq!(broken(&found).is_empty(), fits, "{front}");
    }
}

/// The house with more in its drawing.
fn house_and(more: &str) -> String {
    House::default().dxf().replace("0\nENDSEC\n0\nEOF\n", &format!("{more}0\nENDSEC\n0\nEOF\n"))
}

fn outline(layer: &str, (left, lower, right, upper): (f64, f64, f64, f64)) -> String {
    let corners = [(left, lower), (right, lower), (right, upper), (left, upper)];
    let corners = corners.map(|(x, y)| format!("10\n{x}\n20\n{y}\n")).concat();
    format!("0\nLWPOLYLINE\n8\n{layer}\n90\n4\n70\n1\n{corners}")
}

#[test]
fn a_power_line_keeps_its_distance_by_its_voltage() {
    let laws = laws();
    for (volts, asked, breaks) in
        [("11", "1.2", &[][..]), ("33", "2", &["power_line"][..]), ("132.5", "3.7", &["power_line"][..])]
    {
        // 1.50 metres beside the house, along the plot.
        let line = format!(
            "0\nLINE\n8\npower_line\n10\n10.5\n20\n-30\n11\n10.5\n21\n30\n\
             0\nTEXT\n8\nPOWER_LINE\n10\n10.5\n20\n1\n1\nKV= {volts} (overhead)\n"
        );
        let held = held(&laws, house_and(&line).as_bytes()).unwrap();
        assert_eq!(broken(&held), breaks, "{volts}");
        let row = held.report.rows.iter().find(|row| row.rule == "power_line").unwrap();
        assert_eq!(row.found, Some(Decimal::new(150, 2)));
        assert_eq!(row.asked.map(|asked| asked.normalize().to_string()).as_deref(), Some(asked));
    }
}

#[test]
fn what_is_written_inside_of_a_room_is_about_that_room() {
    let laws = laws();
    // The rooms reach from 5 to 7.40 and from 1.20 to 4.20; the third text is in none.
    let text = |x: f64, height: &str| format!("0\nTEXT\n8\nBLK_1_FLR_0_ROOM_HEIGHT\n10\n{x}\n20\n10\n1\nH={height}\n");
    let held =
        held(&laws, house_and(&[text(6.0, "2.75"), text(3.0, "2.70"), text(4.5, "1")].concat()).as_bytes()).unwrap();
    let rows = held.report.rows.iter().filter(|row| row.rule == "room_height");
    let found: Vec<(u32, String)> =
        rows.map(|row| (row.place.as_ref().unwrap().1[2], row.found.unwrap().to_string())).collect();
    assert_eq!(found, [(1, "2.75".to_owned()), (2, "2.70".to_owned())]);
    assert_eq!(broken(&held), ["room_height"]);
}

#[test]
fn two_blocks_are_added_and_stand_apart() {
    let laws = laws();
    // A shed of 3 by 2 metres, 0.60 m behind the house and 0.40 m before the rear.
    let shed =
        [outline("BLK_2_FOOTPRINT", (2.0, 17.6, 5.0, 19.6)), outline("BLK_2_FLR_0_BUILTUP", (2.0, 17.6, 5.0, 19.6))]
            .concat();
    let held = held(&laws, house_and(&shed).as_bytes()).unwrap();
    let figures = figures(&held);
    assert_eq!((figures["blocks"].as_str(), figures["covered_area"].as_str()), ("2", "118"));
    assert_eq!((figures["between_blocks"].as_str(), figures["rear"].as_str()), ("0.6", "0.4"));
    // 112 + 109.571 + 6, and a third of the height of 7.5 between the two.
    assert_eq!(figures["built_up_area"], "227.57");
    assert_eq!(broken(&held), ["rear", "blocks_apart"]);
    let row = held.report.rows.iter().find(|row| row.rule == "blocks_apart").unwrap();
    assert_eq!(row.asked, Some(Decimal::new(250, 2)));
}

#[test]
fn what_is_inserted_enlarged_or_in_a_mirror_is_measured_as_it_lies() {
    let laws = laws();
    // A space of 1 by 2 metres is one for a car at two and a half times its size, mirrored or not; 4.80 m are too short.
    let space = |across: &str, up: &str, at: &str| {
        format!("0\nINSERT\n8\nPARKING_CAR\n2\nCYCLE\n10\n{at}\n20\n40\n41\n{across}\n42\n{up}\n50\n33\n")
    };
    let more = [space("-2.5", "2.5", "30"), space("2.5", "2.4", "40"), space("2.6", "-3", "50")].concat();
    let held = held(&laws, house_and(&more).as_bytes()).unwrap();
    assert_eq!(figures(&held)["car_spaces"], "4");
}

#[test]
fn what_cannot_be_measured_is_not_clear_and_says_where() {
    let laws = laws();
    let open = held(&laws, House { closed: false, ..House::default() }.dxf().as_bytes()).unwrap();
    assert_eq!(open.report.result, Outcome::Unclear);
    let row = open.report.rows.iter().find(|row| row.rule == "cover").unwrap();
    assert!(
        matches!(&row.why, Some(Missing::Amiss(layer, Fault::Open, Some(_))) if layer == "BLK_1_FOOTPRINT"),
        "{row:?}"
    );
    assert!(row.number.is_some(), "the open end is shown");
    // Without a road there are no sides, whatever `else` says of a side that is not there.
    let nowhere = held(&laws, House::default().dxf().replace("MAIN_ROAD", "ROAD").as_bytes()).unwrap();
    let row = nowhere.report.rows.iter().find(|row| row.rule == "rear").unwrap();
    assert_eq!(row.why, Some(Missing::Without("MAIN_ROAD".to_owned())));
    // An opening counts of the floor that it is in, and not of another.
    let moved = House::default().dxf().replace("BLK_1_FLR_1_DEDUCT", "BLK_1_FLR_7_DEDUCT");
    let moved = held(&laws, moved.as_bytes()).unwrap();
    let row = moved.report.rows.iter().find(|row| row.rule == "deducted").unwrap();
    assert!(matches!(&row.why, Some(Missing::Without(layer)) if layer.contains("BUILTUP")), "{row:?}");
    // Spaces that lie over each other are not counted.
    let over = held(&laws, House { car_width: 6.0, ..House::default() }.dxf().as_bytes()).unwrap();
    let row = over.report.rows.iter().find(|row| row.rule == "cars").unwrap();
    assert!(
        matches!(&row.why, Some(Missing::Amiss(layer, Fault::Overlap, Some(_))) if layer == "PARKING_CAR"),
        "{row:?}"
    );
    let bare = House::default().dxf().replace("PLOT_BOUNDARY", "PLOT");
    let bare = held(&laws, bare.as_bytes()).unwrap();
    let row = bare.report.rows.iter().find(|row| row.rule == "stated_plot").unwrap();
    assert_eq!(row.why, Some(Missing::NothingOn("PLOT_BOUNDARY".to_owned())));
    let two = House::default().dxf().replace("MAIN_ROAD", "PLOT_BOUNDARY");
    let two = held(&laws, two.as_bytes()).unwrap();
    let row = two.report.rows.iter().find(|row| row.rule == "stated_plot").unwrap();
    assert_eq!(row.why, Some(Missing::Shapes { layer: "PLOT_BOUNDARY".to_owned(), wanted: 1, found: 2 }));
    let curve = House::default().dxf().replacen(
        "0\nPOLYLINE\n8\nPLOT_BOUNDARY",
        "0\nSPLINE\n8\nPLOT_BOUNDARY\n0\nPOLYLINE\n8\nPLOT_BOUNDARY",
        1,
    );
    let curve = held(&laws, curve.as_bytes()).unwrap();
    assert_eq!(curve.report.result, Outcome::Unclear);
}

#[test]
fn other_files_are_refused_by_name() {
    let laws = laws();
    assert_eq!(held(&laws, b"AC1027\0\0").unwrap_err(), Unreadable::Dwg);
    assert_eq!(held(&laws, b"AutoCAD Binary DXF\r\n\x1a\0").unwrap_err(), Unreadable::Binary);
    assert_eq!(held(&laws, b"%PDF-1.7").unwrap_err(), Unreadable::NotDxf { line: 1 });
    assert_eq!(held(&laws, b"").unwrap_err(), Unreadable::NotDxf { line: 1 });
    // A block that inserts itself ends.
    let endless = House::default().dxf().replacen("0\nENDBLK", "0\nINSERT\n8\n0\n2\nCAR\n0\nENDBLK", 1);
    assert_eq!(held(&laws, endless.as_bytes()).unwrap_err(), Unreadable::Nested);
}

#[test]
fn a_newer_drawing_in_millimetres_measures_the_same() {
    let laws = laws();
    let newer = std::fs::read(examples().join("drawings/house-2000-millimetres.dxf")).unwrap();
    let newer = held(&laws, &newer).unwrap();
    let older = held(&laws, House::default().dxf().as_bytes()).unwrap();
    assert_eq!(essence(&newer), essence(&older));
}

#[test]
fn by_laws_are_checked() {
    let text = text_of_laws();
    let cases = [
        ("scrutiny-unknown-name", "found: front, is", "found: fornt, is"),
        ("scrutiny-unknown-name", "figure(green_share)", "figure(green)"),
        ("scrutiny-unknown-name", "table(heights).most", "table(heights).least"),
        ("scrutiny-expression", "height / 3", "height /"),
        ("scrutiny-expression", "found: room_area,", "found: room_area + floor_area * use,"),
        ("scrutiny-expression", "found: cover, is", "found: floor_area, is"),
        ("scrutiny-measure", "layer: GREEN, is: area", "from: GREEN, is: area"),
        ("scrutiny-measure", "layer: POWER_LINE", "layer: \"POWER_{\""),
        ("scrutiny-measured-twice", "layer: GREEN, is: area", "layer: PLOT_BOUNDARY, is: area"),
        ("scrutiny-missing-words", "en: Green area, hi: हरित क्षेत्र } }", "en: Green area } }"),
        ("scrutiny-table", "keys: { height: from < x <= to }", "keys: { hieght: from < x <= to }"),
        ("scrutiny-table", "{ use: J, cover", "{ use: K, cover"),
        ("scrutiny-table-cover", "plot_area: 300 to 500, cover", "plot_area: 300 to 450, cover"),
        ("scrutiny-table-cover", "plot_area: 300 to 500, cover", "plot_area: 250 to 500, cover"),
        ("scrutiny-unused", "asked: figure(stair_width)", "asked: 1"),
    ];
    for (code, before, after) in cases {
        assert!(text.contains(before), "{before}");
        let (laws, found, bundle) = laws_of(&text.replacen(before, after, 1));
        let shown = found.render(&bundle, "");
        assert!(found.0.iter().any(|one| one.code == code), "{after}: {code} is not among\n{shown}");
        assert_eq!(laws.is_some(), code == "scrutiny-unused", "{after}\n{shown}");
    }
    let (laws, found, bundle) = laws_of(&format!("{text}\n{text}"));
    assert!(laws.is_none() && found.render(&bundle, "").contains("another edition begins on this day"));
    // Of two editions, the one that is in force on the day holds.
    let both = format!("{text}\n{}", text.replace("from: 2017-11-17", "from: 2025-04-01"));
    let (laws, ..) = laws_of(&both);
    let day = |text: &str| engine::base::date::parse_day(text).unwrap();
    let on = |text: &str| laws.as_ref().unwrap().on(day(text)).map(|edition| edition.from);
    assert_eq!(on("2026-01-01"), Some(day("2025-04-01")));
    assert_eq!(on("2025-03-31"), Some(day("2017-11-17")));
    assert_eq!(on("2017-11-16"), None);
    let codes: Vec<&str> = scrutiny::laws::manuals().iter().map(|manual| manual.code).collect();
    for code in codes {
        assert!(cases.iter().any(|(tried, ..)| *tried == code), "{code} is tried");
    }
}

#[test]
fn the_schema_fits_the_by_laws() {
    let schema: serde_json::Value = serde_json::from_str(&scrutiny::laws::schema()).unwrap();
    assert!(jsonschema::validator_for(&schema).is_ok());
    assert_eq!(schema["$defs"]["measure"]["properties"]["is"]["oneOf"][0]["const"], "area");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// The origin of a state's survey is far away, and north is not always up.
    #[test]
    fn turning_and_moving_a_drawing_changes_no_measure(
        degrees in 0.0..360.0_f64,
        east in -900_000.0..900_000.0_f64,
        north in -4_000_000.0..4_000_000.0_f64,
    ) {
        let laws = laws();
        let straight = held(&laws, House::default().dxf().as_bytes()).unwrap();
        let lie = Lie { degrees, moved: (east, north) };
        let turned = held(&laws, House { lie, ..House::default() }.dxf().as_bytes()).unwrap();
        // Two rooms are numbered as they are drawn, whichever way they lie.
        prop_assert_eq!(essence(&turned), essence(&straight));
    }

    /// A spoilt file is read or refused, and never more than that.
    #[test]
    fn spoilt_drawings_are_borne(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..24),
    ) {
        let laws = laws();
        let mut bytes = House::default().dxf().into_bytes();
        for (place, byte, how) in changes {
            let place = place.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match how {
                0 => bytes[place] = byte,
                1 => bytes.truncate(place.max(40)),
                2 => { bytes.remove(place); }
                _ => bytes.insert(place, b'0' + byte % 10),
            }
        }
        if let Ok(scrutiny) = held(&laws, &bytes) {
            let _ = scrutiny.report.json();
            let picture = scrutiny::picture::svg(&scrutiny, "en");
            prop_assert!(roxmltree::Document::parse(&picture).is_ok());
        }
    }

    /// Values are spoilt in whole lines: numbers out of all bounds, other codes, lines that are missing.
    #[test]
    fn spoilt_lines_are_borne(
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..12_usize), 1..12),
    ) {
        const VALUES: [&str; 12] = ["1e20", "-1e-30", "99999999999999999", "0", "", "\u{0}<script>", "-5", "50", "1E+08", "INSERT", "ENDSEC", "70"];
        let laws = laws();
        let text = House::default().dxf();
        let mut lines: Vec<&str> = text.lines().collect();
        for (place, value) in changes {
            let place = place.index(lines.len());
            lines[place] = VALUES[value];
        }
        if let Ok(scrutiny) = held(&laws, lines.join("\n").as_bytes()) {
            let picture = scrutiny::picture::svg(&scrutiny, "hi");
            prop_assert!(roxmltree::Document::parse(&picture).is_ok());
        }
    }
}
