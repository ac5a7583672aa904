//! The pictures of one centre on one date, as SVG: hours across, one row for each commission in each exam room
//! (its members at the left), then the preparation rooms.
//!
//! The pale band behind the sittings is the commission's time, so that waiting shows. A long day is drawn in
//! several parts, each of which fits a landscape page.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use std::fmt::Write;

use super::texts::Texts;
use super::{Day, SessionLine, SittingLine};
use crate::instance::{Clock, Minutes, time};
use crate::lang;

/// Width kept at the left for rooms and people.
const LABEL: f64 = 216.0;
/// From the room's name to the people's.
const PEOPLE: f64 = 56.0;
/// Width of an hour: a sitting of 20 minutes then shows an id of five characters.
const HOUR: f64 = 108.0;
/// Height of a commission's row.
const ROW: f64 = 44.0;
/// Height of a line of preparation.
const LANE: f64 = 15.0;
/// Height of the hours' line.
const HEAD: f64 = 20.0;
/// No part is higher: A4 in landscape, less the heading, at this width.
const PAGE: f64 = 790.0;
/// A short day is not blown up beyond this.
const LARGEST: f64 = 1.15;
/// Waiting from this many minutes on is written, not only shown.
const WORTH_WRITING: Minutes = 15;
/// Sizes of letters, the same as in the style sheet: names and people, exams, ids (bold), rooms (bold).
const SMALL: f64 = 9.0;
const PLAIN: f64 = 10.0;
const ID: f64 = 9.2;
const ROOM: f64 = 12.5;
/// An id may be squeezed to this part of its width before it is cut.
const SQUEEZE: f64 = 0.75;
/// A name cut after fewer letters helps nobody.
const WORTH_NAMING: f64 = 45.0;

/// A row: what one commission does in one room, or who prepares in one room.
enum Row<'a> {
    Commission { room: Option<&'a str>, of: &'a str, sessions: Vec<&'a SessionLine> },
    Preparation { room: &'a str, lanes: Vec<Vec<&'a SittingLine>> },
}

impl Row<'_> {
    fn height(&self) -> f64 {
        match self {
            Row::Commission { .. } => ROW,
            Row::Preparation { lanes, .. } => lanes.len() as f64 * LANE + 6.0,
        }
    }
}

/// Draws the day, in as many parts as fit a page each.
pub(super) fn pictures(day: &Day, texts: &Texts) -> Vec<String> {
    let canvas = Canvas::of(day, texts);
    let mut parts: Vec<Vec<Row>> = vec![Vec::new()];
    let mut height = HEAD;
    for row in rows(day) {
        if height + row.height() > PAGE && !parts.last().is_some_and(Vec::is_empty) {
            parts.push(Vec::new());
            height = HEAD;
        }
        height += row.height();
        parts.last_mut().expect("there is always a part").push(row);
    }
    parts.iter_mut().map(|part| canvas.draw(part)).collect()
}

fn rows(day: &Day) -> Vec<Row<'_>> {
    let mut rows: Vec<Row> = Vec::new();
    let mut known = HashMap::new();
    for session in &day.sessions {
        // The same people in the same room keep their row after lunch.
        let people: Vec<_> = session.members.iter().map(|m| (m.seat.as_str(), m.who.id.as_str())).collect();
        match known.entry((&session.room, &session.commission, &session.language, people)) {
            Entry::Occupied(row) => {
                if let Row::Commission { sessions, .. } = &mut rows[*row.get()] {
                    sessions.push(session);
                }
            }
            Entry::Vacant(new) => {
                // Sessions come room by room.
                let first = !matches!(rows.last(), Some(Row::Commission { of, .. }) if **of == session.room);
                let room = first.then_some(session.room.as_str());
                new.insert(rows.len());
                rows.push(Row::Commission { room, of: &session.room, sessions: vec![session] });
            }
        }
    }
    let mut preparation: BTreeMap<&str, Vec<&SittingLine>> = BTreeMap::new();
    for sitting in day.sessions.iter().flat_map(|s| &s.sittings).filter(|s| !s.preparation_room.is_empty()) {
        preparation.entry(&sitting.preparation_room).or_default().push(sitting);
    }
    rows.extend(preparation.into_iter().map(|(room, who)| Row::Preparation { room, lanes: in_lanes(who) }));
    rows
}

