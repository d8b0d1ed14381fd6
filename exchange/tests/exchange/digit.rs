//! An invented installation with a mistake of every kind.

use std::collections::BTreeMap;

use exchange::digit::{Imported, Options, import};
use exchange::report::Kind;

use crate::files::{errors, fixtures};

fn imported() -> Imported {
    import(&fixtures("installation"), &Options::default())
}

#[test]
fn what_is_made_passes_every_check_and_its_own_scenarios() {
    assert_eq!(errors(&imported().files), "");
}

#[test]
fn every_mistake_is_found_where_it_is() {
    let report = imported().report;
    let found: Vec<(&str, String)> = report
        .findings
        .iter()
        .filter(|finding| finding.kind == Kind::Defect)
        .map(|finding| (finding.code, finding.place.to_string()))
        .collect();
    let expected = [
        ("unknown-role", "data/aa/ACCESSCONTROL-ROLEACTIONS/roleactions.json#/roleactions/2/rolecode"),
        ("unknown-action", "data/aa/ACCESSCONTROL-ROLEACTIONS/roleactions.json#/roleactions/3/actionid"),
        ("permission-twice", "data/aa/ACCESSCONTROL-ROLEACTIONS/roleactions.json#/roleactions/1"),
        ("permission-without-tenant", "data/aa/ACCESSCONTROL-ROLEACTIONS/roleactions.json#/roleactions/4"),
        ("role-without-permission", "data/aa/ACCESSCONTROL-ROLES/roles.json#/roles/3"),
        ("unknown-role", "workflow/license.json#/BusinessServices/0/states/7/actions/0/roles"),
        ("bill-twice", "data/aa/BillingService/BusinessService.json#/BusinessService/2"),
        ("bill-without-head", "data/aa/BillingService/BusinessService.json#/BusinessService/3"),
        ("bill-without-period", "data/aa/BillingService/BusinessService.json#/BusinessService/3"),
        ("period-of-nothing", "data/aa/BillingService/TaxPeriod.json#/TaxPeriod/2"),
        ("year", "data/aa/BillingService/TaxPeriod.json#/TaxPeriod/2/financialYear"),
        ("sign-of-head", "data/aa/BillingService/TaxHeadMaster.json#/TaxHeadMaster/1/isDebit"),
        ("category-of-head", "data/aa/BillingService/TaxHeadMaster.json#/TaxHeadMaster/1/category"),
        ("order-of-heads", "data/aa/BillingService/TaxHeadMaster.json#/TaxHeadMaster/1/order"),
        ("number-name", "data/aa/common-masters/IdFormat.json#/IdFormat/2/idname"),
        ("number-year", "data/aa/common-masters/IdFormat.json#/IdFormat/2/format"),
        ("duplicate-code", "data/aa/TradeLicense/TradeType.json#/TradeType/2"),
        ("blank-in-code", "data/aa/TradeLicense/TradeType.json#/TradeType/1/code"),
        ("time-without-unit", "data/aa/Workflow/reminders.json#/Reminder/0/reminderInterval"),
        ("time-without-unit", "workflow/license.json#/BusinessServices/0/states/3/sla"),
        (
            "duplicate-place",
            "data/aa/harbour/egov-location/boundary-data.json#/TenantBoundary/0/boundary/children/0/children/0/children/2",
        ),
        ("tenant-differs", "data/aa/harbour/PropertyTax/Rebate.json#/tenantId"),
        ("folder-of-nobody", "data/aa/nowhere/PropertyTax/Rebate.json#/tenantId"),
        ("window-before-year", "data/aa/harbour/PropertyTax/Rebate.json#/Rebate/0/startingDay"),
        ("key-of-window", "data/aa/harbour/PropertyTax/Rebate.json#/Rebate/2/startingDate"),
        ("year", "data/aa/harbour/PropertyTax/Rebate.json#/Rebate/3/fromFY"),
        ("tenant-for-tests", "data/aa/tenant/tenants.json#/tenants/3"),
        ("word-in-two-ways", "data/aa/tenant/tenants.json#/tenants/2/city/districtName"),
        ("unknown-tenant", "data/aa/tenant/citymodule.json#/citymodule/0/tenants"),
        ("unknown-state", "workflow/license.json#/BusinessServices/0/states/2/actions/2"),
        ("unreachable-state", "workflow/license.json#/BusinessServices/0/states/7"),
        ("applicant-decides", "workflow/license.json#/BusinessServices/0/states/3/actions/1"),
    ];
    for (code, place) in expected {
        let there = found.iter().any(|(known, at)| *known == code && at == place);
        assert!(there, "{code} at {place} is missing among:\n{}", report.to_text());
    }
    let ends: Vec<_> = report.of("end-goes-on");
    assert_eq!(ends.len(), 2, "both ends of the complaint go on");
    assert!(ends.iter().all(|end| end.what.contains("meant so")), "and are meant to");
}

