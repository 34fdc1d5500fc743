//! The apps and controllers of the vendor's REST API. An installation may have more.

/// Each app with its controllers, in the order of the vendor's manual.
const APPS: [(&str, &[&str]); 6] = [
    (
        "Base",
        &[
            "Department",
            "Staff",
            "StaffGroup",
            "User",
            "UserGroup",
            "UserOrganization",
            "UserSearch",
            "CustomField",
            "CustomFieldGroup",
        ],
    ),
    ("Core", &["Test", "TestAPI"]),
    (
        "Tickets",
        &[
            "Ticket",
            "TicketAttachment",
            "TicketCount",
            "TicketCustomField",
            "TicketNote",
            "TicketPost",
            "TicketPriority",
            "TicketSearch",
            "TicketStatus",
            "TicketTimeTrack",
            "TicketType",
        ],
    ),
    ("Knowledgebase", &["Article", "Attachment", "Category", "Comment"]),
    ("News", &["Category", "Comment", "NewsItem", "Subscriber"]),
    ("Troubleshooter", &["Attachment", "Category", "Comment", "Step"]),
];

/// Returns whether the vendor's API has this controller. The app's case does not matter; the controller's does.
pub(crate) fn is_known(app: &str, controller: &str) -> bool {
    APPS.iter().any(|(known, controllers)| known.eq_ignore_ascii_case(app) && controllers.contains(&controller))
}

/// Returns the app and the controller whose names are nearest to the given ones.
pub(crate) fn nearest(app: &str, controller: &str) -> (&'static str, &'static str) {
    let all = APPS.iter().flat_map(|(app, controllers)| controllers.iter().map(|controller| (*app, *controller)));
    // If several are equally near, the first one is taken.
    all.min_by_key(|(known_app, known)| distance(known_app, app) + distance(known, controller))
        .unwrap_or(("Base", "User"))
}

/// Returns how many letters must be added or removed to turn one name into the other, ignoring case. If either is
/// longer than 32 bytes, it is the length of `name`.
fn distance(known: &str, name: &str) -> usize {
    const LONGEST: usize = 32;
    let mut row: [usize; LONGEST + 1] = core::array::from_fn(|index| index);
    if known.len() > LONGEST || name.len() > LONGEST {
        return name.len();
    }
    for (index, byte) in name.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, known_byte) in known.bytes().enumerate() {
            let change = diagonal + 2 * usize::from(!byte.eq_ignore_ascii_case(&known_byte));
            diagonal = row[column + 1];
            row[column + 1] = change.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[known.len()]
}

#[cfg(test)]
mod tests {
    use super::{is_known, nearest};

    #[test]
    fn the_case_of_the_app_does_not_matter_and_that_of_the_controller_does() {
        assert!(is_known("base", "User") && is_known("TICKETS", "TicketPost"));
        assert!(!is_known("Base", "user") && !is_known("Base", "Ticket") && !is_known("", ""));
    }

    #[test]
    fn the_nearest_controller_is_the_one_that_was_meant() {
        for (app, controller, meant) in [
            ("Base", "Users", ("Base", "User")),
            ("Base", "user", ("Base", "User")),
            ("Ticket", "Tickets", ("Tickets", "Ticket")),
            ("Tickets", "Attachment", ("Tickets", "TicketAttachment")),
            ("KnowledgeBase", "Articles", ("Knowledgebase", "Article")),
            ("News", "Item", ("News", "NewsItem")),
        ] {
            assert_eq!(nearest(app, controller), meant, "{app}/{controller}");
        }
        assert_eq!(nearest(&"a".repeat(1_000), "").0.len(), 4);
    }
}
