//! People who are most likely named twice, and candidates with an examiner's name.

use std::collections::BTreeMap;

use super::inert::{Remarks, text_of};
use super::*;
use crate::tr;
use crate::words::plain;

impl Remarks<'_> {
    /// People who are most likely named twice, and a candidate with an examiner's name.
    pub(super) fn namesakes(&mut self) {
        let instance = self.instance;
        let mut said: BTreeSet<(CandidateIx, CandidateIx)> = BTreeSet::new();
        let ine = |c: &Candidate| text_of(&c.info, &["ine"]).map(|t| plain(t).replace(' ', ""));
        let birth = |c: &Candidate| {
            let born = text_of(&c.info, &["birth_date", "birth date", "date de naissance", "birthdate"]).map(plain)?;
            Some(format!("{} {born}", name_of(&c.name, &c.id)?))
        };
        for (a, b, key) in twice(instance.candidates.enumerate(), ine) {
            said.insert((a, b));
            let (one, two) = (&instance.candidates[a].id, &instance.candidates[b].id);
            let key = key.to_uppercase();
            let message = tr!(
                "candidates {one} and {two} have the same INE ({key}): one person twice, or an INE miscopied",
                "les candidats {one} et {two} ont le même INE ({key}) : une personne deux fois, ou un INE mal recopié"
            );
            self.say("oral-once", vec![format!("candidates[{}].info.ine", b.ix())], message);
        }
        for (a, b, _) in twice(instance.candidates.enumerate(), birth) {
            if said.contains(&(a, b)) {
                continue;
            }
            let (one, two) = (&instance.candidates[a].id, &instance.candidates[b].id);
            let message = tr!(
                "candidates {one} and {two} have the same name and birth date: one person twice?",
                "les candidats {one} et {two} ont même nom et même date de naissance : une personne deux fois ?"
            );
            self.say("oral-once", vec![format!("candidates[{}].name", b.ix())], message);
        }
        let email = |x: &Examiner| text_of(&x.info, &["email", "e-mail", "courriel"]).map(str::to_lowercase);
        let mut said: BTreeSet<(ExaminerIx, ExaminerIx)> = BTreeSet::new();
        for (a, b, key) in twice(instance.examiners.enumerate(), email) {
            said.insert((a, b));
            let (one, two) = (&instance.examiners[a].id, &instance.examiners[b].id);
            let message = tr!(
                "examiners {one} and {two} have the same e-mail ({key}): one person twice could be convened in two places",
                "les interrogateurs {one} et {two} ont le même courriel ({key}) : une personne deux fois serait convoquée en deux lieux"
            );
            self.say("examiner-centre", vec![format!("examiners[{}].info.email", b.ix())], message);
        }
        for (a, b, _) in twice(instance.examiners.enumerate(), |x| name_of(&x.name, &x.id)) {
            // Two people of one name have two addresses.
            let two = email(&instance.examiners[a]).zip(email(&instance.examiners[b])).is_some_and(|(a, b)| a != b);
            if two || said.contains(&(a, b)) {
                continue;
            }
            let (one, two) = (&instance.examiners[a].id, &instance.examiners[b].id);
            let message = tr!(
                "examiners {one} and {two} have the same name: one person twice could be convened in two places",
                "les interrogateurs {one} et {two} ont le même nom : une personne deux fois serait convoquée en deux lieux"
            );
            self.say("examiner-centre", vec![format!("examiners[{}].name", b.ix())], message);
        }
        let examiners: BTreeMap<String, &str> =
            instance.examiners.iter().filter_map(|x| Some((name_of(&x.name, &x.id)?, x.id.as_str()))).collect();
        for (c, candidate) in instance.candidates.enumerate() {
            if let Some(x) = name_of(&candidate.name, &candidate.id).and_then(|name| examiners.get(&name)) {
                let id = &candidate.id;
                let message = tr!(
                    "candidate {id} has the name of examiner {x}: if they are one person or kin, exclude that examiner",
                    "le candidat {id} porte le nom de l'interrogateur {x} : s'il s'agit de la même personne ou d'un proche, excluez cet interrogateur"
                );
                self.say("impartial", vec![format!("candidates[{}].name", c.ix())], message);
            }
        }
    }
}

/// A name in which order, case and accents do not count; none where the id stands for it.
fn name_of(name: &str, id: &str) -> Option<String> {
    let words = persons::words(name);
    (name != id && words.len() > 1).then(|| words.join(" "))
}

/// Pairs with the same key: each with the first that had it.
fn twice<'a, I: Ix, T: 'a>(
    all: impl Iterator<Item = (I, &'a T)>,
    key: impl Fn(&'a T) -> Option<String>,
) -> Vec<(I, I, String)> {
    let (mut first, mut pairs) = (BTreeMap::<String, I>::new(), Vec::new());
    for (i, thing) in all {
        let Some(key) = key(thing).filter(|k| !k.is_empty()) else { continue };
        match first.get(&key) {
            Some(&other) => pairs.push((other, i, key)),
            None => drop(first.insert(key, i)),
        }
    }
    pairs
}