/// Spreads preparations over as few lanes as do not overlap.
fn in_lanes(mut sittings: Vec<&SittingLine>) -> Vec<Vec<&SittingLine>> {
    sittings.sort_by_key(|s| (s.begins, s.start));
    let mut lanes: Vec<Vec<&SittingLine>> = Vec::new();
    // Of the lanes that are free again, the first is taken.
    let (mut busy, mut free) = (BinaryHeap::new(), BTreeSet::new());
    for s in sittings {
        while let Some(&Reverse((until, lane))) = busy.peek()
            && until <= s.begins
        {
            busy.pop();
            free.insert(lane);
        }
        let lane = free.pop_first().unwrap_or(lanes.len());
        if lane == lanes.len() {
            lanes.push(Vec::new());
        }
        lanes[lane].push(s);
        busy.push(Reverse((s.start, lane)));
    }
    lanes
}

struct Canvas<'a> {
    day: &'a Day,
    texts: &'a Texts,
    from: Minutes,
    to: Minutes,
}

impl<'a> Canvas<'a> {
    fn of(day: &'a Day, texts: &'a Texts) -> Canvas<'a> {
        let sittings = || day.sessions.iter().flat_map(|s| &s.sittings);
        let from = sittings().map(|s| s.begins.0.min(s.start.0)).min().unwrap_or(480).div_euclid(60) * 60;
        let to = time::round_up(sittings().map(|s| s.end.0).max().unwrap_or(1080), 30).max(from + 120);
        Canvas { day, texts, from, to }
    }

    fn x(&self, t: Minutes) -> f64 {
        LABEL + f64::from(t.clamp(self.from, self.to) - self.from) * HOUR / 60.0
    }

    fn draw(&self, rows: &mut [Row]) -> String {
        let height = HEAD + rows.iter().map(Row::height).sum::<f64>();
        let width = self.x(self.to) + 2.0;
        let place = if self.day.centre.name.is_empty() { &self.day.centre.id } else { &self.day.centre.name };
        let title =
            self.texts.picture.replace("{place}", place).replace("{date}", &self.texts.long_date(self.day.date));
        let mut svg = format!(
            "<svg class=\"day\" style=\"--widest:{:.0}px\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"{}\">",
            width * LARGEST,
            told(&title)
        );
        self.hours(height, &mut svg);
        let mut y = HEAD;
        // A part that starts in the middle of a room says again which room it is.
        if let Some(Row::Commission { room, of, .. }) = rows.first_mut() {
            *room = Some(of);
        }
        for row in rows.iter() {
            let strong = !matches!(row, Row::Commission { room: None, .. });
            let start = if strong { 0.0 } else { PEOPLE };
            let _ = write!(svg, "<path class=\"row\" d=\"M{start} {y:.0}H{width:.0}\"/>");
            match row {
                Row::Commission { room, of, sessions } => {
                    self.unavailable(of, y, ROW, &mut svg);
                    if let Some(room) = room {
                        let shown = fitted(room, PEOPLE - 6.0, ROOM * BOLD);
                        let _ = write!(
                            svg,
                            "<text class=\"room\" x=\"2\" y=\"{:.0}\"><title>{}</title>{}</text>",
                            y + 17.0,
                            escape(room),
                            escape(&shown)
                        );
                    }
                    self.people(sessions[0], y, &mut svg);
                    sessions.iter().for_each(|s| self.session(s, y, &mut svg));
                }
                Row::Preparation { room, lanes } => {
                    self.unavailable(room, y, row.height(), &mut svg);
                    let label = format!("{} {room}", self.texts.preparation_of);
                    let _ = write!(
                        svg,
                        "<text class=\"prep\" x=\"2\" y=\"{:.0}\">{}</text>",
                        y + 14.0,
                        escape(&fitted(&label, LABEL - 8.0, PLAIN))
                    );
                    for (i, lane) in lanes.iter().enumerate() {
                        lane.iter().for_each(|s| self.preparation(s, room, y + 3.0 + i as f64 * LANE, &mut svg));
                    }
                }
            }
            y += row.height();
        }
        svg + "</svg>"
    }

    /// The hours, the half-days, the opening.
    fn hours(&self, height: f64, svg: &mut String) {
        let mut band = |class: &str, from: Minutes, to: Minutes| {
            let (a, b) = (self.x(from), self.x(to));
            if a < b {
                let h = height - HEAD;
                let _ = write!(
                    svg,
                    "<rect class=\"{class}\" x=\"{a:.1}\" y=\"{HEAD}\" width=\"{:.1}\" height=\"{h:.0}\"/>",
                    b - a
                );
            }
        };
        let mut at = self.from;
        for (from, to) in &self.day.half_days {
            band("lunch", at, from.0);
            at = at.max(to.0);
        }
        band("lunch", at, self.to);
        let (open, close) = self.day.open.map_or((self.to, self.to), |(a, b)| (a.0, b.0));
        band("shut", self.from, open);
        band("shut", close, self.to);
        for hour in (self.from + 59) / 60..=self.to / 60 {
            let at = self.x(hour * 60);
            let end = hour * 60 == self.to;
            let _ = write!(
                svg,
                "<path class=\"hour\" d=\"M{at:.1} {HEAD}V{height:.0}\"/><text class=\"hour\" x=\"{at:.1}\" y=\"14\"{}>{}</text>",
                if end { " text-anchor=\"end\"" } else { "" },
                self.texts.hour.replace("{h}", &hour.to_string())
            );
        }
        let edges = self.day.half_days.iter().flat_map(|(a, b)| [("half", a.0), ("half", b.0)]);
        for (class, t) in edges.chain(self.day.open.iter().flat_map(|(a, b)| [("open", a.0), ("open", b.0)])) {
            if (self.from..=self.to).contains(&t) {
                let _ = write!(svg, "<path class=\"{class}\" d=\"M{:.1} {HEAD}V{height:.0}\"/>", self.x(t));
            }
        }
    }

    fn unavailable(&self, room: &str, y: f64, height: f64, svg: &mut String) {
        for (_, from, to) in self.day.unavailable.iter().filter(|(r, ..)| r == room) {
            let (a, b) = (self.x(from.0), self.x(to.0));
            let title = span(self.texts.unavailable, *from, *to);
            let _ = write!(
                svg,
                "<rect class=\"shut\" x=\"{a:.1}\" y=\"{y:.0}\" width=\"{:.1}\" height=\"{height:.0}\"><title>{} {title}</title></rect>",
                b - a,
                escape(room),
            );
        }
    }

    /// Who sits, at the left of the row.
    fn people(&self, session: &SessionLine, y: f64, svg: &mut String) {
        let mut lines: Vec<String> = session
            .members
            .iter()
            .map(|m| format!("{} {}", m.seat, if m.who.name.is_empty() { &m.who.id } else { &m.who.name }))
            .collect();
        lines.extend(session.empty_seats.iter().map(|seat| format!("{seat} – {}", self.texts.vacant)));
        if lines.len() > 3 {
            let more = self.texts.many(self.texts.more_members, lines.len() as i64 - 2);
            lines.truncate(2);
            lines.push(more);
        }
        let _ = write!(svg, "<g><title>{}</title>", told(&self.about(session)));
        for (i, line) in lines.iter().enumerate() {
            let _ = write!(
                svg,
                "<text class=\"people\" x=\"{PEOPLE}\" y=\"{:.1}\">{}</text>",
                y + 13.0 + 12.5 * i as f64,
                escape(&fitted(line, LABEL - PEOPLE - 4.0, SMALL))
            );
        }
        svg.push_str("</g>");
    }

    /// A session in full, for the tooltip.
    fn about(&self, session: &SessionLine) -> String {
        let members: Vec<String> =
            session.members.iter().map(|m| format!("{} {} {}", m.seat, m.who.id, m.who.name)).collect();
        let language = if session.language.is_empty() { String::new() } else { format!(" ({})", session.language) };
        format!(
            "{} {}, {}{language}, {} {}, {}–{}\n{}",
            self.texts.session,
            session.id,
            session.commission,
            self.texts.room,
            session.room,
            session.first,
            session.last,
            members.join("\n")
        )
    }

    fn session(&self, session: &SessionLine, y: f64, svg: &mut String) {
        let (left, right) = (self.x(session.first.0), self.x(session.last.0));
        let _ = write!(
            svg,
            "<rect class=\"session\" x=\"{:.1}\" y=\"{:.0}\" width=\"{:.1}\" height=\"{:.0}\" rx=\"3\"><title>{}</title></rect>",
            left - 2.0,
            y + 2.0,
            right - left + 4.0,
            ROW - 4.0,
            told(&self.about(session))
        );
        let mut end = session.first;
        for s in &session.sittings {
            let gap = s.start.0 - end.0;
            if gap >= WORTH_WRITING {
                let says = span(self.texts.waits, end, s.start).replace("{n}", &gap.to_string());
                let _ = write!(
                    svg,
                    "<text class=\"idle\" x=\"{:.1}\" y=\"{:.0}\">{gap}<title>{}</title></text>",
                    (self.x(end.0) + self.x(s.start.0)) / 2.0,
                    y + 26.0,
                    told(&says)
                );
            }
            end = end.max(s.end);
            self.sitting(session, s, y + 4.0, svg);
        }
    }

    fn sitting(&self, session: &SessionLine, s: &SittingLine, y: f64, svg: &mut String) {
        let (left, wide) = (self.x(s.start.0), self.x(s.end.0) - self.x(s.start.0));
        let mut title = format!("{} {}\n{}, {}–{}", s.candidate.id, s.candidate.name, s.exam, s.start, s.end);
        if !s.preparation_room.is_empty() {
            let says = span(self.texts.prepares, s.begins, s.start)
                .replace("{room}", &lang::room(self.texts.lang, &s.preparation_room));
            let _ = write!(title, "\n{says} {}", s.exam);
        }
        for (mark, says) in [(s.extra, self.texts.legend_extra), (s.waived, self.texts.waived)] {
            if mark {
                let _ = write!(title, "\n{says}");
            }
        }
        let _ = write!(title, "\n{}", self.about(session));
        let marks = match (s.extra, s.waived) {
            (true, true) => " +⚠",
            (true, false) => " +",
            (false, true) => " ⚠",
            (false, false) => "",
        };
        let room = wide - 3.0;
        let (text, high) = (left + 1.5, ROW - 8.0);
        let _ = write!(
            svg,
            "<g><title>{}</title><rect class=\"oral {}\" x=\"{left:.1}\" y=\"{y:.0}\" width=\"{wide:.1}\" height=\"{high:.0}\" \
             rx=\"2\"/>{}<text x=\"{text:.1}\" y=\"{:.1}\">{}</text>",
            told(&title),
            class(s.exam_ix),
            id(&s.candidate.id, "who", text, y + 10.5, room),
            y + 21.5,
            escape(&fitted(&format!("{}{marks}", s.exam), room, PLAIN)),
        );
        if !s.candidate.name.is_empty() && room > WORTH_NAMING {
            let name = fitted(&s.candidate.name, room, SMALL);
            let _ = write!(svg, "<text class=\"name\" x=\"{text:.1}\" y=\"{:.1}\">{}</text>", y + 32.5, escape(&name));
        }
        svg.push_str("</g>");
    }

    fn preparation(&self, s: &SittingLine, room: &str, y: f64, svg: &mut String) {
        let (left, wide) = (self.x(s.begins.0), self.x(s.start.0) - self.x(s.begins.0));
        let says = span(self.texts.prepares, s.begins, s.start).replace("{room}", &lang::room(self.texts.lang, room));
        let (text, base) = (left + 1.5, y + 9.8);
        let _ = write!(
            svg,
            "<g><title>{} {}\n{} {}</title><rect class=\"preparation {}\" x=\"{left:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" \
             height=\"{:.1}\" rx=\"2\"/>{}",
            escape(&s.candidate.id),
            escape(&s.candidate.name),
            told(&says),
            escape(&s.exam),
            class(s.exam_ix),
            LANE - 2.0,
            id(&s.candidate.id, "small", text, base, wide - 3.0),
        );
        let taken = width(&s.candidate.id) * SMALL + 4.0;
        if wide - 3.0 - taken > WORTH_NAMING && !s.candidate.name.is_empty() {
            let name = fitted(&s.candidate.name, wide - 3.0 - taken, SMALL);
            let _ =
                write!(svg, "<text class=\"small\" x=\"{:.1}\" y=\"{base:.1}\">{}</text>", text + taken, escape(&name));
        }
        svg.push_str("</g>");
    }
}

