//! The texts of the documents: one resource a language (`texts/fr.toml`, `texts/en.toml`), of which an office may
//! replace any line.

use std::path::Path;

use chrono::{Datelike, NaiveDate};
use serde_json::Value;

use crate::fault::Fault;
use crate::instance::{Instance, Interval, Minutes};
use crate::lang::{self, Lang, capital, of_the, typeset};
use crate::tr;

const FRENCH: &str = include_str!("texts/fr.toml");
const ENGLISH: &str = include_str!("texts/en.toml");
/// Tables to which an office may add lines of its own: other languages, other diplomas.
const OPEN: [&str; 2] = ["languages", "regulations"];

/// The texts in one language.
#[derive(Clone, Debug)]
pub struct Texts {
    /// The language.
    pub lang: Lang,
    root: Value,
}

/// The file that holds the texts of a language.
pub fn file_name(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => "fr.toml",
        Lang::En => "en.toml",
    }
}

/// The program's own file of texts.
pub fn shipped(lang: Lang) -> &'static str {
    match lang {
        Lang::Fr => FRENCH,
        Lang::En => ENGLISH,
    }
}

impl Texts {
    /// The program's own texts.
    pub fn of(lang: Lang) -> Texts {
        let table: toml::Table = toml::from_str(shipped(lang)).expect("the texts are part of the program");
        let mut root = serde_json::to_value(table).expect("texts are always JSON");
        if lang == Lang::Fr {
            typography(&mut root);
        }
        Texts { lang, root }
    }

    /// The program's own texts, with those of the office's file in their place; every fault of that file at once.
    pub fn read(lang: Lang, folder: Option<&Path>) -> Result<Texts, Vec<Fault>> {
        let mut texts = Texts::of(lang);
        let Some(folder) = folder else { return Ok(texts) };
        let path = folder.join(file_name(lang));
        let file = Some(path.display().to_string());
        let fault = |f: Fault| vec![Fault { file: file.clone(), ..f }];
        let content = std::fs::read_to_string(&path)
            .map_err(|e| fault(Fault::new("", tr!("cannot be read: {e}", "lecture impossible : {e}"))))?;
        let table: toml::Table = toml::from_str(&content).map_err(|e| {
            let position = e.span().map(|s| line_and_column(&content, s.start));
            fault(Fault { position, ..Fault::new("", e.message()) })
        })?;
        let mut own = serde_json::to_value(table).expect("texts are always JSON");
        if lang == Lang::Fr {
            typography(&mut own);
        }
        let mut faults = Vec::new();
        replace(&mut texts.root, own, "", &mut faults);
        if !faults.is_empty() {
            return Err(faults.into_iter().map(|f| Fault { file: file.clone(), ..f }).collect());
        }
        Ok(texts)
    }

    /// The texts with what this instance says of its session and office in their place.
    pub fn of_session(mut self, instance: &Instance) -> Texts {
        let office = &instance.office;
        let references = office.references.join(" ; ");
        for (key, own) in [
            ("session", &office.session),
            ("examination", &office.examination),
            ("authority", &office.authority),
            ("name", &office.name),
            ("address", &office.address),
            ("telephone", &office.telephone),
            ("email", &office.email),
            ("place", &office.place),
            ("signatory", &office.signatory),
            ("references", &references),
            ("mission", &office.mission),
        ] {
            if !own.is_empty() {
                self.root["office"][key] = Value::String(self.typeset(own));
            }
        }
        self
    }

    /// A text of somebody else as papers print it: names of people are left as they are written.
    pub fn typeset(&self, text: &str) -> String {
        if self.lang == Lang::Fr { typeset(text) } else { text.to_string() }
    }

    /// `du BTS …`: the examination after « of ».
    fn of_examination(&self) -> String {
        let name = self.get("office.examination");
        if self.lang == Lang::Fr { of_the(name) } else { name.to_string() }
    }

    /// `du BTS …, session 2026`.
    pub fn of_examination_and_session(&self) -> String {
        self.with_session(&self.of_examination())
    }

