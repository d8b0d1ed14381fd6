//! Statements that travel together.

use server::store::{Val, Writes, joined, nested};

/// Values as statements take them.
macro_rules! vals {
    ($($value:expr),* $(,)?) => { vec![$(Val::from($value)),*] };
}

#[test]
fn placeholders_move_up_but_the_tenants_stays() {
    let mut writes = Writes::default();
    writes.add("update a set b = $2 where tenant = $1 and c = $3", vals!["x", 1_i64]);
    writes.add("insert into d values ($1, $2)", vals!["y"]);
    assert_eq!(
        joined("", &writes.statements),
        "update a set b = $2 where tenant = $1 and c = $3;\ninsert into d values ($1, $4);\n"
    );
    assert_eq!(
        nested(&writes.statements),
        "with w0 as (update a set b = $2 where tenant = $1 and c = $3 returning 1), w1 as (insert into d values ($1, $4) returning 1) \
         select (select count(*) from w0), (select count(*) from w1)"
    );
}
