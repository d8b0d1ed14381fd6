//! People: citizens belong to a state, employees to a town; the transaction's tenant says which.

use std::collections::BTreeMap;

use serde_json::json;

use super::db::{Row, Val, vals};
use super::digest::{Marks, Sheet};
use super::error::Result;
use super::events::{self, By};
use super::tx::Tx;
use super::vault::{self, Place};

pub(super) const SHEET: Sheet = Sheet {
    table: "people",
    key: "id",
    added: 1,
    columns: "id, kind, mobile, login, name, email, password_hash, language, disabled, at_ms, mobile_key",
};

/// A person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The key, unguessable.
    pub id: String,
    /// `citizen` or `employee`.
    pub kind: String,
    /// The mobile number; no two people have the same.
    pub mobile: Option<String>,
    /// What an employee signs in as; no two have the same.
    pub login: Option<String>,
    /// The name.
    pub name: String,
    /// Where mail goes.
    pub email: Option<String>,
    /// The hash of an employee's password.
    pub password_hash: Option<String>,
    /// The language for messages.
    pub language: String,
    /// Whether the person may no longer sign in.
    pub disabled: bool,
    /// When this was last changed.
    pub at_ms: i64,
}

impl Person {
    /// A citizen of whom only the mobile number is known.
    pub fn newcomer(id: String, mobile: String, language: String, at_ms: i64) -> Self {
        Self {
            id,
            kind: "citizen".to_owned(),
            mobile: Some(mobile),
            login: None,
            name: String::new(),
            email: None,
            password_hash: None,
            language,
            disabled: false,
            at_ms,
        }
    }
}

/// What numbers are found by.
const MOBILE: &str = "people.mobile";

/// Where something about a person is sealed.
fn place<'a>(column: &'static str, id: &'a str) -> Place<'a> {
    Place { table: "people", column, row: id }
}

fn values<'a>(tx: &Tx, person: &'a Person) -> Result<Vec<Val<'a>>> {
    let Person { id, kind, mobile, login, name, email, password_hash, language, disabled, at_ms } = person;
    let disabled = if *disabled { "yes" } else { "no" };
    let sealed = |column: &'static str, text: &Option<String>| -> Result<Option<String>> {
        text.as_deref().map(|text| vault::value(tx, place(column, id), text)).transpose()
    };
    let found_by = mobile.as_deref().and_then(|mobile| vault::index(tx, MOBILE, mobile));
    let (mobile, email) = (sealed("mobile", mobile)?, sealed("email", email)?);
    let name = vault::value(tx, place("name", id), name)?;
    Ok(vals![id, kind, mobile, login, name, email, password_hash, language, disabled, *at_ms, found_by])
}

/// Writes a person, new or changed, and that it happened; what changed is not in the event, only the
/// digest of the row. [`super::Error::Taken`] if somebody else has the mobile number or the login.
pub async fn save(tx: &mut Tx, by: By<'_>, person: &Person) -> Result<()> {
    let row = values(tx, person)?;
    let mut marks = Marks::default();
    marks.add(&SHEET, &row);
    let sql = "insert into people (tenant, id, kind, mobile, login, name, email, password_hash, language, disabled, at_ms, mobile_key) \
               values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (tenant, id) do update set kind = excluded.kind, \
               mobile = excluded.mobile, login = excluded.login, name = excluded.name, email = excluded.email, \
               password_hash = excluded.password_hash, language = excluded.language, disabled = excluded.disabled, at_ms = excluded.at_ms, \
               mobile_key = excluded.mobile_key";
    tx.execute(sql, row).await?;
    events::append(tx, by, None, ("person", json!({ "person": person.id, "kind": person.kind })), &marks).await?;
    Ok(())
}

async fn select(tx: &mut Tx, condition: &str, value: &str) -> Result<Option<Person>> {
    let sql = format!("select {} from people where tenant = $1 and {condition}", SHEET.columns);
    let found = tx.first(sql, vals![value]).await?;
    found.map(|row| read(tx, &row)).transpose()
}

