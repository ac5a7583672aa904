//! The words that a regulation can use, understood as offices write them.

use super::cell::Cell;
use super::headings::plain;
use super::page::{Log, Row};
use super::words::{AROUND, EQUIPMENT, LANGUAGES, QUALIFICATIONS, Synonyms, among, folded, language};
use crate::fault::nearest;
use crate::regulation::RawRegulation;
use crate::tr;

/// What says that there is none.
const NONE: &str = "non, aucun, aucune, neant, ras, rien, none";

/// The words of one kind that a regulation can use.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    known: Vec<String>,
    /// Beginnings to which a language's code is added: `LV-`.
    tongues: Vec<String>,
    synonyms: Synonyms,
}

/// How a word was understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// As it stands.
    Itself,
    /// As these words of the regulation.
    As(Vec<String>),
    /// Not at all; the nearest known word, if one is near.
    Unknown(Option<String>),
}

impl Vocabulary {
    /// What seats ask of examiners.
    pub fn qualifications(regulation: &RawRegulation) -> Vocabulary {
        let seats = regulation.commissions.iter().flat_map(|c| &c.seats);
        let words = seats.flat_map(|s| s.any_of.iter().flatten().chain(&s.prefers));
        let mut vocabulary = Vocabulary { synonyms: QUALIFICATIONS, ..Vocabulary::default() };
        for word in words {
            let (list, word) = match word.strip_suffix("{language}") {
                Some(start) => (&mut vocabulary.tongues, start),
                None => (&mut vocabulary.known, word.as_str()),
            };
            if !list.iter().any(|w| w == word) {
                list.push(word.to_string());
            }
        }
        vocabulary
    }

    /// What exams ask of rooms.
    pub fn equipment(regulation: &RawRegulation) -> Vocabulary {
        let mut known: Vec<String> = regulation.exams.iter().flat_map(|e| e.equipment.clone()).collect();
        known.sort();
        known.dedup();
        Vocabulary { known, tongues: Vec::new(), synonyms: EQUIPMENT }
    }

    /// The words that stand for a language: `LV-es`.
    pub fn of_language(&self, code: &str) -> Vec<String> {
        self.tongues.iter().map(|start| format!("{start}{code}")).collect()
    }

    /// Whether a word stands for a language.
    pub fn is_of_language(&self, word: &str) -> bool {
        self.tongues.iter().any(|start| word.starts_with(start.as_str()))
    }