#[test]
fn a_workflow_keeps_its_sense() {
    let files = imported().files;
    let workflow = &files["tenants/aa/new-tl/workflow.yaml"];
    // The form that the applicant can still change is where a case begins.
    assert!(workflow.contains("start: initiated\n"), "{workflow}");
    // Whoever approves raises the demand; whoever rejects where money is waited for takes it back.
    assert!(workflow.contains("to: pendingpayment\n        comment: optional\n        demand: raise\n"), "{workflow}");
    assert!(workflow.contains("once: paid\n        to: approved\n"), "{workflow}");
    assert!(workflow.contains("demand: cancel\n"), "{workflow}");
    // What nobody does in time, the clock does.
    assert!(workflow.contains("approve_by_itself:") && workflow.contains("after: \"2 days\""), "{workflow}");
    // What nothing leads to is not there.
    assert!(!workflow.contains("approved_old"), "{workflow}");
    assert!(
        workflow.contains("label: To be decided\n") || workflow.contains("label: \"To be decided\"\n"),
        "{workflow}"
    );
    let service = &files["tenants/aa/new-tl/service.yaml"];
    assert!(service.contains("number: \"AA-TL-{tenant}-{fy}-{serial:6}\"\n"), "{service}");
    assert!(service.contains("assisted_by: [tl_cemp]\n"), "{service}");
    let billing = &files["tenants/aa/new-tl/billing.yaml"];
    assert!(billing.contains("receipt: \"TL/{tenant}/{fy}/{serial:6}\"\n"), "{billing}");
    assert!(billing.contains("tl_adhoc_rebate:") && !billing.contains("roundoff"), "{billing}");
    assert!(files["tenants/aa/new-tl/fees.rhai"].contains("tl_adhoc_rebate: -rates.tl_adhoc_rebate,"));
    assert!(files["tenants/aa/new-tl/rates.yaml"].contains("from: \"2020-04-01\""));
}

#[test]
fn a_complaint_in_a_collection_of_requests_is_found() {
    let files = imported().files;
    let workflow = &files["tenants/aa/pgr/workflow.yaml"];
    assert!(workflow.contains("start: draft\n") && workflow.contains("assign: required\n"), "{workflow}");
    assert!(workflow.contains("end: granted\n") && workflow.contains("reopen:"), "{workflow}");
}

#[test]
fn places_lists_and_towns_are_taken_over() {
    let files = imported().files;
    let places = &files["tenants/aa/harbour/places.csv"];
    assert_eq!(
        places,
        "code,parent,level,label,hi\nZ1,,zone,North,\nB1,Z1,block,Ward 1,\nL1,B1,locality,Quay,घाट\nL2,B1,locality,Market,\n"
    );
    let trades = &files["tenants/aa/lists/trade_types.csv"];
    assert!(trades.contains("TRADE_FOOD,TRADE,Food,\nTRADE_FOOD_BAKERY,TRADE_FOOD,Bakery,\n"), "{trades}");
    assert!(trades.contains("TRADE_FOOD_CAFE,TRADE_FOOD,\"Café, with seats\",\n"), "{trades}");
    let town = &files["tenants/aa/harbour/tenant.yaml"];
    assert!(town.contains("code: \"HAR\"\n") && town.contains("hi: \"बंदरगाह\"\n"), "{town}");
    let state = &files["tenants/aa/tenant.yaml"];
    // Hindi is not spoken before every word is there.
    assert!(state.contains("languages: [en]\n") && state.contains("services: [pgr, new-tl]\n"), "{state}");
}

