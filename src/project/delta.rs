//! The difference between two documents, small for a move or a cell and able to go both ways.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::document::{Document, Hash, Published};
use super::{Error, damaged};
use crate::schedule::{Cost, Left, Schedule, Session};

/// Bytes with their fingerprint, to be kept.
pub(super) type NewBlobs = Vec<(Hash, Vec<u8>)>;

/// A text whose change is larger than this is kept whole.
const LARGEST_PATCH: usize = 64 * 1024;

/// What an action changed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Delta {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<Swap<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    instance: Option<TextChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sheets: Option<TextChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    mapping: Option<Swap<Arc<str>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schedule: Option<ScheduleChange>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    published: Option<Swap<Option<Published>>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    files: Option<Swap<BTreeMap<String, Hash>>>,
}

/// A value before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Swap<T> {
    before: T,
    after: T,
}

impl<T: PartialEq + Clone> Swap<T> {
    fn between(before: &T, after: &T) -> Option<Swap<T>> {
        (before != after).then(|| Swap { before: before.clone(), after: after.clone() })
    }
    fn inverse(self) -> Swap<T> {
        Swap { before: self.after, after: self.before }
    }
}

/// How a text changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TextChange {
    /// One stretch of it, from a byte on.
    Patch { at: usize, removed: String, added: String },
    /// All of it.
    Whole { before: Option<Hash>, after: Option<Hash> },
}

/// How a schedule changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ScheduleChange {
    Parts {
        sessions: ListChange<Session>,
        unscheduled: ListChange<Left>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        head: Option<Box<Swap<Head>>>,
    },
    Whole {
        before: Option<Hash>,
        after: Option<Hash>,
    },
}

/// What a schedule says besides its sessions and orals left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Head {
    format: String,
    instance: String,
    not_heard: Vec<Left>,
    cost: Option<Cost>,
    bound: Option<i64>,
    provenance: BTreeMap<String, serde_json::Value>,
}

impl Head {
    fn of(s: &Schedule) -> Head {
        Head {
            format: s.format.clone(),
            instance: s.instance.clone(),
            not_heard: s.not_heard.clone(),
            cost: s.cost.clone(),
            bound: s.bound,
            provenance: s.provenance.clone(),
        }
    }
}

/// Elements taken from a list and put into it, with their places before and after.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ListChange<T> {
    removed: Vec<(usize, T)>,
    added: Vec<(usize, T)>,
}

/// An element of a list that has a name.
trait Named: Clone + PartialEq {
    fn name(&self) -> (&str, &str);
}

impl Named for Session {
    fn name(&self) -> (&str, &str) {
        (&self.id, "")
    }
}

impl Named for Left {
    fn name(&self) -> (&str, &str) {
        (&self.candidate, &self.exam)
    }
}

impl<T: Named> ListChange<T> {
    /// The change, unless what stays changes its order or a name stands twice.
    fn between(before: &[T], after: &[T]) -> Option<ListChange<T>> {
        let by_name: HashMap<_, _> = after.iter().enumerate().map(|(i, t)| (t.name(), i)).collect();
        if by_name.len() != after.len() {
            return None;
        }
        let mut stays = vec![false; after.len()];
        let (mut removed, mut last) = (Vec::new(), None);
        for (i, old) in before.iter().enumerate() {
            match by_name.get(&old.name()) {
                Some(&j) if after[j] == *old => {
                    if stays[j] || last.is_some_and(|last| last > j) {
                        return None;
                    }
                    (stays[j], last) = (true, Some(j));
                }
                _ => removed.push((i, old.clone())),
            }
        }
        let added = after.iter().enumerate().filter(|(j, _)| !stays[*j]).map(|(j, t)| (j, t.clone())).collect();
        Some(ListChange { removed, added })
    }

    fn apply(&self, list: &mut Vec<T>) -> Result<(), Error> {
        for (i, old) in self.removed.iter().rev() {
            if list.get(*i) != Some(old) {
                return Err(damaged());
            }
            list.remove(*i);
        }
        for (j, new) in &self.added {
            if *j > list.len() {
                return Err(damaged());
            }
            list.insert(*j, new.clone());
        }
        Ok(())
    }

    fn inverse(self) -> ListChange<T> {
        ListChange { removed: self.added, added: self.removed }
    }
}

fn keep(bytes: &[u8], blobs: &mut NewBlobs) -> Hash {
    let hash = Hash::of(bytes);
    blobs.push((hash.clone(), bytes.to_vec()));
    hash
}

impl TextChange {
    fn between(before: Option<&Arc<str>>, after: Option<&Arc<str>>, blobs: &mut NewBlobs) -> Option<TextChange> {
        if before == after {
            return None;
        }
        if let (Some(a), Some(b)) = (before, after) {
            let (at, removed, added) = stretch(a, b);
            if removed.len() + added.len() <= LARGEST_PATCH {
                return Some(TextChange::Patch { at, removed: removed.into(), added: added.into() });
            }
        }
        let mut kept = |text: Option<&Arc<str>>| text.map(|t| keep(t.as_bytes(), blobs));
        Some(TextChange::Whole { before: kept(before), after: kept(after) })
    }

