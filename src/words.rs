//! Texts compared as people write them, and not letter by letter.

/// A text without accents, case, punctuation and doubled blanks: `N° d'élève` is `n d eleve`.
pub fn plain(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        let bare: &str = match c {
            'à' | 'â' | 'ä' | 'á' | 'ã' => "a",
            'ç' => "c",
            'é' | 'è' | 'ê' | 'ë' => "e",
            'î' | 'ï' | 'í' => "i",
            'ô' | 'ö' | 'ó' | 'õ' => "o",
            'ù' | 'û' | 'ü' | 'ú' => "u",
            'ÿ' => "y",
            'ñ' => "n",
            'œ' => "oe",
            'æ' => "ae",
            'ᵉ' => "e",
            'ʳ' => "r",
            'ˢ' => "s",
            'ᵗ' => "t",
            '\u{300}'..='\u{36f}' => continue, // accents that stand apart from their letter
            c if c.is_alphanumeric() && !matches!(c, 'º' | 'ª') => {
                out.push(c);
                continue;
            }
            _ => " ",
        };
        if bare != " " || (!out.is_empty() && !out.ends_with(' ')) {
            out.push_str(bare);
        }
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn accents_case_and_punctuation_do_not_count() {
        assert_eq!(plain("  N°  d'Élève(s) – Œuvre "), "n d eleve s oeuvre");
        assert_eq!(plain("E\u{301}preuve"), "epreuve");
        assert_eq!(plain("Sᵗ-Étienne"), "st etienne");
    }
}
