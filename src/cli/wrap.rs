//! Sentences no wider than the terminal.

use std::io::IsTerminal;

/// The width where there is no terminal.
const WIDTH: usize = 100;

/// The width of the terminal, or what is usual where there is none.
pub(super) fn width() -> usize {
    let terminal = std::io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
    terminal.map_or(WIDTH, |(width, _)| usize::from(width.0).max(40))
}

/// The text in lines that begin with `first`, then with as many spaces; ends with a line feed.
pub(super) fn wrapped(first: &str, text: &str) -> String {
    filled(first, &" ".repeat(first.chars().count()), text, width())
}

/// A text of several lines for a terminal of that width: what goes beyond it hangs four columns further in. Lines that begin with as
/// many spaces are to be copied, and stay.
fn hanging(text: &str, width: usize) -> String {
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        let inner = bare.trim_start_matches(' ');
        let indent = bare.len() - inner.len();
        if indent >= HANGING || bare.chars().count() <= width {
            out.push_str(line);
            continue;
        }
        // No line begins with a mark that belongs to the word before it.
        let mut glued = inner.replace("« ", "«\u{1}");
        for mark in ['»', ';', ':', '?', '!', '×'] {
            glued = glued.replace(&format!(" {mark}"), &format!("\u{1}{mark}"));
        }
        let folded = filled(&bare[..indent], &" ".repeat(indent + HANGING), &glued, width).replace('\u{1}', " ");
        out.push_str(if line.ends_with('\n') { &folded } else { folded.trim_end_matches('\n') });
    }
    out
}

/// How much further in the rest of a line stands.
const HANGING: usize = 4;

/// The text as standard output takes it: no wider than the terminal, or as it is where there is none.
pub(super) fn for_output(text: &str) -> String {
    if std::io::stdout().is_terminal() { hanging(text, terminal()) } else { text.to_string() }
}

/// The text as standard error takes it.
pub(super) fn for_errors(text: &str) -> String {
    if std::io::stderr().is_terminal() { hanging(text, terminal()) } else { text.to_string() }
}

/// The width of the terminal that there is.
fn terminal() -> usize {
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0).max(40))
}

fn filled(first: &str, indent: &str, text: &str, width: usize) -> String {
    let mut out = String::new();
    let mut line = first.to_string();
    let mut empty = true;
    // A no-break space is part of its word.
    for word in text.split([' ', '\n']).filter(|w| !w.is_empty()) {
        if !empty && line.chars().count() + 1 + word.chars().count() > width {
            out.push_str(line.trim_end());
            out.push('\n');
            line = indent.to_string();
            empty = true;
        }
        if !empty {
            line.push(' ');
        }
        line.push_str(word);
        empty = false;
    }
    out.push_str(line.trim_end());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::{hanging, wrapped};

    #[test]
    fn no_line_is_wider_than_a_page_and_no_word_is_lost() {
        let text = "five little words of one sentence ".repeat(12);
        let out = wrapped("  - ", &text);
        assert!(out.lines().all(|l| l.chars().count() <= 100), "{out}");
        assert!(out.lines().skip(1).all(|l| l.starts_with("    f") || l.starts_with("    ")), "{out}");
        let words = |t: &str| t.split_whitespace().filter(|w| *w != "-").map(String::from).collect::<Vec<_>>();
        assert_eq!(words(&out), words(&text));
    }
    #[test]
    fn what_goes_beyond_a_terminal_hangs_and_lines_to_be_copied_stay() {
        let text = "remarque : une phrase qui ne « tient » pas sur une ligne :\n    Candidats;une ligne à coller;Établissement\n  Salles : 2 lues, 1 non lue (au-dessus)\ncourt";
        let shown = "remarque : une phrase qui ne\n    « tient » pas sur une\n    ligne :\n    Candidats;une ligne à coller;Établissement\n  Salles : 2 lues, 1 non lue\n      (au-dessus)\ncourt";
        assert_eq!(hanging(text, 30), shown);
    }
}
