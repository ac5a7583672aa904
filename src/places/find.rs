//! Finding a commune by what people write: `St-Denis`, `PARIS 12E`, `14032 CAEN CEDEX 5`, `Havre (Le)`, `Saint-Denis (974)`.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use super::department::{Code, department, named, of_postcode};
use super::{Commune, communes};
use crate::words::plain;

/// The cities whose arrondissements stand in addresses.
const WITH_ARRONDISSEMENTS: &[&str] = &["paris", "lyon", "marseille"];
const ARTICLES: &[&str] = &["le", "la", "les", "l"];

/// What a text says of a commune.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Named {
    /// The name as tables of communes are compared.
    key: String,
    /// The départements that the text itself names: by a postcode, or in parentheses.
    departments: Vec<Code>,
    /// A number at the end, which may be a département or a post office.
    tail: Vec<Code>,
}

/// What there is of that name.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// The commune; `alone` where nothing but its name told it.
    One {
        /// The commune.
        commune: &'static Commune,
        /// Whether no département was known.
        alone: bool,
    },
    /// Several that fit.
    Several(Vec<&'static Commune>),
    /// None in the départements that were named or known; those of that name elsewhere.
    Elsewhere {
        /// The départements.
        codes: Vec<Code>,
        /// The communes of that name.
        all: Vec<&'static Commune>,
    },
    /// None anywhere.
    Unknown,
}

/// A commune's name as it is compared: `ST LÔ` is `Saint-Lô`, `Neuilly s/Seine` is `Neuilly-sur-Seine`.
pub(super) fn key(name: &str) -> String {
    let mut open = String::new();
    for (i, part) in name.split('/').enumerate() {
        if i > 0 {
            // `Chalon s/Saône`, `Asnières/Seine`
            let alone = |before: &str| !before.ends_with(char::is_alphanumeric);
            let kept = open.strip_suffix(['s', 'S']).filter(|before| alone(before)).map_or(open.len(), str::len);
            open.truncate(kept);
            open.push_str(" sur ");
        }
        open.push_str(part);
    }
    let bare = plain(&open).replace(" sur s ", " sous ");
    let words = bare.split(' ').map(|w| match w {
        "st" => "saint",
        "ste" => "sainte",
        "sts" => "saints",
        "lez" => "les",
        w => w,
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a word counts an arrondissement or a post office: `12`, `12e`, `3eme`, `xii`.
fn is_ordinal(word: &str) -> bool {
    let digits = word.trim_start_matches(|c: char| c.is_ascii_digit());
    let roman = word.trim_end_matches("eme").trim_end_matches("er").trim_end_matches('e');
    (digits.len() < word.len() && matches!(digits, "" | "e" | "eme" | "er" | "er e" | "nd" | "ieme"))
        || (!roman.is_empty() && roman.chars().all(|c| matches!(c, 'i' | 'v' | 'x')))
}

impl Named {
    /// Reads what a cell says.
    pub fn read(text: &str) -> Named {
        let (mut departments, mut article, mut rest) = (Vec::new(), None, String::new());
        let mut left = text;
        while let Some((before, inside, after)) = parentheses(left) {
            rest.push_str(before);
            rest.push(' ');
            match of_text(inside) {
                codes if !codes.is_empty() => departments.extend(codes),
                _ if ARTICLES.contains(&plain(inside).as_str()) => article = Some(plain(inside)),
                // Not a département: part of the name.
                _ => rest.push_str(inside),
            }
            left = after;
        }
        rest.push_str(left);
        let bare = key(&rest);
        let mut words: Vec<&str> = bare.split(' ').filter(|w| !w.is_empty()).collect();
        if let Some(at) = words.iter().position(|w| w.len() == 5 && !of_postcode(w).is_empty()) {
            departments.extend(of_postcode(words[at]));
            words.remove(at);
            // `F-14000 Caen`
            if at == 1 && matches!(words[0], "f" | "fr") {
                words.remove(0);
            }
        }
        if let Some(at) = words.iter().position(|w| *w == "cedex") {
            words.truncate(at);
        }
        while let Some(at) = words.windows(2).position(|w| matches!(w[0], "bp" | "cs" | "tsa") && is_ordinal(w[1])) {
            words.drain(at..at + 2);
        }
        let city = words.first().copied().filter(|w| WITH_ARRONDISSEMENTS.contains(w));
        let of_city = |w: &&str| is_ordinal(w) || matches!(*w, "arrondissement" | "arr" | "e" | "eme" | "er");
        let mut tail = Vec::new();
        if city.is_some() && words[1..].iter().all(of_city) {
            words.truncate(1);
        } else if words.len() > 1 && words.last().is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit())) {
            tail = department(words.pop().unwrap_or_default()).map(|d| d.code).into_iter().collect();
        }
        // `HAVRE LE`: lists by name put the article behind.
        if article.is_none() && words.len() > 1 && ARTICLES.contains(words.last().unwrap_or(&"")) {
            article = words.pop().map(str::to_string);
        }
        let key = article.as_deref().into_iter().chain(words).collect::<Vec<_>>().join(" ");
        Named { key, departments, tail }
    }

    /// Whether the text names nothing.
    pub fn is_empty(&self) -> bool {
        self.key.is_empty()
    }

    /// The name as names are compared.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The départements that the text itself names.
    pub fn departments(&self) -> &[Code] {
        &self.departments
    }
}

/// The text before a pair of parentheses, inside, and behind.
fn parentheses(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('(')?;
    let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
    Some((before, inside, after))
}

/// The départements that a text is: `974`, `2a`, `97400`, `La Réunion`.
fn of_text(text: &str) -> Vec<Code> {
    let text = text.trim();
    // A lost zero: Ain is 1 in a number cell.
    let code = if text.len() == 1 && text != "0" { format!("0{text}") } else { text.to_string() };
    match department(&code).or_else(|| named(text)) {
        Some(d) => vec![d.code],
        None => of_postcode(text),
    }
}

/// Every commune of a name.
fn all(key: &str) -> &'static [&'static Commune] {
    static INDEX: LazyLock<HashMap<String, Vec<&'static Commune>>> = LazyLock::new(|| {
        let mut index: HashMap<String, Vec<&'static Commune>> = HashMap::new();
        for c in communes() {
            index.entry(self::key(c.name)).or_default().push(c);
        }
        index
    });
    INDEX.get(key).map_or(&[], Vec::as_slice)
}

