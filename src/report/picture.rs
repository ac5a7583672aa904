//! The picture of one centre on one date: rooms against hours, as SVG. Exam rooms come first, each with its
//! sessions (the pale band is the commission's time, so that waiting shows), then the preparation rooms.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::class;
use crate::instance::*;
use crate::schedule::{Plan, PlanSession, PlanSitting};

const LABEL: f64 = 96.0;
const HOUR: f64 = 104.0;
const ROW: f64 = 50.0;
const LANE: f64 = 15.0;
const HEAD: f64 = 22.0;

/// Draws the day.
pub(super) fn picture(plan: &Plan, sessions: &[&PlanSession], open: Option<Interval>) -> String {
    let blocks = || sessions.iter().flat_map(|s| &s.sittings).map(PlanSitting::block);
    let from = blocks().map(|b| b.from).chain(open.map(|o| o.from)).min().unwrap_or(480).div_euclid(60) * 60;
    let to = time::round_up(blocks().map(|b| b.to).chain(open.map(|o| o.to)).max().unwrap_or(1080), 60);
    let x = |t: Minutes| LABEL + f64::from(t - from) * HOUR / 60.0;
    let mut rooms: BTreeMap<&str, Vec<&PlanSession>> = BTreeMap::new();
    let mut preparation: BTreeMap<&str, Vec<&PlanSitting>> = BTreeMap::new();
    for s in sessions {
        rooms.entry(s.raw.room.as_str()).or_default().push(s);
        for sitting in &s.sittings {
            if let Some(room) = &sitting.raw.preparation_room {
                preparation.entry(room).or_default().push(sitting);
            }
        }
    }
    let lanes: BTreeMap<&str, Vec<Vec<&PlanSitting>>> =
        preparation.into_iter().map(|(room, sittings)| (room, in_lanes(sittings))).collect();
    let lanes_height: f64 = lanes.values().map(|l| l.len() as f64 * LANE + 8.0).sum();
    let (width, height) = (x(to) + 4.0, HEAD + rooms.len() as f64 * ROW + lanes_height + 4.0);
    let mut svg = format!(
        "<svg class=\"day\" viewBox=\"0 0 {width:.0} {height:.0}\" role=\"img\" aria-label=\"salles et heures\">"
    );
    for half in &plan.instance.half_days {
        let (a, b) = (half.from.max(from), half.to.min(to));
        if a < b {
            let _ = write!(
                svg,
                "<rect class=\"half\" x=\"{:.1}\" y=\"{HEAD}\" width=\"{:.1}\" height=\"{:.1}\"/>",
                x(a),
                x(b) - x(a),
                height - HEAD
            );
        }
    }
    for hour in from / 60..=to / 60 {
        let at = x(hour * 60);
        let _ = write!(
            svg,
            "<line class=\"hour\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{HEAD}\" y2=\"{height:.0}\"/>\
             <text class=\"hour\" x=\"{:.1}\" y=\"15\">{hour} h</text>",
            at + 2.0
        );
    }
    for limit in open.iter().flat_map(|o| [o.from, o.to]) {
        let at = x(limit);
        let _ = write!(svg, "<line class=\"open\" x1=\"{at:.1}\" x2=\"{at:.1}\" y1=\"{HEAD}\" y2=\"{height:.0}\"/>");
    }
    let mut y = HEAD;
    for (room, sessions) in rooms {
        let _ = write!(svg, "<text class=\"room\" x=\"4\" y=\"{:.1}\">{}</text>", y + 28.0, escape(room));
        let _ = write!(svg, "<line class=\"row\" x1=\"0\" x2=\"{width:.0}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>");
        for session in sessions {
            draw_session(plan, session, &x, y, &mut svg);
        }
        y += ROW;
    }
    for (room, lanes) in lanes {
        let _ = write!(svg, "<line class=\"row\" x1=\"0\" x2=\"{width:.0}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>");
        let _ = write!(svg, "<text class=\"room prep\" x=\"4\" y=\"{:.1}\">prép. {}</text>", y + 15.0, escape(room));
        for lane in &lanes {
            for s in lane {
                let (left, wide) = (x(s.preparation.from), x(s.preparation.to) - x(s.preparation.from));
                let _ = write!(
                    svg,
                    "<g data-who=\"{0}\"><title>{0} prépare {1} de {2} à {3}</title>\
                     <rect class=\"waiting {4}\" x=\"{left:.1}\" y=\"{5:.1}\" width=\"{wide:.1}\" height=\"{6:.1}\" rx=\"2\"/>\
                     <text class=\"small\" x=\"{7:.1}\" y=\"{8:.1}\">{0} {1}</text></g>",
                    escape(&s.raw.candidate),
                    escape(&s.raw.exam),
                    s.raw.preparation_start,
                    s.raw.start,
                    s.exam.map_or(String::new(), class),
                    y + 4.0,
                    LANE - 2.0,
                    left + 3.0,
                    y + 14.0,
                );
            }
            y += LANE;
        }
        y += 8.0;
    }
    svg + "</svg>"
}