#[test]
fn names_that_are_taken_are_left_alone() {
    let options =
        Options { taken: ["pgr".to_owned()].into(), state: Some("Elsewhere".to_owned()), ..Options::default() };
    let files = import(&fixtures("installation"), &options).files;
    assert!(files.contains_key("tenants/elsewhere/pgr-2/service.yaml"), "{:?}", files.keys());
}

#[test]
fn what_is_no_installation_is_said_and_nothing_breaks() {
    for text in ["", "{", "[]", "{\"BusinessServices\":[{}]}", "{\"BusinessServices\":[{\"businessService\":\"X\"}]}"] {
        let files = BTreeMap::from([("x.json".to_owned(), text.to_owned())]);
        let imported = import(&files, &Options::default());
        assert!(!imported.files.keys().any(|path| path.ends_with("workflow.yaml")), "{text}");
    }
}

#[test]
fn times_and_roles_are_read_however_they_are_written() {
    let text = r#"{ "BusinessServices": [{ "businessService": "Kite", "businessServiceSla": "172800000", "states": [
        { "state": null, "isStartState": true, "actions": [{ "action": "APPLY", "nextState": "SEEN", "roles": ["CITIZEN"] }] },
        { "state": "SEEN", "sla": 86400000.0, "actions": [{ "action": "GO", "nextState": "DONE", "roles": "CLERK, HEAD" }] },
        { "state": "DONE", "sla": "soon", "isTerminateState": true, "actions": [] }] }] }"#;
    let files = BTreeMap::from([("kite.json".to_owned(), text.to_owned())]);
    let imported = import(&files, &Options::default());
    let report = &imported.report;
    let unread: Vec<String> = report.of("time-not-read").iter().map(|finding| finding.place.to_string()).collect();
    assert_eq!(unread, ["kite.json#/BusinessServices/0/states/2/sla"]);
    assert!(report.of("nobody-acts").is_empty(), "{}", report.to_text());
    let workflow = &imported.files["tenants/imported/kite/workflow.yaml"];
    assert!(workflow.contains("[clerk, head]") && workflow.contains("sla: "), "{workflow}");
}

#[test]
fn what_is_not_used_is_told() {
    let studio = "{\"moduleName\":\"X\",\"tenantId\":\"aa\",\"ServiceConfiguration\":[{\"service\":\"DogTag\"}]}";
    let files = [("package.json", "{\"name\":\"web\"}"), ("empty.json", "[]"), ("studio.json", studio)];
    let files = files.map(|(path, text)| (path.to_owned(), text.to_owned()));
    let report = import(&BTreeMap::from(files), &Options::default()).report;
    let of = |code: &str| report.of(code).iter().map(|finding| finding.place.to_string()).collect::<Vec<_>>();
    assert_eq!(of("file-of-nothing"), ["empty.json", "package.json"]);
    assert_eq!(of("configuration-of-studio"), ["studio.json#/ServiceConfiguration/0"]);
}

#[test]
fn a_town_that_has_the_name_of_the_state_is_asked_about() {
    let tenants = "{\"moduleName\":\"tenant\",\"tenantId\":\"aa\",\"tenants\":[{\"code\":\"aa\",\"name\":\"Northland\"},\
                   {\"code\":\"aa.nothland\",\"name\":\"Nothland\"},{\"code\":\"aa.hill\",\"name\":\"Hill\"}]}";
    let files = BTreeMap::from([("data/aa/tenant/tenants.json".to_owned(), tenants.to_owned())]);
    let report = import(&files, &Options::default()).report;
    let found: Vec<String> = report.of("tenant-of-state").iter().map(|finding| finding.what.clone()).collect();
    assert_eq!(found, ["`aa.nothland` has the name of the state: is it a town?"]);
}

/// A file of master data as the platform keeps it.
fn master(module: &str, name: &str, rows: &str) -> (String, String) {
    let text = format!("{{\"tenantId\":\"aa\",\"moduleName\":\"{module}\",\"{name}\":{rows}}}");
    (format!("data/aa/{module}/{name}.json"), text)
}

/// Where findings of one code are, and what they say.
fn told(files: [(String, String); 1], code: &str) -> Vec<(String, String)> {
    let report = import(&BTreeMap::from(files), &Options::default()).report;
    report.of(code).iter().map(|finding| (finding.place.pointer.clone(), finding.what.clone())).collect()
}