/// The communes of a name: as it stands, else with or without its article, else with a département's name behind it.
fn of_name(key: &str) -> (Vec<&'static Commune>, Vec<Code>) {
    let straight = all(key);
    if !straight.is_empty() {
        return (straight.to_vec(), Vec::new());
    }
    let words: Vec<&str> = key.split(' ').collect();
    let articles: Vec<&'static Commune> = match words.as_slice() {
        [article, rest @ ..] if ARTICLES.contains(article) => all(&rest.join(" ")).to_vec(),
        _ => ARTICLES.iter().flat_map(|a| all(&format!("{a} {key}"))).copied().collect(),
    };
    if !articles.is_empty() {
        return (articles, Vec::new());
    }
    for at in 1..words.len() {
        let (found, d) = (all(&words[..at].join(" ")), named(&words[at..].join(" ")));
        if let (false, Some(d)) = (found.is_empty(), d) {
            return (found.to_vec(), vec![d.code]);
        }
    }
    (Vec::new(), Vec::new())
}

/// The commune that a text names.
///
/// The text's own département decides; else those that are `known` (a UAI's), and where they have none of that name the
/// only one of the same land; else a name that only one commune has;
/// else the first of the `hints` (an académie's, say) that leaves one. Former communes count where no commune of today
/// fits.
pub fn find(name: &Named, known: &[Code], hints: &[Vec<Code>]) -> Found {
    if name.is_empty() {
        return Found::Unknown;
    }
    let (all, behind) = of_name(&name.key);
    if all.is_empty() {
        return Found::Unknown;
    }
    let within = |codes: &[Code]| -> Vec<&'static Commune> {
        current(all.iter().copied().filter(|c| codes.contains(&c.department)).collect())
    };
    let own = if name.departments.is_empty() { behind } else { name.departments.clone() };
    for (codes, binding) in [(own.as_slice(), true), (name.tail.as_slice(), false), (known, true)] {
        match within(codes).as_slice() {
            [] if codes.is_empty() || !binding => {}
            // Some communes have the postcode of the next département.
            [] if !known.is_empty() && codes != known && !within(known).is_empty() => {}
            // A school may lie outside the département of its code, though not over the sea from it.
            [] => match current(all.clone()).as_slice() {
                [only] if own.is_empty() && reachable(codes, only) => {
                    return Found::One { commune: only, alone: false };
                }
                _ => return Found::Elsewhere { codes: codes.to_vec(), all },
            },
            [commune] => return Found::One { commune, alone: false },
            several => return Found::Several(several.to_vec()),
        }
    }
    let fit = current(all);
    if let [commune] = fit.as_slice() {
        return Found::One { commune, alone: true };
    }
    for codes in hints {
        let left: Vec<_> = fit.iter().copied().filter(|c| codes.contains(&c.department)).collect();
        if let [commune] = left.as_slice() {
            return Found::One { commune, alone: false };
        }
    }
    Found::Several(fit)
}

/// Whether a road leads from a commune to one of these départements.
fn reachable(codes: &[Code], commune: &Commune) -> bool {
    communes().iter().any(|c| codes.contains(&c.department) && c.land == commune.land)
}