fn span(text: &str, from: Clock, to: Clock) -> String {
    text.replace("{from}", &from.to_string()).replace("{to}", &to.to_string())
}

/// The colour of an exam; there are eight, and the code stands beside it.
pub(super) fn class(exam: Option<usize>) -> String {
    exam.map_or(String::new(), |e| format!("e{}", e % 8))
}

/// Bold letters are wider by this factor.
const BOLD: f64 = 1.1;

/// The width of a text at size 1, in a wide sans serif: in any other it fits as well.
fn width(text: &str) -> f64 {
    let of = |c: char| match c {
        'i' | 'j' | 'l' | ' ' | '.' | ',' | '\'' | '’' | ':' | '|' | 'I' | 'ï' | 'î' => 0.32,
        'f' | 't' | 'r' | '-' | '(' | ')' => 0.39,
        'm' | 'M' | 'w' | 'W' | '…' => 0.98,
        c if c.is_uppercase() => 0.71,
        _ => 0.62,
    };
    text.chars().map(of).sum()
}

/// As much of a text as a width shows at a size, with an ellipsis where it is cut.
fn fitted(text: &str, room: f64, size: f64) -> String {
    if width(text) * size <= room {
        return text.to_string();
    }
    let mut shown = String::new();
    for c in text.chars() {
        shown.push(c);
        if width(&shown) * size + width("…") * size > room {
            shown.pop();
            break;
        }
    }
    shown.trim_end().to_string() + "…"
}

