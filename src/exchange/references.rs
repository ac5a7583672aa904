//! References that are not written as the id that they mean: another case or other accents and punctuation, a school
//! by its name or with its name beside its code.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::page::Log;
use super::vocabulary::{Reading, Vocabulary};
use super::words::folded;
use crate::fault::Fault;
use crate::instance::{Form, RawInstance};
use crate::places::uai;
use crate::tr;

/// Ids, and what else names them.
#[derive(Debug, Default)]
struct Ids {
    /// Without case, accents and punctuation; `None` where two ids share the form.
    folded: HashMap<String, Option<String>>,
    exact: HashSet<String>,
    /// Names in the same form, where they are of one thing.
    names: HashMap<String, Option<String>>,
}

fn add(map: &mut HashMap<String, Option<String>>, key: String, id: &str) {
    map.entry(key).and_modify(|old| *old = old.take().filter(|o| o == id)).or_insert_with(|| Some(id.to_string()));
}

impl Ids {
    fn of<'a>(ids: impl Iterator<Item = (&'a String, Option<&'a String>)>) -> Ids {
        let mut out = Ids::default();
        for (id, name) in ids {
            out.exact.insert(id.clone());
            add(&mut out.folded, folded(id), id);
            if let Some(name) = name.filter(|n| !folded(n).is_empty()) {
                add(&mut out.names, folded(name), id);
            }
        }
        out
    }

    fn bare<'a>(ids: impl Iterator<Item = &'a String>) -> Ids {
        Ids::of(ids.map(|id| (id, None)))
    }

    /// The id that a text means, and whether that deserves a word.
    fn meant(&self, text: &str) -> Option<(String, bool)> {
        if self.exact.contains(text) {
            return None;
        }
        let bare = folded(text);
        if let Some(id) = self.folded.get(&bare).filter(|_| !bare.is_empty()) {
            return id.clone().map(|id| (id, false));
        }
        if let Some(id) = self.names.get(&bare) {
            return id.clone().map(|id| (id, true));
        }
        // One code among other words: `0142059M – Lycée des Ormes`.
        let mut found: Vec<&String> = Vec::new();
        for token in text.split(|c: char| !c.is_alphanumeric()).filter(|t| !t.is_empty()) {
            let right = uai::mended(token).unwrap_or_else(|| token.to_string());
            if let Some(id) = self.exact.get(&right).filter(|id| uai::is_right(id) && !found.contains(id)) {
                found.push(id);
            }
        }
        match found[..] {
            [one] => Some((one.clone(), true)),
            _ => None,
        }
    }

    fn settle(&self, text: &mut String, path: &str, log: &mut Log) {
        let Some((id, said)) = self.meant(text) else { return };
        if said {
            let message = tr!("\"{text}\" read as {id}", "« {text} » lu comme {id}");
            let (file, place) = log.origin(path).unzip();
            log.notes.push(Fault { file, place, ..Fault::new("", message) });
        }
        *text = id;
    }

    fn settle_all(&self, list: &mut [String], path: &str, log: &mut Log) {
        list.iter_mut().for_each(|text| self.settle(text, path, log));
    }
}

