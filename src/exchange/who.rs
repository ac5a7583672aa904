//! People whom a sheet names by name where an id is wanted: matched where one person alone can be meant, and said.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::distance::abridged;
use super::page::Log;
use super::words::folded;
use crate::fault::Fault;
use crate::instance::RawInstance;
use crate::instance::persons::words;
use crate::tr;

/// Candidates or examiners, by id and by name.
#[derive(Clone, Debug, Default)]
pub struct People {
    ids: BTreeSet<String>,
    /// Ids without case, accents and punctuation; nothing where two share the form.
    folded: HashMap<String, Option<String>>,
    /// Id, all words of the name, and those of the family name where the sheet tells them apart.
    names: Vec<(String, Vec<String>, Vec<String>)>,
    /// The names that were matched, each with its id and how often.
    matched: BTreeMap<(String, String), usize>,
}

/// Whom a text means.
#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// The person of that id.
    One(String),
    /// Any of these.
    Several(Vec<String>),
    /// Nobody.
    None,
}

impl People {
    /// Adds a person; `family` is the family name, where it stands apart.
    pub fn add(&mut self, id: &str, name: Option<&str>, family: Option<&str>) {
        self.ids.insert(id.to_string());
        let same = |old: &mut Option<String>| *old = old.take().filter(|o| o == id);
        self.folded.entry(folded(id)).and_modify(same).or_insert_with(|| Some(id.to_string()));
        if let Some(name) = name {
            let family = family.map(str::to_string).or_else(|| capitals(name));
            self.names.push((id.to_string(), words(name), family.as_deref().map(words).unwrap_or_default()));
        }
    }

    /// Whom an id or a name means. A name is all the words of one person's, in any order; or the family name with the
    /// first names shortened (`J. Dupont`) or left out.
    pub fn find(&self, text: &str) -> Found {
        if self.ids.contains(text) {
            return Found::One(text.to_string());
        }
        if let Some(Some(id)) = self.folded.get(&folded(text)) {
            return Found::One(id.clone());
        }
        let wanted = words(text);
        if wanted.is_empty() || wanted.iter().all(|w| w.bytes().all(|b| b.is_ascii_digit())) {
            return Found::None;
        }
        let whole: Vec<&String> = self.names.iter().filter(|(_, all, _)| *all == wanted).map(|(id, ..)| id).collect();
        let fitting = if whole.is_empty() {
            self.names.iter().filter(|(_, all, family)| shortened(&wanted, all, family)).map(|(id, ..)| id).collect()
        } else {
            whole
        };
        match fitting.as_slice() {
            [] => Found::None,
            [one] => Found::One((*one).clone()),
            several => Found::Several(several.iter().map(|id| (*id).clone()).collect()),
        }
    }

    /// The id that a text means: its own where nobody is known by it, which is then an unknown id; a message where it
    /// may be several people's.
    pub fn id(&mut self, text: &str) -> Result<String, String> {
        match self.find(text) {
            Found::One(id) => {
                if folded(&id) != folded(text) {
                    *self.matched.entry((text.to_string(), id.clone())).or_default() += 1;
                }
                Ok(id)
            }
            Found::None => Ok(text.to_string()),
            Found::Several(ids) => {
                let ids = ids.join(", ");
                Err(tr!(
                    "\"{text}\" is the name of several people: {ids}; write the number",
                    "« {text} » est le nom de plusieurs personnes : {ids} ; écrivez le numéro"
                ))
            }
        }
    }

    /// Whether somebody has that id.
    pub fn has(&self, id: &str) -> bool {
        self.ids.contains(id)
    }

    /// Every id.
    pub fn ids(&self) -> impl Iterator<Item = &String> {
        self.ids.iter()
    }

    /// Says who was found by name; `whom` is candidates or examiners.
    pub fn note(&self, whom: &str, log: &mut Log) {
        let n: usize = self.matched.values().sum();
        if n == 0 {
            return;
        }
        let pairs: Vec<String> = self.matched.keys().map(|(name, id)| format!("{name} = {id}")).collect();
        let list = abridged(&pairs);
        log.notes.push(Fault::new(
            "",
            tr!(
                "{whom} named by name, where one alone has it ({n}): {list}",
                "{whom} désignés par leur nom, là où une seule personne le porte ({n}) : {list}"
            ),
        ));
    }
}

/// The family name of `DUPONT-HÊTRE Zoé`: the words in capitals, where others are not.
fn capitals(name: &str) -> Option<String> {
    let upper = |w: &&str| w.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !w.chars().any(char::is_lowercase);
    let (family, first): (Vec<&str>, Vec<&str>) = name.split_whitespace().partition(upper);
    (!family.is_empty() && !first.is_empty()).then(|| family.join(" "))
}