    /// Whether the regulation has such words at all.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.tongues.is_empty()
    }

    /// How a word is understood.
    pub fn read(&self, word: &str) -> Reading {
        let tongue = |start: &String| {
            word.strip_prefix(start.as_str()).is_some_and(|c| c.len() == 2 && c.bytes().all(|b| b.is_ascii_lowercase()))
        };
        if self.known.iter().any(|k| k == word) || self.tongues.iter().any(tongue) {
            return Reading::Itself;
        }
        if let Some(one) = self.one(word) {
            return if one == word { Reading::Itself } else { Reading::As(vec![one]) };
        }
        // Several in one: `EG + CCST`, `EG/STI`, `téléphone et paravent`, `EG CCST`.
        let joined = word.replace(" et ", "/").replace(" and ", "/");
        let first = self.beginning(word);
        for parts in [joined.split(['/', '+', '&', '|', ',']).map(str::to_string).collect(), by_words(word), first] {
            let read: Option<Vec<String>> = parts.iter().map(|p: &String| self.one(p)).collect();
            if let Some(mut read) = read.filter(|r| !r.is_empty()) {
                let mut seen = Vec::new();
                read.retain(|w| {
                    !seen.contains(w) && {
                        seen.push(w.clone());
                        true
                    }
                });
                return Reading::As(read);
            }
        }
        Reading::Unknown(self.nearest(word))
    }

    /// The one word of the regulation that a text means.
    fn one(&self, text: &str) -> Option<String> {
        let bare = plain(text);
        let without: Vec<&str> =
            bare.split(' ').filter(|w| !among(AROUND, w) && !w.chars().all(|c| c.is_ascii_digit())).collect();
        let without = without.join(" ");
        [bare, without].iter().filter(|b| !b.is_empty()).find_map(|bare| self.word(bare))
    }

    /// Two words or more that a longer text begins with and that are known: `éco gestion marketing`.
    fn beginning(&self, text: &str) -> Vec<String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let starts = (2..words.len()).rev().map(|n| words[..n].join(" "));
        let known = |start: &String| plain(start).contains(' ') && self.word(&plain(start)).is_some();
        starts.filter(known).take(1).collect()
    }

    fn word(&self, bare: &str) -> Option<String> {
        let joined = bare.replace(' ', "");
        if let Some(known) = self.known.iter().find(|k| folded(k) == joined) {
            return Some(known.clone());
        }
        let same = |w: &str| w.replace(' ', "") == joined;
        let synonym = self.synonyms.iter().find(|(_, others)| others.split(", ").any(same));
        if let Some((word, _)) = synonym.filter(|(word, _)| self.known.iter().any(|k| k == word)) {
            return Some((*word).to_string());
        }
        let code = language(bare)?;
        let made = self.tongues.iter().map(|start| format!("{start}{code}"));
        made.chain([format!("LV-{code}")]).find(|w| !self.tongues.is_empty() || self.known.contains(w))
    }

    fn nearest(&self, word: &str) -> Option<String> {
        let usable = self.synonyms.iter().filter(|(w, _)| self.known.iter().any(|k| k == w));
        let names = usable.flat_map(|(w, others)| others.split(", ").map(move |o| (o.to_string(), w.to_string())));
        let own = self.known.iter().map(|k| (plain(k), k.clone()));
        let tongues = self.tongues.iter().flat_map(|start| {
            let each = LANGUAGES.iter().flat_map(|(code, names)| names.split(", ").map(move |n| (*code, n)));
            each.map(move |(code, name)| (name.to_string(), format!("{start}{code}")))
        });
        let all: Vec<(String, String)> = own.chain(names).chain(tongues).collect();
        let near = nearest(&plain(word), all.iter().map(|(name, _)| name))?;
        all.into_iter().find(|(name, _)| *name == near).map(|(_, meant)| meant)
    }

    /// A list in one cell that reads back as itself: a word that would be read as another is quoted.
    pub fn cell(&self, list: &[String]) -> Cell {
        let altered = |word: &str| matches!(self.read(word), Reading::As(_)) || among(NONE, &plain(word));
        Cell::list_quoting(list, altered)
    }

    /// The words in a line: `CCST, EG, LV-en, LV-…, PRO, STI`.
    pub fn list(&self) -> String {
        let tongues = self.tongues.iter().map(|start| tr!("{start}... (es, de, it)", "{start}… (es, de, it)"));
        self.known.iter().cloned().chain(tongues).collect::<Vec<_>>().join(", ")
    }
}

/// The words of a list, understood as offices write them: what was read as something else is said, and so is what no
/// seat and no exam can use. A word in quotation marks stands for itself.
pub fn words(row: &Row, key: &str, vocabulary: &Vocabulary, log: &mut Log) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (column, word, quoted) in row.list(key, log) {
        // `Équipement : non` is none.
        if !quoted && among(NONE, &plain(&word)) {
            continue;
        }
        match vocabulary.read(&word) {
            _ if quoted || vocabulary.is_empty() => out.push(word),
            Reading::Itself => out.push(word),
            Reading::As(read) => {
                let shown = read.join(" + ");
                row.note_at(column, tr!("\"{word}\" read as {shown}", "« {word} » lu comme {shown}"), log);
                let new: Vec<String> = read.into_iter().filter(|w| !out.contains(w)).collect();
                out.extend(new);
            }
            Reading::Unknown(near) => {
                let unused = if key == "equipment" {
                    tr!("no exam asks for \"{word}\"", "aucune épreuve ne demande « {word} »")
                } else {
                    tr!("no seat asks for \"{word}\"", "aucun siège ne demande « {word} »")
                };
                let list = vocabulary.list();
                let hint = match near {
                    Some(near) => tr!(" (did you mean {near}?)", " (vouliez-vous dire {near} ?)"),
                    None => tr!("; words of use: {list}", " ; mots utiles : {list}"),
                };
                row.note_at(column, unused + &hint, log);
                out.push(word);
            }
        }
    }
    out
}