    fn apply(&self, text: &mut Option<Arc<str>>, blob: &Blob) -> Result<(), Error> {
        *text = match self {
            TextChange::Patch { at, removed, added } => {
                let old = text.as_deref().unwrap_or_default();
                let rest = old.get(*at..).and_then(|rest| rest.strip_prefix(removed.as_str())).ok_or_else(damaged)?;
                Some([&old[..*at], added, rest].concat().into())
            }
            TextChange::Whole { after: None, .. } => None,
            TextChange::Whole { after: Some(hash), .. } => {
                Some(String::from_utf8(blob(hash)?).map_err(|_| damaged())?.into())
            }
        };
        Ok(())
    }

    fn inverse(self) -> TextChange {
        match self {
            TextChange::Patch { at, removed, added } => TextChange::Patch { at, removed: added, added: removed },
            TextChange::Whole { before, after } => TextChange::Whole { before: after, after: before },
        }
    }
}

/// Where two texts differ: from which byte on, what stands there in the one and in the other.
fn stretch<'t>(a: &'t str, b: &'t str) -> (usize, &'t str, &'t str) {
    let same = |x: &mut dyn Iterator<Item = (u8, u8)>| x.take_while(|(x, y)| x == y).count();
    let mut head = same(&mut a.bytes().zip(b.bytes()));
    while !a.is_char_boundary(head) || !b.is_char_boundary(head) {
        head -= 1;
    }
    let mut tail = same(&mut a[head..].bytes().rev().zip(b[head..].bytes().rev()));
    while !a.is_char_boundary(a.len() - tail) || !b.is_char_boundary(b.len() - tail) {
        tail -= 1;
    }
    (head, &a[head..a.len() - tail], &b[head..b.len() - tail])
}

/// How bytes are found by their fingerprint.
pub(super) type Blob<'b> = dyn Fn(&Hash) -> Result<Vec<u8>, Error> + 'b;

impl ScheduleChange {
    fn between(
        before: Option<&Arc<Schedule>>,
        after: Option<&Arc<Schedule>>,
        blobs: &mut NewBlobs,
    ) -> Option<ScheduleChange> {
        if before == after {
            return None;
        }
        if let (Some(a), Some(b)) = (before, after)
            && let Some(sessions) = ListChange::between(&a.sessions, &b.sessions)
            && let Some(unscheduled) = ListChange::between(&a.unscheduled, &b.unscheduled)
            && sessions.added.len() + sessions.removed.len() <= 60
            && unscheduled.added.len() + unscheduled.removed.len() <= 400
        {
            let head = Swap::between(&Head::of(a), &Head::of(b)).map(Box::new);
            return Some(ScheduleChange::Parts { sessions, unscheduled, head });
        }
        let mut kept = |s: Option<&Arc<Schedule>>| s.map(|s| keep(s.to_json().as_bytes(), blobs));
        Some(ScheduleChange::Whole { before: kept(before), after: kept(after) })
    }

    fn apply(&self, schedule: &mut Option<Arc<Schedule>>, blob: &Blob) -> Result<(), Error> {
        *schedule = match self {
            ScheduleChange::Parts { sessions, unscheduled, head } => {
                let mut new = schedule.as_deref().cloned().ok_or_else(damaged)?;
                sessions.apply(&mut new.sessions)?;
                unscheduled.apply(&mut new.unscheduled)?;
                if let Some(head) = head {
                    let Head { format, instance, not_heard, cost, bound, provenance } = head.after.clone();
                    new = Schedule { format, instance, not_heard, cost, bound, provenance, ..new };
                }
                Some(Arc::new(new))
            }
            ScheduleChange::Whole { after: None, .. } => None,
            ScheduleChange::Whole { after: Some(hash), .. } => {
                Some(Arc::new(serde_json::from_slice(&blob(hash)?).map_err(|_| damaged())?))
            }
        };
        Ok(())
    }

    fn inverse(self) -> ScheduleChange {
        match self {
            ScheduleChange::Parts { sessions, unscheduled, head } => ScheduleChange::Parts {
                sessions: sessions.inverse(),
                unscheduled: unscheduled.inverse(),
                head: head.map(|h| Box::new(h.inverse())),
            },
            ScheduleChange::Whole { before, after } => ScheduleChange::Whole { before: after, after: before },
        }
    }
}

