//! Texts in CSV files. A spreadsheet runs what begins like a formula, so such a text has an apostrophe before it, which the import
//! takes away again.

use std::borrow::Cow;

/// What a formula begins with in some spreadsheet program; and the apostrophe, so that each text is read back as it was.
fn taken_for_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\'', '＝', '＋', '－', '＠'])
}

/// The text as it stands in a CSV file.
pub fn written(text: &str) -> Cow<'_, str> {
    if taken_for_a_formula(text) { format!("'{text}").into() } else { text.into() }
}

/// The text that a cell of a CSV file stands for.
pub fn read(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| taken_for_a_formula(rest)).unwrap_or(cell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn formulas_become_texts() {
        for text in ["=1+1", "+33 2 00 00 00 00", "-5", "@SUM(A1)", "\t=1", "\r=1", "'=1", "''"] {
            assert_eq!(written(text), format!("'{text}"));
        }
        for text in ["", "Dupont", "l'oral", "1-2", " =1", "’tis"] {
            assert_eq!(written(text), text);
        }
        assert_eq!(read("'0123"), "'0123");
    }

    proptest! {
        #[test]
        fn every_text_is_read_back(text in "['=+@\\-a1\t ]{0,4}") {
            let cell = written(&text).to_string();
            prop_assert_eq!(read(&cell).to_string(), text.clone());
        }
    }
}