    /// What somebody who cannot come is told, with how the office is reached.
    pub fn absence(&self, name: &str) -> String {
        let office = ["office.telephone", "office.email"].map(|n| self.get(n));
        let reached: Vec<&str> = office.into_iter().filter(|t| !t.is_empty()).collect();
        let contact = match reached.is_empty() {
            true => String::new(),
            false => self.fill("convocation_candidat.contact", &[("list", &reached.join(", "))]),
        };
        self.fill(name, &[("contact", &contact)])
    }

    /// `BTS …, session 2026`.
    pub fn examination_and_session(&self) -> String {
        self.with_session(self.get("office.examination"))
    }

    fn with_session(&self, name: &str) -> String {
        let session = self.get("office.session");
        if session.is_empty() {
            name.to_string()
        } else {
            self.fill("words.of_session", &[("name", name), ("session", session)])
        }
    }

    /// All texts, for a template.
    pub fn json(&self) -> &Value {
        &self.root
    }

    /// The text of that name (`words.none`), if there is one.
    pub fn find(&self, name: &[&str]) -> Option<&str> {
        name.iter().try_fold(&self.root, |at, part| at.get(part)).and_then(Value::as_str)
    }

    /// The text of that name, which the program's own file has.
    ///
    /// # Panics
    /// Where the program asks for a text that it does not ship; the tests make every document.
    pub fn get(&self, name: &str) -> &str {
        let parts: Vec<&str> = name.split('.').collect();
        self.find(&parts).unwrap_or_else(|| panic!("no text {name:?}"))
    }

    /// The text with its braces filled in.
    pub fn fill(&self, name: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(name), values)
    }

    /// `1 candidat`, `2 candidats`: the text of that name has both forms.
    pub fn count(&self, name: &str, n: usize) -> String {
        let forms = self.root.pointer(&format!("/{}", name.replace('.', "/"))).and_then(Value::as_array);
        // French says « 0 candidat », English "0 candidates".
        let one = n == 1 || (n == 0 && self.lang == Lang::Fr);
        let form = forms.and_then(|f| f.get(usize::from(!one))).and_then(Value::as_str);
        fill(form.unwrap_or_else(|| panic!("no text {name:?} in two forms")), &[("n", &n.to_string())])
    }

    /// What the texts say of an exam, a commission or a seat of this regulation.
    pub fn of_regulation(&self, regulation: &str, path: &[&str]) -> Option<&str> {
        self.find(&[&["regulations", regulation], path].concat()).filter(|t| !t.is_empty())
    }

    /// `lundi 3 juin 2024`.
    pub fn date(&self, date: NaiveDate) -> String {
        let name = |list: &str, i: u32| self.root["words"][list][i as usize].as_str().unwrap_or_default().to_string();
        let day = if date.day() == 1 { self.get("words.first").to_string() } else { date.day().to_string() };
        self.fill(
            "words.date",
            &[
                ("weekday", &name("weekdays", date.weekday().num_days_from_monday())),
                ("day", &day),
                ("month", &name("months", date.month0())),
                ("year", &date.year().to_string()),
            ],
        )
    }

    /// `3 juin 2024`: as letters are dated.
    pub fn day(&self, date: NaiveDate) -> String {
        let month = self.root["words"]["months"][date.month0() as usize].as_str().unwrap_or_default();
        let day = if date.day() == 1 { self.get("words.first").to_string() } else { date.day().to_string() };
        self.fill("words.day", &[("day", &day), ("month", month), ("year", &date.year().to_string())])
    }

    /// `03/06/2024`.
    pub fn short_date(&self, date: NaiveDate) -> String {
        let (dd, mm, yyyy) =
            (format!("{:02}", date.day()), format!("{:02}", date.month()), format!("{:04}", date.year()));
        self.fill("words.short_date", &[("dd", &dd), ("mm", &mm), ("yyyy", &yyyy)])
    }

    /// A heading of a table for other programs: without fine typography.
    pub fn heading(&self, column: &str) -> String {
        self.get(&format!("columns.{column}")).replace(['\u{a0}', '\u{202f}'], " ").replace('’', "'")
    }

    /// `8 h 30`.
    pub fn hour(&self, at: Minutes) -> String {
        let (h, mm) = (at.div_euclid(60).to_string(), format!("{:02}", at.rem_euclid(60)));
        let name = if mm == "00" { "words.full_hour" } else { "words.hour" };
        unbroken(&self.fill(name, &[("h", &h), ("mm", &mm)]))
    }

    /// `de 8 h 30 à 9 h 00`.
    pub fn from_to(&self, time: Interval) -> String {
        self.fill("words.from_to", &[("from", &self.hour(time.from)), ("to", &self.hour(time.to))])
    }

    /// `1 h 20`, `30 min`.
    pub fn length(&self, minutes: Minutes) -> String {
        let (h, m) = (minutes.div_euclid(60), minutes.rem_euclid(60));
        let name = match (h, m) {
            (0, _) => "words.minutes",
            (_, 0) => "words.hours",
            _ => "words.hours_minutes",
        };
        let mm = if h > 0 { format!("{m:02}") } else { m.to_string() };
        unbroken(&self.fill(name, &[("h", &h.to_string()), ("m", &m.to_string()), ("mm", &mm)]))
    }

    /// `espagnol` for `es`.
    pub fn language(&self, code: &str) -> String {
        self.find(&["languages", code]).unwrap_or(code).to_string()
    }

    /// `salle B101`, `amphi 2`.
    pub fn room(&self, room: &str) -> String {
        lang::room(self.lang, room)
    }

    /// `Salle B101`, at the head of a line.
    pub fn room_first(&self, room: &str) -> String {
        capital(&self.room(room))
    }

    /// `oui`, `non`.
    pub fn yes(&self, yes: bool) -> &str {
        self.get(if yes { "words.yes" } else { "words.no" })
    }
}