/// Whether the text is the whole family name with nothing else than beginnings of the other words.
fn shortened(wanted: &[String], all: &[String], family: &[String]) -> bool {
    if family.is_empty() || !family.iter().all(|w| wanted.contains(w)) {
        return false;
    }
    let mut first: Vec<&String> = all.iter().collect();
    for word in family {
        let Some(at) = first.iter().position(|w| *w == word) else { return false };
        first.remove(at);
    }
    let mut rest: Vec<&String> = wanted.iter().collect();
    for word in family {
        let Some(at) = rest.iter().position(|w| *w == word) else { return false };
        rest.remove(at);
    }
    rest.iter().all(|given| {
        let fits = |w: &&String| *w == *given || (given.chars().count() == 1 && w.starts_with(given.as_str()));
        match first.iter().position(fits) {
            Some(at) => {
                first.remove(at);
                true
            }
            None => false,
        }
    })
}

/// Puts ids in the place of names wherever the instance refers to people: exclusions, meetings, decisions, waivers.
pub fn by_name(raw: &mut RawInstance, candidates: &mut People, examiners: &mut People, log: &mut Log) {
    let mut faults = Vec::new();
    let mut mend = |people: &mut People, path: String, text: &mut String| match people.id(text) {
        Ok(id) => *text = id,
        Err(message) => faults.push((path, message)),
    };
    for (i, c) in raw.candidates.iter_mut().enumerate() {
        for (j, x) in c.excluded_examiners.iter_mut().enumerate() {
            mend(examiners, format!("candidates[{i}].excluded_examiners[{j}]"), x);
        }
    }
    let qualified: BTreeSet<String> = raw.examiners.iter().flat_map(|x| x.qualifications.iter().cloned()).collect();
    for (i, e) in raw.calendar.events.iter_mut().enumerate() {
        for (j, who) in e.concerns.iter_mut().enumerate().filter(|(_, who)| !qualified.contains(who.as_str())) {
            mend(examiners, format!("calendar.events[{i}].concerns[{j}]"), who);
        }
    }
    for (i, pin) in raw.pins.iter_mut().enumerate() {
        mend(candidates, format!("pins[{i}].candidate"), &mut pin.candidate);
        if let Some(x) = &mut pin.examiner {
            mend(examiners, format!("pins[{i}].examiner"), x);
        }
    }
    for (i, waiver) in raw.waivers.iter_mut().enumerate() {
        mend(candidates, format!("waivers[{i}].candidate"), &mut waiver.candidate);
        mend(examiners, format!("waivers[{i}].examiner"), &mut waiver.examiner);
    }
    for (path, message) in faults {
        let fault = log.fault_of(&path, message);
        log.faults.push(fault);
    }
    candidates.note(&tr!("candidates", "candidats"), log);
    examiners.note(&tr!("examiners", "interrogateurs"), log);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_person_alone_is_found_by_name() {
        let mut people = People::default();
        people.add("X1", Some("DUPONT-HÊTRE Zoé"), Some("DUPONT-HÊTRE"));
        people.add("X2", Some("MARTIN Léa"), Some("MARTIN"));
        people.add("X3", Some("LEROY Martin"), Some("LEROY"));
        people.add("X4", Some("MARTIN Luc"), Some("MARTIN"));
        people.add("X5", Some("Anne Seule"), None);
        people.add("X6", None, None);
        people.add("X7", Some("NOYER-FICTIF Iris"), None);
        let found = |text: &str| people.find(text);
        let one = |id: &str| Found::One(id.into());
        for text in [
            "X1",
            "x 1",
            "Zoé DUPONT-HÊTRE",
            "Mme Dupont Hetre",
            "dupont-hêtre z.",
            "Z. Dupont-Hêtre",
            "DUPONT HÊTRE ZOE",
        ] {
            assert_eq!(found(text), one("X1"), "{text}");
        }
        assert_eq!(found("Martin Leroy"), one("X3"));
        assert_eq!(found("M. Leroy"), one("X3"));
        assert_eq!(found("MARTIN"), Found::Several(vec!["X2".into(), "X4".into()]), "a first name is no family name");
        assert_eq!(found("L. Martin"), Found::Several(vec!["X2".into(), "X4".into()]));
        assert_eq!(found("Luc MARTIN"), one("X4"));
        assert_eq!(found("Seule Anne"), one("X5"));
        assert_eq!(found("Mme Noyer-Fictif"), one("X7"));
        for nobody in ["Dupont", "Zoé", "Seule", "Martin Paul", "X8", "", "12", "Zoé Zoé Dupont-Hêtre"] {
            assert_eq!(found(nobody), Found::None, "{nobody}");
        }
    }
}
