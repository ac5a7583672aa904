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
    let indent = " ".repeat(first.chars().count());
    let mut out = String::new();
    let mut line = first.to_string();
    let (mut empty, width) = (true, width());
    // A no-break space is part of its word.
    for word in text.split([' ', '\n']).filter(|w| !w.is_empty()) {
        if !empty && line.chars().count() + 1 + word.chars().count() > width {
            out.push_str(line.trim_end());
            out.push('\n');
            line.clone_from(&indent);
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
    use super::wrapped;

    #[test]
    fn no_line_is_wider_than_a_page_and_no_word_is_lost() {
        let text = "five little words of one sentence ".repeat(12);
        let out = wrapped("  - ", &text);
        assert!(out.lines().all(|l| l.chars().count() <= 100), "{out}");
        assert!(out.lines().skip(1).all(|l| l.starts_with("    f") || l.starts_with("    ")), "{out}");
        let words = |t: &str| t.split_whitespace().filter(|w| *w != "-").map(String::from).collect::<Vec<_>>();
        assert_eq!(words(&out), words(&text));
    }
}