/// Puts the ids in the place of what means them, where that is certain.
pub fn settle(raw: &mut RawInstance, exams: &[String], qualifications: &Vocabulary, log: &mut Log) {
    let groups = Ids::bare(raw.groups.keys());
    let centres = Ids::of(raw.centres.iter().map(|c| (&c.id, c.name.as_ref())));
    let schools = Ids::of(raw.schools.iter().map(|s| (&s.id, s.name.as_ref())));
    let examiners = Ids::bare(raw.examiners.iter().map(|x| &x.id));
    let candidates = Ids::bare(raw.candidates.iter().map(|c| &c.id));
    let papers = Ids::bare(raw.calendar.papers.iter().map(|p| &p.id));
    let exams = Ids::bare(exams.iter());
    for (group, list) in &mut raw.groups {
        centres.settle_all(list, &format!("groups.{group}"), log);
    }
    for (i, c) in raw.centres.iter_mut().enumerate() {
        exams.settle_all(c.exams.as_deref_mut().unwrap_or_default(), &format!("centres[{i}].exams"), log);
    }
    for (i, c) in raw.candidates.iter_mut().enumerate() {
        let at = format!("candidates[{i}]");
        groups.settle(&mut c.group, &format!("{at}.group"), log);
        if let Some(school) = &mut c.school {
            schools.settle(school, &format!("{at}.school"), log);
        }
        papers.settle_all(&mut c.papers, &format!("{at}.papers"), log);
        examiners.settle_all(&mut c.excluded_examiners, &format!("{at}.excluded_examiners"), log);
    }
    for (i, x) in raw.examiners.iter_mut().enumerate() {
        let at = format!("examiners[{i}]");
        schools.settle_all(&mut x.schools, &format!("{at}.schools"), log);
        centres.settle_all(x.centres.as_deref_mut().unwrap_or_default(), &format!("{at}.centres"), log);
    }
    for (i, pin) in raw.pins.iter_mut().enumerate() {
        let at = format!("pins[{i}]");
        candidates.settle(&mut pin.candidate, &format!("{at}.candidate"), log);
        exams.settle(&mut pin.exam, &format!("{at}.exam"), log);
        let centre = pin.centre.as_mut().map(|c| (c, &centres, "centre"));
        for (text, ids, key) in centre.into_iter().chain(pin.examiner.as_mut().map(|x| (x, &examiners, "examiner"))) {
            ids.settle(text, &format!("{at}.{key}"), log);
        }
    }
    for (i, w) in raw.waivers.iter_mut().enumerate() {
        candidates.settle(&mut w.candidate, &format!("waivers[{i}].candidate"), log);
        examiners.settle(&mut w.examiner, &format!("waivers[{i}].examiner"), log);
    }
    for (i, event) in raw.calendar.events.iter_mut().enumerate() {
        for text in &mut event.concerns {
            examiners.settle(text, &format!("calendar.events[{i}].concerns"), log);
            if let (false, Reading::As(words)) = (examiners.exact.contains(text), qualifications.read(text))
                && let [word] = &words[..]
            {
                text.clone_from(word);
            }
        }
    }
}

/// Says the languages of orals that nobody can examine.
pub fn unheard(raw: &RawInstance, tongued: &[String], qualifications: &Vocabulary, log: &mut Log) {
    let held: BTreeSet<&String> = raw.examiners.iter().flat_map(|x| &x.qualifications).collect();
    let known: Vec<&str> = held.iter().filter(|w| qualifications.is_of_language(w)).map(|w| w.as_str()).collect();
    let known = known.join(", ");
    for (i, c) in raw.candidates.iter().enumerate().filter(|_| !raw.examiners.is_empty()) {
        for (j, oral) in c.orals.iter().enumerate().filter(|(_, o)| tongued.contains(&o.exam) && o.form == Form::Final)
        {
            let Some(code) = &oral.language else { continue };
            let words = qualifications.of_language(code);
            if words.is_empty() || words.iter().any(|w| held.contains(w)) {
                continue;
            }
            let words = words.join(" / ");
            let message = tr!(
                "no examiner has {words} for the language \"{code}\"; the languages of the examiners: {known}",
                "aucun interrogateur n'a {words} pour la langue « {code} » ; langues des interrogateurs : {known}"
            );
            let (file, place) = log.origin(&format!("candidates[{i}].orals[{j}]")).unzip();
            log.notes.push(Fault { file, place, ..Fault::new("", message) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_known_in_another_spelling_where_only_one_has_it() {
        let ids: Vec<(String, Option<String>)> = [
            ("CAEN", None),
            ("Évreux", None),
            ("A-1", None),
            ("A.1", None),
            ("0142059M", Some("Lycée fictif des Ormes")),
            ("0141640G", Some("Lycée fictif")),
            ("0501111L", Some("Lycée fictif")),
        ]
        .map(|(id, name)| (id.to_string(), name.map(str::to_string)))
        .to_vec();
        let ids = Ids::of(ids.iter().map(|(id, name)| (id, name.as_ref())));
        let meant = |text: &str| ids.meant(text);
        let silent = |id: &str| Some((id.to_string(), false));
        let said = |id: &str| Some((id.to_string(), true));
        for (text, wanted) in [
            ("CAEN", None),
            ("Caen", silent("CAEN")),
            ("caen ", silent("CAEN")),
            ("Ca-en", silent("CAEN")),
            ("EVREUX", silent("Évreux")),
            ("A1", None),
            ("A-1", None),
            ("a 1", None),
            ("0142059m", silent("0142059M")),
            ("0142059 M", silent("0142059M")),
            ("142059M", said("0142059M")),
            ("lycee fictif des ormes", said("0142059M")),
            ("0142059M – Lycée fictif des Ormes", said("0142059M")),
            ("Lycée fictif des Ormes (0142059M)", said("0142059M")),
            ("Lycée fictif", None),
            ("0142059M ou 0141640G", None),
            ("Rouen", None),
            ("–", None),
        ] {
            assert_eq!(meant(text), wanted, "{text}");
        }
    }
}
