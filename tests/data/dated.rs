//! Dated links from stays that overlap.

use super::world::*;

#[test]
fn the_stay_that_began_last_holds() {
    let seats = "clerk_id,desk_id,from,until\n\
        c1,d1,2020-01-01,\nc1,d2,2020-03-01,2020-04-01\n\
        c2,d2,2021-07-01,2021-08-01\nc2,d1,2021-07-01,2021-07-15\nc2,d1,2021-09-01,2021-09-01\n";
    let loaded = Folder::sound(&[("seat.csv", seats)]).load().unwrap();
    let rows = &loaded.store.dated[&(CLERK, 0)];
    assert_eq!(rows.schema(), yardstick::store::dated_schema());
    let column = |name: &str| shown(rows.column_by_name(name).unwrap());
    assert_eq!(column("owner"), ["0", "0", "0", "1", "1"]);
    assert_eq!(column("target"), ["0", "1", "0", "0", "1"]);
    assert_eq!(column("from"), ["2020-01-01", "2020-03-01", "2020-04-01", "2021-07-01", "2021-07-15"]);
    assert_eq!(column("until"), ["2020-03-01", "2020-04-01", "-", "2021-07-15", "2021-08-01"]);
}