/// A person.
pub async fn find(tx: &mut Tx, id: &str) -> Result<Option<Person>> {
    select(tx, "id = $2", id).await
}

/// The mobile number of a citizen, who is a person of the state, for the town in which he applies:
/// nobody's else is found.
pub async fn mobile_of(tx: &mut Tx, tenant: &str, id: &str) -> Result<Option<String>> {
    let sql = "select mobile from people p where p.tenant = $2 and p.id = $3 and exists (select 1 from cases c where c.tenant = $1 and c.applicant = p.id)";
    let found = tx.first(sql, vals![tenant, id]).await?;
    let mobile = found.map_or(Ok(None), |row| row.maybe_text(0))?;
    mobile.map(|mobile| vault::open_value(tx, tenant, place("mobile", id), mobile)).transpose()
}

/// The citizen of the state who has the mobile number of an employee of the town, and applies there or holds a record
/// of it: nobody else is found. The state has the number under a blind index of its own.
pub async fn citizen_of(tx: &mut Tx, state: &str, employee: &str) -> Result<Option<String>> {
    let sql = "select mobile from people where tenant = $1 and id = $2 and kind = 'employee'";
    let found = tx.first(sql, vals![employee]).await?;
    let Some(mobile) = found.map_or(Ok(None), |row| row.maybe_text(0))? else { return Ok(None) };
    let mobile = vault::open_value(tx, tx.tenant(), place("mobile", employee), mobile)?;
    let key = vault::index_of(tx, state, MOBILE, &mobile);
    let sql = "select p.id from (select id from people where tenant = $2 and kind = 'citizen' and mobile_key = $3 \
               union all select id from people where tenant = $2 and kind = 'citizen' and mobile = $4) p \
               where exists (select 1 from cases c where c.tenant = $1 and c.applicant = p.id) \
               or exists (select 1 from records r where r.tenant = $1 and r.holder = p.id)";
    tx.first(sql, vals![state, key, mobile]).await?.map(|row| row.text(0)).transpose()
}

/// Name and mobile number of a citizen who holds a record of the town: nobody else's are found.
pub async fn holder(tx: &mut Tx, tenant: &str, id: &str) -> Result<Option<(String, Option<String>)>> {
    let sql = "select name, mobile from people p where p.tenant = $2 and p.id = $3 \
               and exists (select 1 from records r where r.tenant = $1 and r.holder = p.id)";
    let Some(row) = tx.first(sql, vals![tenant, id]).await? else { return Ok(None) };
    let open = |column: &'static str, text: String| vault::open_value(tx, tenant, place(column, id), text);
    let mobile = row.maybe_text(1)?.map(|mobile| open("mobile", mobile)).transpose()?;
    Ok(Some((open("name", row.text(0)?)?, mobile)))
}

/// Whoever has this mobile number.
pub async fn by_mobile(tx: &mut Tx, mobile: &str) -> Result<Option<Person>> {
    if let Some(key) = vault::index(tx, MOBILE, mobile)
        && let Some(person) = select(tx, "mobile_key = $2", &key).await?
    {
        return Ok(Some(person));
    }
    // As it was written before numbers were sealed.
    select(tx, "mobile = $2", mobile).await
}

/// Those who have these mobile numbers, by number: key and name.
///
/// Numbers as they are sealed and as they were written before that are looked up by two statements: SQLite goes
/// through all people of the state where one condition asks for either.
pub async fn with_mobiles(tx: &mut Tx, mobiles: &[String]) -> Result<BTreeMap<String, (String, String)>> {
    if mobiles.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys: Vec<String> = mobiles.iter().filter_map(|mobile| vault::index(tx, MOBILE, mobile)).collect();
    let asked =
        [("mobile", mobiles), ("mobile_key", keys.as_slice())].into_iter().filter(|(_, values)| !values.is_empty());
    let asked = asked.map(|(column, values)| {
        let holes: Vec<String> = (0..values.len()).map(|at| format!("${}", at + 2)).collect();
        let sql =
            format!("select mobile, id, name from people where tenant = $1 and {column} in ({})", holes.join(", "));
        (sql.into(), values.iter().map(Val::from).collect())
    });
    let found = tx.fetch_each(asked.collect()).await?;
    let read = |row: &Row| {
        let id = row.text(1)?;
        let open = |column: &'static str, text: String| vault::open_value(tx, tx.tenant(), place(column, &id), text);
        Ok((open("mobile", row.text(0)?)?, (id.clone(), open("name", row.text(2)?)?)))
    };
    found.iter().flatten().map(read).collect()
}

