//! A map of centres and schools as SVG, one panel a plan: where the candidates of each school go.
//!
//! Coordinates are those of the communes, where the towns of all of them are known. Else they are made from the
//! distances by classical scaling (Torgerson 1952), the schools placed by their distances to the centres (de Silva and
//! Tenenbaum 2004): such a map is right up to turning and mirroring, and as far as distances of roads go.

use std::collections::BTreeMap;
use std::fmt::Write;

use crate::instance::*;
use crate::places::{Found, Named, find, uai};
use crate::schedule::Schedule;
use crate::tr;

/// Where centres and schools lie, in kilometres from somewhere, east and south.
pub struct Map {
    centres: Vec<(f64, f64)>,
    schools: Vec<(f64, f64)>,
    /// Whether the coordinates are those of the communes.
    pub by_communes: bool,
}

/// A panel of the map.
pub struct Panel<'a> {
    /// What stands above it.
    pub title: String,
    /// The ids of the open centres.
    pub open: &'a [String],
    /// The plan.
    pub schedule: &'a Schedule,
}

const KM_A_DEGREE: f64 = 111.2;
const SIDE: f64 = 420.0;
const EDGE: f64 = 40.0;

impl Map {
    /// Places the centres and schools of an instance.
    pub fn new(instance: &Instance) -> Map {
        Self::communes(instance).unwrap_or_else(|| Self::scaled(instance))
    }

    /// What the coordinates come from, in one sentence.
    pub fn source(&self) -> String {
        if self.by_communes {
            tr!("Coordinates of the communes.", "Coordonnées des communes.")
        } else {
            tr!(
                "Placed by the distances alone (classical scaling): right up to turning and mirroring.",
                "Placés d'après les seules distances (positionnement multidimensionnel) : à une rotation et un miroir près."
            )
        }
    }

    fn communes(instance: &Instance) -> Option<Map> {
        let at = |id: &str, town: &str| match find(&Named::read(town), &uai::departments(id), &[]) {
            Found::One { commune, .. } => Some((commune.point.longitude, commune.point.latitude)),
            _ => None,
        };
        let centres: Option<Vec<_>> = instance.centres.iter().map(|z| at(&z.id, &z.town)).collect();
        let schools: Option<Vec<_>> = instance.schools.iter().map(|s| at(&s.id, &s.town)).collect();
        let (centres, schools) = (centres?, schools?);
        let middle = centres.iter().map(|p| p.1).sum::<f64>() / centres.len().max(1) as f64;
        let flat = |(longitude, latitude): (f64, f64)| {
            (longitude * KM_A_DEGREE * middle.to_radians().cos(), -latitude * KM_A_DEGREE)
        };
        Some(Map {
            centres: centres.into_iter().map(flat).collect(),
            schools: schools.into_iter().map(flat).collect(),
            by_communes: true,
        })
    }

    fn scaled(instance: &Instance) -> Map {
        let rows: Vec<Vec<f64>> = school_rows(instance);
        let n = instance.centres.len();
        // Two centres are as far apart as the way over some school is long at most, and as its two ways differ at least.
        let apart = |a: usize, b: usize| -> f64 {
            if a == b {
                return 0.0;
            }
            let over = rows.iter().map(|r| r[a] + r[b]).fold(f64::INFINITY, f64::min);
            let differ = rows.iter().map(|r| (r[a] - r[b]).abs()).fold(0.0, f64::max);
            if over.is_finite() { (over + differ) / 2.0 } else { 100.0 }
        };
        let squares: Vec<Vec<f64>> = (0..n).map(|a| (0..n).map(|b| apart(a, b).powi(2)).collect()).collect();
        let (axes, centres) = classical(&squares);
        let mean: Vec<f64> = (0..n).map(|a| squares[a].iter().sum::<f64>() / n.max(1) as f64).collect();
        let schools = rows
            .iter()
            .enumerate()
            .map(|(i, row)| {
                let along = |axis: &Axis| -> f64 {
                    if axis.value < 1e-6 {
                        return 0.0;
                    }
                    let sum: f64 = (0..n).map(|a| axis.vector[a] * (row[a].powi(2) - mean[a])).sum();
                    -0.5 * sum / axis.value.sqrt()
                };
                let (x, mut y) = (along(&axes[0]), along(&axes[1]));
                if axes[1].value < 1e-6 && n > 0 {
                    // On one line only: what is left of the distance goes aside, left and right in turn.
                    let rest = (row[0].powi(2) - (x - centres[0].0).powi(2)).max(0.0).sqrt();
                    y = if i % 2 == 0 { rest } else { -rest };
                }
                (x, y)
            })
            .collect();
        Map { centres, schools, by_communes: false }
    }