/// A candidate's id: a long one is squeezed, a very long one keeps its end, for numbers of one session start alike.
fn id(id: &str, class: &str, x: f64, y: f64, room: f64) -> String {
    let size = if class == "who" { ID * BOLD } else { SMALL };
    let mut shown: String = id.to_string();
    while width(&shown) * size * SQUEEZE > room && shown.chars().count() > 2 {
        shown = ['…'].into_iter().chain(shown.chars().skip(if shown.starts_with('…') { 2 } else { 1 })).collect();
    }
    let squeeze = if width(&shown) * size > room {
        format!(" textLength=\"{room:.1}\" lengthAdjust=\"spacingAndGlyphs\"")
    } else {
        String::new()
    };
    format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\"{squeeze}>{}</text>", escape(&shown))
}

/// What a mark tells whoever points at it.
fn told(text: &str) -> String {
    escape(&lang::readable(text))
}

fn escape(text: &str) -> String {
    minijinja::HtmlEscape(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_where_they_do_not_fit_and_ids_keep_their_end() {
        assert_eq!(fitted("NOYER", 40.0, SMALL), "NOYER");
        let cut = fitted("GENÉVRIER-FICTIF Sittelle", 60.0, SMALL);
        assert!(cut.starts_with("GENÉ") && cut.ends_with('…') && width(&cut) * SMALL <= 60.0, "{cut}");
        assert_eq!(id("C0012", "who", 1.0, 2.0, 33.0), "<text class=\"who\" x=\"1.0\" y=\"2.0\">C0012</text>");
        assert!(id("C001234", "who", 0.0, 0.0, 36.0).contains("textLength=\"36.0\""));
        assert!(id("2024-0012345678", "who", 0.0, 0.0, 33.0).contains(">…45678<"));
        assert!(id("<&>", "small", 0.0, 0.0, 33.0).contains(">&lt;&amp;&gt;<"));
    }
}
