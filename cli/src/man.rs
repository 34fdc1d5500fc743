//! Checks that the committed manual pages are those of the command line, and writes them for `make manual`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

use crate::args::Cli;

const RENEW: &str = "KAYAKO_RENEW_MANUAL";

#[test]
fn the_manual_is_that_of_the_command_line() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("man");
    let expected = pages();
    if std::env::var_os(RENEW).is_some() {
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        for (name, page) in &expected {
            fs::write(folder.join(name), page).unwrap();
        }
    }
    let committed = fs::read_dir(&folder).unwrap().map(|file| {
        let file = file.unwrap();
        (file.file_name().into_string().unwrap(), fs::read_to_string(file.path()).unwrap())
    });
    assert!(
        committed.collect::<BTreeMap<_, _>>() == expected,
        "cli/man is not that of the command line: run `make manual` and commit what changed"
    );
}

/// Returns the page of the command and of each of its commands, by file name.
fn pages() -> BTreeMap<String, String> {
    let mut cli = Cli::command().disable_help_subcommand(true);
    cli.build();
    let commands = cli.get_subcommands().cloned().collect::<Vec<_>>();
    commands.into_iter().chain([cli]).map(page).collect()
}

fn page(mut command: clap::Command) -> (String, String) {
    let usage = command.render_usage().to_string();
    let after_help = command.get_after_help().unwrap_or_default().to_string();
    let has_commands = command.has_subcommands();
    // Not an empty date, which would be left out, so that the next field would be taken for it.
    let source = concat!("kayako-sign ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command).date(" ").source(source).manual("User Commands");
    let mut text = Vec::new();
    man.render_title(&mut text).unwrap();
    man.render_name_section(&mut text).unwrap();
    // The synopsis of clap_mangen shows no values.
    let synopsis = usage.trim_start_matches("Usage: ");
    Roff::new().control("SH", ["SYNOPSIS"]).text([roman(synopsis)]).to_writer(&mut text).unwrap();
    man.render_description_section(&mut text).unwrap();
    man.render_options_section(&mut text).unwrap();
    if has_commands {
        man.render_subcommands_section(&mut text).unwrap();
    }
    sections(&after_help).to_writer(&mut text).unwrap();
    if !has_commands {
        Roff::new().control("SH", ["SEE ALSO"]).text([roman("kayako-sign(1)")]).to_writer(&mut text).unwrap();
    }
    (man.get_filename(), once(&String::from_utf8(text).unwrap()))
}

/// Returns the page with the definition of the apostrophe only at its start, not before every section.
fn once(page: &str) -> String {
    let end = page.find(".TH").unwrap();
    let (opening, rest) = page.split_at(end);
    format!("{opening}{}", rest.replace(opening, ""))
}

/// Returns the text after the options in the help: sections of indented lines, each below a title with a colon.
fn sections(help: &str) -> Roff {
    let mut roff = Roff::new();
    let mut lines = help.lines().filter(|line| !line.is_empty()).peekable();
    while let Some(title) = lines.next() {
        roff.control("SH", [title.trim_end_matches(':').to_uppercase().as_str()]).control("nf", []);
        while let Some(line) = lines.next_if(|line| line.starts_with("  ")) {
            roff.text([roman(&line[2..])]);
        }
        roff.control("fi", []);
    }
    roff
}