    /// One panel beside the other.
    pub fn svg(&self, instance: &Instance, panels: &[Panel]) -> String {
        let all = || self.centres.iter().chain(&self.schools);
        let low = |f: fn(&(f64, f64)) -> f64| all().map(f).fold(f64::INFINITY, f64::min);
        let high = |f: fn(&(f64, f64)) -> f64| all().map(f).fold(f64::NEG_INFINITY, f64::max);
        let (left, top) = (low(|p| p.0), low(|p| p.1));
        let span = (high(|p| p.0) - left).max(high(|p| p.1) - top).max(1.0);
        let scale = (SIDE - 2.0 * EDGE) / span;
        let width = SIDE * panels.len() as f64;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {0}\" width=\"{width}\" height=\"{0}\" font-family=\"sans-serif\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n",
            SIDE + 24.0
        );
        for (i, panel) in panels.iter().enumerate() {
            let shift = SIDE * i as f64;
            let at = |p: (f64, f64)| (shift + EDGE + (p.0 - left) * scale, EDGE + (p.1 - top) * scale);
            self.panel(instance, panel, &at, shift, &mut out);
        }
        let source = escaped(&self.source());
        let _ =
            writeln!(out, "<text x=\"8\" y=\"{}\" font-size=\"11\" fill=\"#555\">{source}</text>\n</svg>", SIDE + 16.0);
        out
    }

    fn panel(
        &self,
        instance: &Instance,
        panel: &Panel,
        at: &dyn Fn((f64, f64)) -> (f64, f64),
        shift: f64,
        out: &mut String,
    ) {
        let title = escaped(&panel.title);
        let _ =
            writeln!(out, "<text x=\"{}\" y=\"20\" font-size=\"13\" font-weight=\"bold\">{title}</text>", shift + 8.0);
        for ((s, z), n) in flows(instance, panel.schedule) {
            let ((x1, y1), (x2, y2)) = (at(self.schools[s]), at(self.centres[z]));
            let width = 0.5 + (n as f64).sqrt() / 2.0;
            let _ = writeln!(
                out,
                "<line x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\" stroke=\"#7a93b8\" stroke-width=\"{width:.1}\"/>"
            );
        }
        for (s, school) in instance.schools.enumerate() {
            let (x, y) = at(self.schools[s.ix()]);
            let name = escaped(if school.town.is_empty() { &school.id } else { &school.town });
            let _ = writeln!(
                out,
                "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3\" fill=\"#555\"><title>{}</title></circle>\n<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"9\" fill=\"#555\">{name}</text>",
                escaped(&school.name),
                x + 5.0,
                y + 3.0
            );
        }
        for (z, centre) in instance.centres.enumerate() {
            let (x, y) = at(self.centres[z.ix()]);
            let open = panel.open.contains(&centre.id);
            let fill = if open { "#b3261e" } else { "#fff" };
            let name = escaped(if centre.town.is_empty() { &centre.id } else { &centre.town });
            let _ = writeln!(
                out,
                "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"12\" height=\"12\" fill=\"{fill}\" stroke=\"#b3261e\" stroke-width=\"2\"><title>{}</title></rect>\n<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"12\" font-weight=\"bold\">{name}</text>",
                x - 6.0,
                y - 6.0,
                escaped(&centre.name),
                x + 9.0,
                y - 5.0
            );
        }
    }
}