/// The communes of today, where there are any.
fn current(found: Vec<&'static Commune>) -> Vec<&'static Commune> {
    if found.iter().all(|c| c.now.is_some()) {
        // Two former names of one commune of today are one place.
        let today: BTreeSet<_> = found.iter().map(|c| (c.department, c.now)).collect();
        return if today.len() == 1 { found.into_iter().take(1).collect() } else { found };
    }
    found.into_iter().filter(|c| c.now.is_none()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str, known: &[Code]) -> String {
        match find(&Named::read(text), known, &[]) {
            Found::One { commune, .. } => commune.label(),
            Found::Several(some) => some.iter().map(|c| c.label()).collect::<Vec<_>>().join(" | "),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn communes_are_found_as_files_write_them() {
        for (text, found) in [
            ("ST LÔ CEDEX 9", "Saint-Lô (50)"),
            ("Caen", "Caen (14)"),
            ("14000 Caen", "Caen (14)"),
            ("F-14000 CAEN", "Caen (14)"),
            ("Caen 14000", "Caen (14)"),
            ("Caen (14)", "Caen (14)"),
            ("14032 CAEN CEDEX 5", "Caen (14)"),
            ("BP 5026 14050 Caen Cedex 4", "Caen (14)"),
            ("PARIS 12E", "Paris (75)"),
            ("Paris 12e Arrondissement", "Paris (75)"),
            ("Paris XIIe", "Paris (75)"),
            ("75012 PARIS", "Paris (75)"),
            ("Lyon 3ème", "Lyon (69)"),
            ("Marseille 08", "Marseille (13)"),
            ("Marseille 1er", "Marseille (13)"),
            ("Le Havre", "Le Havre (76)"),
            ("Havre (Le)", "Le Havre (76)"),
            ("HAVRE LE", "Le Havre (76)"),
            ("Havre", "Le Havre (76)"),
            ("L'Haÿ-les-Roses", "L'Haÿ-les-Roses (94)"),
            ("HAY LES ROSES (L')", "L'Haÿ-les-Roses (94)"),
            ("Sᵗ Étienne", "Saint-Étienne (42)"),
            ("Saint-Denis (974)", "Saint-Denis (974)"),
            ("St-Denis (La Réunion)", "Saint-Denis (974)"),
            ("Saint Denis, Réunion", "Saint-Denis (974)"),
            ("97400 Saint-Denis", "Saint-Denis (974)"),
            ("93200 Saint-Denis", "Saint-Denis (93)"),
            ("Saint-Denis 93", "Saint-Denis (93)"),
            ("Neuilly s/ Seine", "Neuilly-sur-Seine (92)"),
            ("Chalon-s/-Saône", "Chalon-sur-Saône (71)"),
            ("Asnières/Seine", "Asnières-sur-Seine (92)"),
            ("Fontenay s/s Bois", "Fontenay-sous-Bois (94)"),
            ("Évry", "Évry (91)"),
            ("Evry-Courcouronnes", "Évry-Courcouronnes (91)"),
            ("Equeurdreville Hainneville", "Équeurdreville-Hainneville (50)"),
            ("Cherbourg", "Cherbourg (50)"),
            ("Clermont-l'Hérault", "Clermont-l'Hérault (34)"),
            ("Ajaccio (2a)", "Ajaccio (2A)"),
            ("20200 BASTIA", "Bastia (2B)"),
            ("Toulouse 05", "Toulouse (31)"),
            ("Bourg-en-Bresse (1)", "Bourg-en-Bresse (01)"),
            ("Mamoudzou", "Mamoudzou (976)"),
        ] {
            assert_eq!(one(text, &[]), found, "{text}");
        }
    }

    #[test]
    fn a_name_of_several_communes_is_told_by_the_department_or_asked() {
        assert_eq!(one("Saint-Denis", &[]), "Saint-Denis (93) | Saint-Denis (974)");
        assert_eq!(one("Saint-Denis", &["974"]), "Saint-Denis (974)");
        assert_eq!(one("Saint-Denis", &["93"]), "Saint-Denis (93)");
        assert_eq!(one("Saint-Denis (93)", &["974"]), "Saint-Denis (93)", "what the cell says goes first");
        let hint = vec![vec!["14"], vec!["77", "93", "94"]];
        let found = find(&Named::read("Saint-Denis"), &[], &hint);
        assert!(matches!(found, Found::One { commune, alone: false } if commune.department == "93"), "{found:?}");
        assert!(matches!(find(&Named::read("Caen"), &[], &[]), Found::One { alone: true, .. }));
    }

    #[test]
    fn a_commune_of_another_department_is_not_taken_for_one_of_that_name() {
        assert!(
            matches!(find(&Named::read("Saint-Denis"), &["14"], &[]), Found::Elsewhere { all, .. } if all.len() == 2)
        );
        assert!(matches!(find(&Named::read("Caen (27)"), &[], &[]), Found::Elsewhere { all, .. } if all.len() == 1));
        // A school outside the département of its code: not over the sea.
        assert_eq!(one("Rouen", &["14"]), "Rouen (76)");
        assert!(matches!(find(&Named::read("Rouen"), &["974"], &[]), Found::Elsewhere { .. }));
        // Served from the next département: the UAI tells.
        assert_eq!(one("30750 Caen", &["14"]), "Caen (14)");
        assert_eq!(find(&Named::read("Trifouillis"), &[], &[]), Found::Unknown);
        assert_eq!(find(&Named::read(" "), &["14"], &[]), Found::Unknown);
    }

    #[test]
    fn any_text_can_be_read() {
        for text in ["(", ")", "()", "(14)", "14000", "cedex", "é(è", "12e", "bp 1", "le", "((", "Paris (", "/", "s/"]
        {
            let _ = find(&Named::read(text), &[], &[]);
        }
    }
}
