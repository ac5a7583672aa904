//! The parts of a zipped workbook as XML events, unpacked in passing and never more than the limits allow.

use std::cell::Cell;
use std::io::{BufReader, Cursor, Read};
use std::rc::Rc;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use zip::ZipArchive;
use zip::result::ZipError;

use crate::read::limit::Limit;
use crate::tr;

/// What one element or text may hold at most: a cell holds 32,767 characters.
const LONGEST_EVENT: u64 = 4 << 20;

/// The parts of a workbook.
pub struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    gauge: Rc<Gauge>,
}

/// How much was unpacked, of all parts and since the last event.
#[derive(Default)]
struct Gauge {
    total: Cell<u64>,
    event: Cell<u64>,
    over: Cell<bool>,
}

impl<'a> Archive<'a> {
    /// Opens a workbook.
    ///
    /// # Errors
    /// A sentence, where the file is no archive or a torn one.
    pub fn open(bytes: &'a [u8]) -> Result<Archive<'a>, String> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| torn())?;
        Ok(Archive { zip, gauge: Rc::default() })
    }

    /// Whether there is a part of that name.
    pub fn has(&self, name: &str) -> bool {
        self.zip.index_for_name(name).is_some()
    }

    /// The events of a part.
    ///
    /// # Errors
    /// A sentence, where the part is missing, torn or locked.
    pub fn part(&mut self, name: &str) -> Result<Xml<impl Read + '_>, String> {
        let file = self.zip.by_name(name).map_err(|e| match e {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => locked(),
            ZipError::FileNotFound => tr!(
                "the part \"{name}\" of the workbook is missing; open it in a spreadsheet program and save it again",
                "la partie « {name} » du classeur manque ; ouvrez-le dans un tableur et enregistrez-le à nouveau"
            ),
            _ => torn(),
        })?;
        let counted = Counted { inner: file, gauge: self.gauge.clone() };
        let mut reader = Reader::from_reader(BufReader::new(counted));
        reader.config_mut().expand_empty_elements = true;
        Ok(Xml { reader, buffer: Vec::new(), gauge: self.gauge.clone(), depth: 0 })
    }
}

/// What is said of a file that ends too early or is damaged.
pub fn torn() -> String {
    tr!(
        "the workbook is truncated or damaged; copy or download it again, or save it again as XLSX or ODS",
        "le classeur est tronqué ou endommagé ; copiez-le ou téléchargez-le à nouveau, ou réenregistrez-le en XLSX ou ODS"
    )
}

/// What is said of a file that asks for a password.
pub fn locked() -> String {
    tr!(
        "the workbook is protected by a password; save it without one",
        "le classeur est protégé par un mot de passe ; enregistrez-le sans mot de passe"
    )
}

struct Counted<R> {
    inner: R,
    gauge: Rc<Gauge>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.inner.read(buffer)?;
        let (total, event) = (self.gauge.total.get() + n as u64, self.gauge.event.get() + n as u64);
        self.gauge.total.set(total);
        self.gauge.event.set(event);
        if total > Limit::Parts.most() || event > LONGEST_EVENT {
            self.gauge.over.set(total > Limit::Parts.most());
            return Err(std::io::Error::other("too much"));
        }
        Ok(n)
    }
}

/// The events of one part.
pub struct Xml<R: Read> {
    reader: Reader<BufReader<Counted<R>>>,
    buffer: Vec<u8>,
    gauge: Rc<Gauge>,
    /// How many elements are open.
    depth: usize,
}

impl<R: Read> Xml<R> {
    /// The next event; an empty element is a start and an end.
    ///
    /// # Errors
    /// A sentence, where the part is torn or larger than the limits.
    pub fn next(&mut self) -> Result<Event<'_>, String> {
        self.buffer.clear();
        self.gauge.event.set(0);
        let gauge = &self.gauge;
        let torn_or_large = |_| if gauge.over.get() { Limit::Parts.exceeded() } else { torn() };
        let event = self.reader.read_event_into(&mut self.buffer).map_err(torn_or_large)?;
        match &event {
            Event::Start(_) => self.depth += 1,
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            // A part that ends within an element is cut off.
            Event::Eof if self.depth > 0 => return Err(torn()),
            _ => {}
        }
        Ok(event)
    }
}

/// The text of an event that is one: text, CDATA, or a reference such as `&amp;`.
pub fn text_of(event: &Event) -> Option<String> {
    match event {
        Event::Text(t) => Some(t.xml10_content().into_owned()),
        Event::CData(t) => Some(t.xml10_content().into_owned()),
        Event::GeneralRef(r) => Some(match r.resolve_char_ref() {
            Ok(Some(c)) => c.to_string(),
            _ => match r.xml10_content().as_ref() {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "apos" => "'",
                _ => "\u{fffd}",
            }
            .to_string(),
        }),
        _ => None,
    }
}

/// An attribute by its name without prefix.
pub fn attribute(tag: &BytesStart, name: &str) -> Option<String> {
    let mut all = tag.attributes();
    let found = all.with_checks(false).flatten().find(|a| a.key.local_name().as_ref() == name)?;
    Some(found.normalized_value(XmlVersion::Implicit1_0).map_or_else(|_| found.value.to_string(), |v| v.into_owned()))
}

/// An attribute that is a whole number.
pub fn number(tag: &BytesStart, name: &str) -> Option<usize> {
    attribute(tag, name)?.trim().parse().ok()
}

/// An attribute that says yes.
pub fn is_set(tag: &BytesStart, name: &str) -> bool {
    attribute(tag, name).is_some_and(|v| matches!(v.as_str(), "1" | "true" | "on"))
}