/// By school and centre, how many candidates go there.
fn flows(instance: &Instance, schedule: &Schedule) -> BTreeMap<(usize, usize), usize> {
    let mut pairs = std::collections::BTreeSet::new();
    for session in &schedule.sessions {
        for sitting in &session.sittings {
            let school = instance.candidate(&sitting.candidate).and_then(|c| instance.candidates[c].school);
            if let (Some(s), Some(z)) = (school, instance.centre(&session.centre)) {
                pairs.insert((s.ix(), z.ix(), sitting.candidate.as_str()));
            }
        }
    }
    let mut flows = BTreeMap::new();
    for (s, z, _) in pairs {
        *flows.entry((s, z)).or_default() += 1;
    }
    flows
}

/// By school, its kilometres to each centre.
fn school_rows(instance: &Instance) -> Vec<Vec<f64>> {
    let raw = instance.raw.schools.iter();
    raw.map(|s| instance.centres.iter().map(|z| s.km.get(&z.id).map_or(0.0, |km| f64::from(km.0))).collect()).collect()
}

/// An axis of a map.
struct Axis {
    value: f64,
    vector: Vec<f64>,
}

/// The two longest axes of squared distances, and the points along them.
fn classical(squares: &[Vec<f64>]) -> ([Axis; 2], Vec<(f64, f64)>) {
    let n = squares.len();
    let mean = |row: &[f64]| row.iter().sum::<f64>() / n.max(1) as f64;
    let rows: Vec<f64> = squares.iter().map(|r| mean(r)).collect();
    let all = mean(&rows);
    let mut inner: Vec<Vec<f64>> =
        (0..n).map(|a| (0..n).map(|b| -0.5 * (squares[a][b] - rows[a] - rows[b] + all)).collect()).collect();
    let first = axis(&inner);
    for (row, a) in inner.iter_mut().zip(&first.vector) {
        row.iter_mut().zip(&first.vector).for_each(|(cell, b)| *cell -= first.value * a * b);
    }
    let second = axis(&inner);
    let points =
        (0..n).map(|a| (first.vector[a] * first.value.sqrt(), second.vector[a] * second.value.sqrt())).collect();
    ([first, second], points)
}

/// The longest axis, by powers of the matrix.
fn axis(matrix: &[Vec<f64>]) -> Axis {
    let n = matrix.len();
    let mut vector: Vec<f64> = (0..n).map(|i| 1.0 + i as f64 * 0.37).collect();
    let mut value = 0.0;
    for _ in 0..300 {
        let next: Vec<f64> = matrix.iter().map(|row| row.iter().zip(&vector).map(|(a, b)| a * b).sum()).collect();
        let length = next.iter().map(|x| x * x).sum::<f64>().sqrt();
        if length < 1e-9 {
            return Axis { value: 0.0, vector: vec![0.0; n] };
        }
        value = next.iter().zip(&vector).map(|(a, b)| a * b).sum::<f64>() / vector.iter().map(|x| x * x).sum::<f64>();
        vector = next.into_iter().map(|x| x / length).collect();
    }
    Axis { value: value.max(0.0), vector }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::classical;

    #[test]
    fn scaling_finds_the_distances_of_a_flat_map_again() {
        let places = [(0.0f64, 0.0f64), (30.0, 40.0), (-20.0, 5.0), (60.0, -10.0)];
        let between = |a: (f64, f64), b: (f64, f64)| (a.0 - b.0).powi(2) + (a.1 - b.1).powi(2);
        let squares: Vec<Vec<f64>> = places.iter().map(|&a| places.iter().map(|&b| between(a, b)).collect()).collect();
        let (_, points) = classical(&squares);
        for a in 0..4 {
            for b in 0..4 {
                let error = (between(points[a], points[b]).sqrt() - squares[a][b].sqrt()).abs();
                assert!(error < 0.01, "{a} {b}: {error}");
            }
        }
    }
}
