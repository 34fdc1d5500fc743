//! Writes the answers of the controllers: a document for each, in the shape that published clients read.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// A document: a list with one item.
struct Document {
    app: &'static str,
    controller: &'static str,
    list: &'static str,
    /// The item's element, which may have attributes.
    item: &'static str,
    elements: &'static [(&'static str, &'static str)],
}

const TITLED: &[(&str, &str)] = &[("id", "1"), ("title", "General")];
const WRITTEN: &[(&str, &str)] = &[("id", "1"), ("contents", "Hello")];
const FILE: &[(&str, &str)] =
    &[("id", "1"), ("filename", "report.pdf"), ("filesize", "5"), ("filetype", "application/pdf")];
const DEPARTMENT: &[(&str, &str)] = &[
    ("id", "1"),
    ("title", "General"),
    ("type", "public"),
    ("module", "tickets"),
    ("displayorder", "1"),
    ("parentdepartmentid", "0"),
    ("uservisibilitycustom", "0"),
];
const STAFF: &[(&str, &str)] = &[
    ("id", "1"),
    ("staffgroupid", "1"),
    ("firstname", "Grace"),
    ("lastname", "Hopper"),
    ("fullname", "Grace Hopper"),
    ("username", "grace"),
    ("email", "grace@example.com"),
    ("isenabled", "1"),
];
const USER: &[(&str, &str)] = &[
    ("id", "1"),
    ("usergroupid", "1"),
    ("userrole", "user"),
    ("userorganizationid", "1"),
    ("fullname", "Ada Lovelace"),
    ("email", "ada@example.com"),
    ("isenabled", "1"),
];
const TICKET: &[(&str, &str)] = &[
    ("displayid", "ABC-123-45678"),
    ("departmentid", "1"),
    ("statusid", "1"),
    ("priorityid", "1"),
    ("typeid", "1"),
    ("userid", "1"),
    ("fullname", "Ada Lovelace"),
    ("email", "ada@example.com"),
    ("subject", "Hello"),
];

/// The documents of all controllers of the vendor.
const DOCUMENTS: &[Document] = &[
    document_of("Base", "Department", "departments", "department", DEPARTMENT),
    document_of("Base", "Staff", "staffusers", "staff", STAFF),
    document_of("Base", "StaffGroup", "staffgroups", "staffgroup", TITLED),
    document_of("Base", "User", "users", "user", USER),
    document_of("Base", "UserSearch", "users", "user", USER),
    document_of("Base", "UserGroup", "usergroups", "usergroup", TITLED),
    document_of(
        "Base",
        "UserOrganization",
        "userorganizations",
        "userorganization",
        &[("id", "1"), ("name", "Example")],
    ),
    document_of("Base", "CustomField", "customfields", "customfield", TITLED),
    document_of("Base", "CustomFieldGroup", "customfieldgroups", "customfieldgroup", TITLED),
    document_of("Core", "Test", "tests", "test", TITLED),
    document_of("Core", "TestAPI", "tests", "test", TITLED),
    document_of("Tickets", "Ticket", "tickets", "ticket id=\"1\" flagtype=\"0\"", TICKET),
    document_of("Tickets", "TicketSearch", "tickets", "ticket id=\"1\" flagtype=\"0\"", TICKET),
    document_of("Tickets", "TicketAttachment", "attachments", "attachment", FILE),
    document_of("Tickets", "TicketCount", "ticketcount", "departments", &[]),
    document_of("Tickets", "TicketCustomField", "customfields", "group id=\"1\" title=\"General\"", &[]),
    document_of("Tickets", "TicketNote", "notes", "note type=\"ticket\" id=\"1\"", &[]),
    document_of("Tickets", "TicketPost", "posts", "post", WRITTEN),
    document_of("Tickets", "TicketPriority", "ticketpriorities", "ticketpriority", TITLED),
    document_of("Tickets", "TicketStatus", "ticketstatuses", "ticketstatus", TITLED),
    document_of("Tickets", "TicketTimeTrack", "timetracks", "timetrack id=\"1\" ticketid=\"1\"", &[]),
    document_of("Tickets", "TicketType", "tickettypes", "tickettype", TITLED),
    document_of("Knowledgebase", "Article", "kbarticles", "kbarticle", &[("kbarticleid", "1"), ("subject", "Hello")]),
    document_of("Knowledgebase", "Attachment", "kbattachments", "kbattachment", FILE),
    document_of("Knowledgebase", "Category", "kbcategories", "kbcategory", TITLED),
    document_of("Knowledgebase", "Comment", "kbarticlecomments", "kbarticlecomment", WRITTEN),
    document_of("News", "Category", "newscategories", "newscategory", TITLED),
    document_of("News", "Comment", "newsitemcomments", "newsitemcomment", WRITTEN),
    document_of("News", "NewsItem", "newsitems", "newsitem", &[("id", "1"), ("subject", "Hello")]),
    document_of(
        "News",
        "Subscriber",
        "newssubscribers",
        "newssubscriber",
        &[("id", "1"), ("email", "ada@example.com")],
    ),
    document_of("Troubleshooter", "Attachment", "troubleshooterattachments", "troubleshooterattachment", FILE),
    document_of("Troubleshooter", "Category", "troubleshootercategories", "troubleshootercategory", TITLED),
    document_of("Troubleshooter", "Comment", "troubleshooterstepcomments", "troubleshooterstepcomment", WRITTEN),
    document_of(
        "Troubleshooter",
        "Step",
        "troubleshootersteps",
        "troubleshooterstep",
        &[("id", "1"), ("subject", "Hello")],
    ),
];

const fn document_of(
    app: &'static str,
    controller: &'static str,
    list: &'static str,
    item: &'static str,
    elements: &'static [(&'static str, &'static str)],
) -> Document {
    Document { app, controller, list, item, elements }
}

/// Returns the document of a controller. A comment in it names the fields that were read.
pub(super) fn document(app: &str, controller: &str, fields: &[String]) -> String {
    let found = DOCUMENTS.iter().find(|known| known.app.eq_ignore_ascii_case(app) && known.controller == controller);
    let mut text = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- fields read: {} -->\n", list_of(fields));
    if let Some(Document { list, item, elements, .. }) = found {
        let _ = write!(text, "<{list}>\n  <{item}>\n");
        for (name, value) in *elements {
            let _ = writeln!(text, "    <{name}>{value}</{name}>");
        }
        let end = item.split(' ').next().unwrap_or_default();
        let _ = write!(text, "  </{end}>\n</{list}>\n");
    }
    text
}

/// Returns names escaped for a comment: without two dashes in a row, and without control characters.
fn list_of(fields: &[String]) -> String {
    const ESCAPED: AsciiSet = NON_ALPHANUMERIC.remove(b'_').remove(b'[').remove(b']').remove(b'.').remove(b':');
    if fields.is_empty() {
        return "none".to_owned();
    }
    fields.iter().map(|name| utf8_percent_encode(name, &ESCAPED).to_string()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use kayako_sign_core::{Reading, Request, Route};

    use super::DOCUMENTS;

    #[test]
    fn each_document_is_that_of_a_controller_that_the_vendor_has() {
        for document in DOCUMENTS {
            let url = format!("/api/index.php?/{}/{}", document.app, document.controller);
            let request = Request::new("GET", &url);
            assert!(Reading::of(&request).route().is_some_and(Route::is_known), "{url}");
        }
        // The number of controllers that core knows.
        assert_eq!(DOCUMENTS.len(), 34);
    }
}