impl Delta {
    /// What has to be done to the one document to have the other, and the bytes that have to be kept for it.
    pub(super) fn between(a: &Document, b: &Document) -> (Delta, NewBlobs) {
        let mut blobs = NewBlobs::new();
        let delta = Delta {
            name: Swap::between(&a.name, &b.name),
            instance: TextChange::between(a.instance.as_ref(), b.instance.as_ref(), &mut blobs),
            sheets: TextChange::between(a.sheets.as_ref(), b.sheets.as_ref(), &mut blobs),
            mapping: Swap::between(&a.mapping, &b.mapping),
            schedule: ScheduleChange::between(a.schedule.as_ref(), b.schedule.as_ref(), &mut blobs),
            published: Swap::between(&a.published, &b.published),
            files: Swap::between(&a.files, &b.files),
        };
        (delta, blobs)
    }

    /// Changes a document, all or nothing.
    pub(super) fn apply(&self, document: &Document, blob: &Blob) -> Result<Document, Error> {
        let mut new = document.clone();
        if let Some(name) = &self.name {
            new.name.clone_from(&name.after);
        }
        if let Some(change) = &self.instance {
            change.apply(&mut new.instance, blob)?;
        }
        if let Some(change) = &self.sheets {
            change.apply(&mut new.sheets, blob)?;
        }
        if let Some(mapping) = &self.mapping {
            new.mapping = mapping.after.clone();
        }
        if let Some(change) = &self.schedule {
            change.apply(&mut new.schedule, blob)?;
        }
        if let Some(published) = &self.published {
            new.published.clone_from(&published.after);
        }
        if let Some(files) = &self.files {
            new.files.clone_from(&files.after);
        }
        Ok(new)
    }

    /// What takes it back.
    pub(super) fn inverse(self) -> Delta {
        Delta {
            name: self.name.map(Swap::inverse),
            instance: self.instance.map(TextChange::inverse),
            sheets: self.sheets.map(TextChange::inverse),
            mapping: self.mapping.map(Swap::inverse),
            schedule: self.schedule.map(ScheduleChange::inverse),
            published: self.published.map(Swap::inverse),
            files: self.files.map(Swap::inverse),
        }
    }

    /// Whether it changes nothing.
    pub(super) fn is_empty(&self) -> bool {
        *self == Delta::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blobs(new: NewBlobs) -> impl Fn(&Hash) -> Result<Vec<u8>, Error> {
        let all: HashMap<Hash, Vec<u8>> = new.into_iter().collect();
        move |hash| all.get(hash).cloned().ok_or_else(damaged)
    }

    fn there_and_back(a: &Document, b: &Document) -> Delta {
        let (delta, new) = Delta::between(a, b);
        let find = blobs(new);
        assert_eq!(delta.apply(a, &find).unwrap(), *b);
        assert_eq!(delta.clone().inverse().apply(b, &find).unwrap(), *a);
        let said: Delta = serde_json::from_str(&serde_json::to_string(&delta).unwrap()).unwrap();
        assert_eq!(said, delta);
        delta
    }

    fn text(t: &str) -> Document {
        Document { instance: Some(t.into()), ..Document::default() }
    }

    #[test]
    fn texts_change_and_change_back() {
        let long = "é".repeat(LARGEST_PATCH);
        for (a, b) in [("aéb", "aèb"), ("", "été"), ("aaa", "aa"), ("ab", "abab"), ("x", &long), (&long, "é")] {
            there_and_back(&text(a), &text(b));
            there_and_back(&text(b), &text(a));
            there_and_back(&Document::default(), &text(a));
        }
        assert!(Delta::between(&text("a"), &text("a")).0.is_empty());
    }

    fn session(id: &str, room: &str) -> Session {
        let date = chrono::NaiveDate::from_ymd_opt(2026, 6, 3).unwrap();
        Session {
            id: id.into(),
            commission: "C".into(),
            language: None,
            centre: "Z".into(),
            room: room.into(),
            date,
            given: None,
            members: BTreeMap::new(),
            sittings: Vec::new(),
        }
    }

    #[test]
    fn a_move_is_small_and_goes_both_ways() {
        let plan = |ids: &[(&str, &str)]| {
            let mut s: Schedule =
                serde_json::from_str(r#"{"format":"oraux-schedule/1","instance":"x","sessions":[]}"#).unwrap();
            s.sessions = ids.iter().map(|(id, room)| session(id, room)).collect();
            Document { schedule: Some(Arc::new(s)), ..Document::default() }
        };
        let many: Vec<String> = (0..40).map(|i| format!("S{i:03}")).collect();
        let before: Vec<(&str, &str)> = many.iter().map(|id| (id.as_str(), "A")).collect();
        let mut after = before.clone();
        after[7].1 = "B";
        after.remove(20);
        after.insert(3, ("H001", "C"));
        let delta = there_and_back(&plan(&before), &plan(&after));
        assert!(serde_json::to_string(&delta).unwrap().len() < 1_500);
        // What changes its order is kept whole.
        after.swap(9, 12);
        there_and_back(&plan(&before), &plan(&after));
        there_and_back(&Document::default(), &plan(&before));
    }
}