/// The mobile numbers of people who hold records of the town, by their keys; at most 500 keys.
pub async fn mobiles_of_holders(tx: &mut Tx, tenant: &str, ids: &[String]) -> Result<BTreeMap<String, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let holes: Vec<String> = (0..ids.len()).map(|at| format!("${}", at + 3)).collect();
    let sql = format!(
        "select id, mobile from people p where p.tenant = $2 and p.id in ({}) \
         and exists (select 1 from records r where r.tenant = $1 and r.holder = p.id)",
        holes.join(", ")
    );
    let values = std::iter::once(Val::from(tenant)).chain(ids.iter().map(Val::from)).collect();
    let rows = tx.fetch(sql, values).await?;
    let mut found = BTreeMap::new();
    for row in rows {
        let (id, mobile) = (row.text(0)?, row.maybe_text(1)?);
        if let Some(mobile) = mobile {
            let mobile = vault::open_value(tx, tenant, place("mobile", &id), mobile)?;
            found.insert(id, mobile);
        }
    }
    Ok(found)
}

/// The languages of people who hold records of the town, by their keys; at most 500 keys.
pub async fn languages_of_holders(tx: &mut Tx, tenant: &str, ids: &[String]) -> Result<BTreeMap<String, String>> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let holes: Vec<String> = (0..ids.len()).map(|at| format!("${}", at + 3)).collect();
    let sql = format!(
        "select id, language from people p where p.tenant = $2 and p.id in ({}) \
         and exists (select 1 from records r where r.tenant = $1 and r.holder = p.id)",
        holes.join(", ")
    );
    let values = std::iter::once(Val::from(tenant)).chain(ids.iter().map(Val::from)).collect();
    tx.fetch(sql, values).await?.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
}

/// Whoever signs in as this.
pub async fn by_login(tx: &mut Tx, login: &str) -> Result<Option<Person>> {
    select(tx, "login = $2", login).await
}

/// All employees, by name.
pub async fn employees(tx: &mut Tx) -> Result<Vec<Person>> {
    let sql = format!("select {} from people where tenant = $1 and kind = 'employee' order by id", SHEET.columns);
    let rows = tx.fetch(sql, Vec::new()).await?;
    let mut people: Vec<Person> = rows.iter().map(|row| read(tx, row)).collect::<Result<_>>()?;
    // The database has only sealed names to go by. The sort is stable.
    people.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(people)
}

/// The people with these keys, by key.
pub async fn among(tx: &mut Tx, ids: &[String]) -> Result<Vec<Person>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let holes: Vec<String> = (0..ids.len()).map(|at| format!("${}", at + 2)).collect();
    let sql =
        format!("select {} from people where tenant = $1 and id in ({}) order by id", SHEET.columns, holes.join(", "));
    let rows = tx.fetch(sql, ids.iter().map(Val::from).collect()).await?;
    rows.iter().map(|row| read(tx, row)).collect()
}

fn read(tx: &Tx, row: &Row) -> Result<Person> {
    let id = row.text(0)?;
    let open = |column: &'static str, text: String| vault::open_value(tx, tx.tenant(), place(column, &id), text);
    Ok(Person {
        kind: row.text(1)?,
        mobile: row.maybe_text(2)?.map(|mobile| open("mobile", mobile)).transpose()?,
        login: row.maybe_text(3)?,
        name: open("name", row.text(4)?)?,
        email: row.maybe_text(5)?.map(|email| open("email", email)).transpose()?,
        password_hash: row.maybe_text(6)?,
        language: row.text(7)?,
        disabled: row.text(8)? == "yes",
        at_ms: row.int(9)?,
        id,
    })
}