/// Keeps an hour on one line.
fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{a0}")
}

fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        out.push_str(&rest[..at]);
        let (value, after) = match rest[at + 1..].split_once('}') {
            Some((name, after)) => (values.iter().find(|(n, _)| *n == name).map(|(_, v)| *v), after),
            None => (None, ""),
        };
        match value {
            Some(value) => {
                out.push_str(value);
                rest = after;
            }
            None => {
                out.push('{');
                rest = &rest[at + 1..];
            }
        }
    }
    out + rest
}

/// The names in braces.
fn blanks(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name)).collect()
}

/// French typography in every text, so that an office types plain characters.
fn typography(value: &mut Value) {
    match value {
        Value::String(text) => *text = typeset(text),
        Value::Array(list) => list.iter_mut().for_each(typography),
        Value::Object(table) => table.values_mut().for_each(typography),
        _ => {}
    }
}

/// Puts the office's lines in place of the program's; a line that the program never reads is a fault.
fn replace(into: &mut Value, own: Value, path: &str, faults: &mut Vec<Fault>) {
    match (into, own) {
        (Value::Object(table), Value::Object(lines)) => {
            for (key, line) in lines {
                let at = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                let open = OPEN.iter().any(|o| path.split('.').next() == Some(o));
                match table.get_mut(&key) {
                    Some(value) => replace(value, line, &at, faults),
                    None if open && whole(&line) => drop(table.insert(key, line)),
                    None => {
                        let mut fault = Fault::unknown(&at, "text", &key, table.keys());
                        if open {
                            fault = Fault::new(&at, tr!("a text is wanted here", "il faut ici un texte"));
                        }
                        faults.push(fault);
                    }
                }
            }
        }
        (Value::String(text), Value::String(line)) => {
            let known = blanks(text);
            for blank in blanks(&line).into_iter().filter(|b| !known.contains(b)) {
                let list = known.iter().map(|k| format!("{{{k}}}")).collect::<Vec<_>>().join(", ");
                faults.push(Fault::new(
                    path,
                    tr!(
                        "{{{blank}}} is never filled in here; known: {list}",
                        "{{{blank}}} n'est jamais rempli ici ; connus : {list}"
                    ),
                ));
            }
            *text = line;
        }
        (Value::Array(list), Value::Array(lines))
            if list.len() == lines.len() && lines.iter().all(Value::is_string) =>
        {
            *list = lines;
        }
        (Value::Array(list), _) => {
            let n = list.len();
            faults.push(Fault::new(path, tr!("a list of {n} texts is wanted", "il faut une liste de {n} textes")));
        }
        (Value::Object(_), _) => faults.push(Fault::new(path, tr!("a table is wanted", "il faut une table"))),
        _ => faults.push(Fault::new(path, tr!("a text is wanted", "il faut un texte"))),
    }
}

