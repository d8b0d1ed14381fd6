//! Who can sign in at the desks of a demonstration.

/// Who can sign in, one town in full: of another town only how it differs from the first.
pub(crate) fn lines(sign_ins: &[serde_json::Value], base_url: &str) -> Vec<String> {
    let mut towns: Vec<(&str, Vec<(&str, &str)>)> = Vec::new();
    for one in sign_ins {
        let [town, login, role] = ["town", "login", "role"].map(|key| one[key].as_str().unwrap_or_default());
        match towns.iter_mut().find(|(known, _)| *known == town) {
            Some((_, staff)) => staff.push((login, role)),
            None => towns.push((town, vec![(login, role)])),
        }
    }
    let mut lines = Vec::new();
    let first = towns.first().cloned();
    for (town, staff) in towns {
        let (of, known) = match &first {
            Some((of, known)) if *of != town => (*of, known.as_slice()),
            _ => ("", &[][..]),
        };
        let absent: Vec<&str> = known.iter().filter(|one| !staff.contains(one)).map(|(login, _)| *login).collect();
        let same = match (of, absent.as_slice()) {
            ("", _) => String::new(),
            (of, []) => format!("   the same as in {of}"),
            (of, absent) => format!("   the same as in {of}, without {}", absent.join(", ")),
        };
        lines.push(format!("  {base_url}/{town}/desk/sign-in{same}"));
        let own = staff.iter().filter(|one| !known.contains(one));
        lines.extend(own.map(|(login, role)| format!("    {login:<24} {role}")));
    }
    lines
}