fn draw_session(plan: &Plan, session: &PlanSession, x: &dyn Fn(Minutes) -> f64, y: f64, svg: &mut String) {
    let (left, wide) = (x(session.span.from), x(session.span.to) - x(session.span.from));
    let people: Vec<&str> = session.members.iter().map(|m| m.id).collect();
    let names: Vec<String> = session
        .members
        .iter()
        .map(|m| {
            format!("{} {} {}", m.seat, m.id, m.examiner.map_or("?", |x| plan.instance.examiners[x].name.as_str()))
        })
        .collect();
    let _ = write!(
        svg,
        "<g data-who=\"{}\"><title>{} {} : {}</title><rect class=\"session\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" \
         height=\"{:.1}\" rx=\"3\"/><text class=\"people\" x=\"{left:.1}\" y=\"{:.1}\">{}</text></g>",
        escape(&people.join(" ")),
        escape(&session.raw.id),
        escape(&session.raw.commission),
        escape(&names.join(", ")),
        left - 2.0,
        y + 2.0,
        wide + 4.0,
        ROW - 4.0,
        y + 12.0,
        escape(&fitted(&people.join(" "), wide)),
    );
    for s in &session.sittings {
        let (left, wide) = (x(s.time.from), x(s.time.to) - x(s.time.from));
        let _ = write!(
            svg,
            "<g data-who=\"{0}\"><title>{0} {1} : {2} de {3} à {4}</title>\
             <rect class=\"oral {5}\" x=\"{left:.1}\" y=\"{6:.1}\" width=\"{wide:.1}\" height=\"30\" rx=\"2\"/>\
             <text class=\"who\" x=\"{7:.1}\" y=\"{8:.1}\">{9}</text><text class=\"what\" x=\"{7:.1}\" y=\"{10:.1}\">{11}</text></g>",
            escape(&s.raw.candidate),
            escape(s.candidate.map_or("", |c| plan.instance.candidates[c].name.as_str())),
            escape(&s.raw.exam),
            s.raw.start,
            s.raw.end,
            s.exam.map_or(String::new(), class),
            y + 16.0,
            left + 2.0,
            y + 28.0,
            escape(&fitted(&s.raw.candidate, wide)),
            y + 41.0,
            escape(&fitted(&s.raw.exam, wide)),
        );
    }
}

/// As much of a text as a width shows.
fn fitted(text: &str, width: f64) -> String {
    text.chars().take((width / 5.6).max(1.0) as usize).collect()
}

/// Spreads preparations over as few lanes as do not overlap.
fn in_lanes<'p, 'a>(mut sittings: Vec<&'p PlanSitting<'a>>) -> Vec<Vec<&'p PlanSitting<'a>>> {
    sittings.sort_by_key(|s| s.preparation);
    let mut lanes: Vec<Vec<&'p PlanSitting<'a>>> = Vec::new();
    for s in sittings {
        let free =
            |lane: &&mut Vec<&PlanSitting>| lane.last().is_none_or(|last| last.preparation.to <= s.preparation.from);
        match lanes.iter_mut().find(free) {
            Some(lane) => lane.push(s),
            None => lanes.push(vec![s]),
        }
    }
    lanes
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