fn by_words(text: &str) -> Vec<String> {
    let empty = |w: &&str| matches!(plain(w).as_str(), "" | "et" | "and") || among(AROUND, &plain(w));
    text.split_whitespace().filter(|w| !empty(w)).map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::regulation::Regulation;

    fn shipped() -> RawRegulation {
        Regulation::shipped("bts-ccst-2024").unwrap()
    }

    /// `EG + CCST`, or `=` for a word that stands as it is, `?` (and the nearest) for one that is not known.
    fn read(vocabulary: &Vocabulary, word: &str) -> String {
        match vocabulary.read(word) {
            Reading::Itself => "=".into(),
            Reading::As(words) => words.join(" + "),
            Reading::Unknown(near) => format!("?{}", near.unwrap_or_default()),
        }
    }

    #[test]
    fn qualifications_are_known_as_offices_write_them() {
        let vocabulary = Vocabulary::qualifications(&shipped());
        for (word, wanted) in [
            ("EG", "="),
            ("LV-en", "="),
            ("LV-es", "="),
            ("eg", "EG"),
            ("E.G.", "EG"),
            ("ccst", "CCST"),
            ("lv-en", "LV-en"),
            ("LV-EN", "LV-en"),
            ("lv en", "LV-en"),
            ("LV EN", "LV-en"),
            ("LVen", "LV-en"),
            ("anglais", "LV-en"),
            ("Anglais", "LV-en"),
            ("Prof d'anglais", "LV-en"),
            ("LV anglais", "LV-en"),
            ("LVA anglais", "LV-en"),
            ("AGL1", "LV-en"),
            ("ES", "LV-es"),
            ("espagnol", "LV-es"),
            ("LV2 Espagnol", "LV-es"),
            ("allemand", "LV-de"),
            ("Langue vivante : italien", "LV-it"),
            ("Éco-gestion", "EG"),
            ("Économie et gestion", "EG"),
            ("éco gestion", "EG"),
            ("ECO-GEST", "EG"),
            ("Économie-gestion, commerce et vente", "EG"),
            ("S.T.I.", "STI"),
            ("SII", "STI"),
            ("Sciences industrielles de l'ingénieur", "STI"),
            ("professionnel", "PRO"),
            ("Professionnelle", "PRO"),
            ("BTS CCST", "CCST"),
            ("EG + CCST", "EG + CCST"),
            ("EG/CCST", "EG + CCST"),
            ("EG CCST", "EG + CCST"),
            ("Éco-gestion et CCST", "EG + CCST"),
            ("LV1 anglais et CCST", "LV-en + CCST"),
            ("Éco gestion marketing", "EG"),
            ("Espagnol et italien", "LV-es + LV-it"),
            ("STI & CCST", "STI + CCST"),
            ("anglais / espagnol", "LV-en + LV-es"),
            ("Ccts", "?CCST"),
            ("anglis", "?LV-en"),
            ("Éco gestoin", "?EG"),
            ("espagnole", "?LV-es"),
            ("Mathématiques", "?"),
            ("Philosophie", "?"),
        ] {
            assert_eq!(read(&vocabulary, word), wanted, "{word}");
        }
    }

    #[test]
    fn equipment_is_known_as_offices_write_it() {
        let vocabulary = Vocabulary::equipment(&shipped());
        for (word, wanted) in [
            ("phone", "="),
            ("Phone", "phone"),
            ("PHONES", "phone"),
            ("téléphone", "phone"),
            ("Téléphones", "phone"),
            ("2 téléphones", "phone"),
            ("tél.", "phone"),
            ("Combiné", "phone"),
            ("combiné téléphonique", "phone"),
            ("paravent", "phone"),
            ("Paravents", "phone"),
            ("cloison", "phone"),
            ("un téléphone et un paravent", "phone"),
            ("téléphone + paravent", "phone"),
            ("télephonne", "?phone"),
            ("paravant", "?phone"),
            ("vidéoprojecteur", "?"),
            ("tableau blanc", "?"),
        ] {
            assert_eq!(read(&vocabulary, word), wanted, "{word}");
        }
    }

    #[test]
    fn an_own_regulation_has_its_own_words() {
        let mut own = shipped();
        own.commissions.truncate(1);
        own.commissions[0].seats.truncate(1);
        own.commissions[0].seats[0].any_of = vec![vec!["MATH".into()]];
        own.commissions[0].seats[0].prefers = vec!["Anglais".into()];
        let vocabulary = Vocabulary::qualifications(&own);
        for (word, wanted) in
            [("math", "MATH"), ("anglais", "Anglais"), ("EG", "?"), ("LV-en", "?"), ("maths", "?MATH")]
        {
            assert_eq!(read(&vocabulary, word), wanted, "{word}");
        }
        assert_eq!(vocabulary.list(), "MATH, Anglais");
    }
}