/// Whether what an office adds is texts all through.
fn whole(value: &Value) -> bool {
    match value {
        Value::String(_) => true,
        Value::Object(table) => table.values().all(whole),
        _ => false,
    }
}

fn line_and_column(text: &str, at: usize) -> (u32, u32) {
    let before = &text[..at.min(text.len())];
    let line = before.matches('\n').count() as u32 + 1;
    (line, before.rsplit('\n').next().unwrap_or("").chars().count() as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(value: &Value, path: &str, out: &mut Vec<String>) {
        match value {
            Value::Object(table) => table.iter().for_each(|(k, v)| names(v, &format!("{path}.{k}"), out)),
            Value::String(text) => {
                let mut found = blanks(text);
                found.sort();
                out.push(format!("{path} {found:?}"));
            }
            Value::Array(list) => out.push(format!("{path} [{}]", list.len())),
            _ => out.push(path.to_string()),
        }
    }

    #[test]
    fn both_languages_have_the_same_texts_with_the_same_blanks() {
        let (mut french, mut english) = (Vec::new(), Vec::new());
        names(Texts::of(Lang::Fr).json(), "", &mut french);
        names(Texts::of(Lang::En).json(), "", &mut english);
        french.sort();
        english.sort();
        // An English date may order its parts otherwise, but a blank missing in one of them is a fault.
        assert_eq!(french, english);
    }

    #[test]
    fn dates_hours_and_lengths_are_said_as_in_a_letter() {
        let texts = Texts::of(Lang::Fr);
        let day = |d| NaiveDate::from_ymd_opt(2024, 6, d).unwrap();
        assert_eq!(texts.date(day(1)), "samedi 1er juin 2024");
        assert_eq!(texts.short_date(day(3)), "03/06/2024");
        assert_eq!(texts.hour(485), "8\u{a0}h\u{a0}05");
        assert_eq!(
            [30, 60, 80, 65].map(|m| texts.length(m)).join(" | "),
            "30\u{a0}min | 1\u{a0}h | 1\u{a0}h\u{a0}20 | 1\u{a0}h\u{a0}05"
        );
        assert_eq!([0, 1, 2].map(|n| texts.count("words.candidates", n)), ["0 candidat", "1 candidat", "2 candidats"]);
        assert_eq!(Texts::of(Lang::En).date(day(3)), "Monday 3 June 2024");
        assert_eq!(Texts::of(Lang::En).count("words.candidates", 0), "0 candidates");
    }

    #[test]
    fn an_office_replaces_lines_and_hears_of_every_fault() {
        let folder = tempfile::tempdir().unwrap();
        let write = |text: &str| std::fs::write(folder.path().join("fr.toml"), text).unwrap();
        write(
            "[office]\nname = \"DEC 4 : bureau\"\n[languages]\nbr = \"breton\"\n\
             [regulations.autre.exams.A]\nbring = \"une règle\"\n",
        );
        let texts = Texts::read(Lang::Fr, Some(folder.path())).unwrap();
        assert_eq!(texts.get("office.name"), "DEC 4\u{a0}: bureau");
        assert_eq!(texts.language("br"), "breton");
        assert_eq!(texts.of_regulation("autre", &["exams", "A", "bring"]), Some("une règle"));
        assert_eq!(texts.get("words.yes"), "oui");

        write("[office]\nnane = \"x\"\n[words]\ndate = \"{jour}\"\nmonths = [\"janvier\"]\nyes = 1\n");
        let faults = Texts::read(Lang::Fr, Some(folder.path())).unwrap_err();
        let paths: Vec<&str> = faults.iter().map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["office.nane", "words.date", "words.months", "words.yes"]);

        write("[office\n");
        assert_eq!(Texts::read(Lang::Fr, Some(folder.path())).unwrap_err()[0].position.map(|p| p.0), Some(1));
    }
}