#[test]
fn metered_slabs_are_shown_to_charge_less_for_more() {
    let rows = r#"[
        { "buildingType": "SHOP", "connectionType": "Metered", "minimumCharge": 200, "slabs": [
            { "from": 0, "to": 10, "charge": 13.31 }, { "from": 10, "to": 25, "charge": 26.62 },
            { "from": 25, "to": 50, "charge": 66.55 }, { "from": 50, "to": 100, "charge": "106.48" },
            { "from": 100, "to": 1000000000, "charge": 133.1 }] },
        { "buildingType": "HOUSE", "connectionType": "Metered", "minimumCharge": 100, "slabs": [
            { "from": 0, "to": 1000000000, "charge": 2 }] },
        { "buildingType": "HOUSE", "connectionType": "Non Metered", "minimumCharge": 100, "slabs": [
            { "from": 0, "to": 10, "charge": 13.31 }, { "from": 10, "to": 1000000000, "charge": 26.62 }] },
        { "buildingType": "ODD", "connectionType": "Metered", "slabs": [{ "from": 0, "to": "many" }, 7] }]"#;
    let found = told([master("ws-services-calculation", "WCBillingSlab", rows)], "fee-falls");
    let says = |at: usize, units: &str| {
        let (pointer, what) = found.get(at).unwrap_or_else(|| panic!("{found:#?}"));
        assert_eq!(*pointer, format!("/WCBillingSlab/0/slabs/{at}"));
        assert!(what.contains("`SHOP`") && what.contains(units), "{what}");
    };
    says(0, "10 units cost 266.2 and 11 cost 200");
    says(1, "35 units cost 1796.85 and 36 cost 1264.45");
    says(2, "75 units cost 5856.4 and 76 cost 4964.63");
    says(3, "150 units cost 15506.15 and 151 cost 14308.25");
    assert_eq!(found.len(), 4, "{found:#?}");
}

#[test]
fn what_lies_between_slabs_of_a_deviation_is_told() {
    let rows = r#"[{ "feeType": "SanctionFee", "amount": 500, "calsiLogic": [{ "parameter": "builtuparea",
        "tolerancelimit": 10, "deviation": [{ "from": 11, "to": 50, "MF": 1, "uom": 100 },
        { "from": 51, "to": 100, "MF": 2, "uom": 150 }, { "from": 101, "to": 499, "MF": 3, "uom": 200 }] }] }]"#;
    let found = told([master("BPA", "CalculationType", rows)], "slab-gap");
    let at = |step: &str| format!("/CalculationType/0/calsiLogic/0/deviation{step}");
    let pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(pointers, [at("/0/from"), at("/1/from"), at("/2/from"), at("")]);
    for ((_, what), example) in found.iter().zip(["10.5", "50.5", "100.5", "500"]) {
        assert!(what.ends_with(&format!(": {example} is charged nothing")), "{what}");
    }
    // Where each slab begins with the end of the one before it, and the last has no end, nothing is left out.
    let whole = rows.replace("11", "10").replace("51", "50").replace("101", "100").replace("499", "1000000000");
    assert!(told([master("BPA", "CalculationType", &whole)], "slab-gap").is_empty());
}

#[test]
fn a_workflow_that_was_copied_from_another_state_is_found() {
    let mut files = fixtures("installation");
    assert!(import(&files, &Options::default()).report.of("workflow-of-another-state").is_empty());
    let text = files["workflow/license.json"].replace("\"tenantId\": \"aa\"", "\"tenantId\": \"bb\"");
    files.insert("workflow/license.json".to_owned(), text);
    let report = import(&files, &Options::default()).report;
    let found: Vec<String> =
        report.of("workflow-of-another-state").iter().map(|finding| finding.place.to_string()).collect();
    assert_eq!(found, ["workflow/license.json#/BusinessServices/0/tenantId"]);
}

#[test]
fn the_report_is_for_people_and_for_programs() {
    let report = imported().report;
    let json = report.to_json();
    assert_eq!(json["findings"].as_array().unwrap().len(), report.findings.len());
    assert_eq!(json["kinds"]["defect"], report.count(Kind::Defect));
    assert_eq!(json["counts"]["towns"], 3);
    let text = report.to_text();
    assert!(text.starts_with("# What the import found\n") && text.contains("## To be supplied"), "{text}");
}
