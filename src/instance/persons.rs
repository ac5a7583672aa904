//! People by name, however the name is written.

use crate::words::plain;

/// Words before a name that are no part of it.
const TITLES: &[&str] =
    &["m", "mr", "mme", "mlle", "monsieur", "madame", "mademoiselle", "dr", "docteur", "pr", "professeur"];

/// The words of a name without accents, case, titles and order: `M. DUPONT Jean` and `Jean Dupont` have the same.
pub fn words(name: &str) -> Vec<String> {
    let bare = plain(name);
    let mut words: Vec<&str> = bare.split(' ').filter(|w| !w.is_empty()).collect();
    while words.len() > 1 && TITLES.contains(&words[0]) {
        words.remove(0);
    }
    words.sort_unstable();
    words.into_iter().map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_name_is_the_same_in_any_order_and_dress() {
        for name in [
            "DUPONT-HÊTRE Zoé",
            "Zoé Dupont-Hêtre",
            "Mme dupont hetre zoe",
            "Madame  Zoe DUPONT HETRE",
            "Dupont-Hêtre, Zoé",
        ] {
            assert_eq!(words(name), ["dupont", "hetre", "zoe"], "{name}");
        }
        assert_eq!(words("M"), ["m"], "a title alone may be a name");
        assert_ne!(words("Jean Dupont"), words("Jeanne Dupont"));
    }
}
