//! Curves as SVG, coloured by the page's style sheet so that they read in light and dark.

use std::fmt::Write;

use crate::lang::decimal;

/// How an axis is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// Equal steps for equal differences.
    Linear,
    /// Equal steps for equal ratios.
    Logarithmic,
    /// In between, with a place for 0.
    SquareRoot,
}

/// An axis.
pub struct Axis {
    /// What it says.
    pub title: String,
    /// Its range.
    pub range: (f64, f64),
    /// How it is drawn.
    pub scale: Scale,
}

/// A curve that keeps each value until the next.
pub struct Line {
    /// What it is called.
    pub label: String,
    /// Which of the style sheet's colours and dashes it has.
    pub style: usize,
    /// Where it goes; a gap is where it is not finite.
    pub points: Vec<(f64, f64)>,
    /// The least and the greatest at some places: the band around it.
    pub band: Vec<(f64, f64, f64)>,
}

/// A picture of curves.
pub struct Plot {
    /// Said to those who cannot see it, and under it.
    pub title: String,
    /// The axis below.
    pub x: Axis,
    /// The axis at the left.
    pub y: Axis,
    /// The curves.
    pub lines: Vec<Line>,
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 330.0;
const LEFT: f64 = 62.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 46.0;

/// How many styles the page's style sheet has.
pub const STYLES: usize = 8;

impl Axis {
    /// The share of the way along the axis, kept within it.
    fn place(&self, value: f64) -> f64 {
        let along = |v: f64| match self.scale {
            Scale::Linear => v,
            Scale::Logarithmic => v.max(1e-9).ln(),
            Scale::SquareRoot => v.max(0.0).sqrt(),
        };
        let (from, to) = (along(self.range.0), along(self.range.1));
        ((along(value) - from) / (to - from).max(1e-12)).clamp(0.0, 1.0)
    }

    /// Where it is marked: 1, 2 and 5 of each power of ten; a linear axis at its fifths.
    fn ticks(&self) -> Vec<f64> {
        let (from, to) = self.range;
        if self.scale == Scale::Linear {
            return (0..=5).map(|i| from + (to - from) * f64::from(i) / 5.0).collect();
        }
        let mut ticks: Vec<f64> = (-3..6)
            .flat_map(|power| [1.0, 2.0, 5.0].map(|digit| digit * 10f64.powi(power)))
            .filter(|&v| v >= from * 0.999 && v <= to * 1.001)
            .collect();
        if from == 0.0 {
            ticks.insert(0, 0.0);
        }
        // Those that would stand on each other.
        let mut last = f64::NEG_INFINITY;
        ticks.retain(|&v| {
            let apart = self.place(v) - last > 0.045;
            if apart {
                last = self.place(v);
            }
            apart
        });
        ticks
    }
}

/// A mark without needless digits.
fn mark(value: f64) -> String {
    let decimals = (0..3).find(|&d| (value * 10f64.powi(d) - (value * 10f64.powi(d)).round()).abs() < 1e-6);
    decimal(value, decimals.unwrap_or(3) as usize)
}

impl Plot {
    /// The picture; the colours are the page's.
    pub fn svg(&self) -> String {
        let x = |v: f64| LEFT + (WIDTH - LEFT - RIGHT) * self.x.place(v);
        let y = |v: f64| HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * self.y.place(v);
        let (title, right, bottom) = (escaped(&self.title), WIDTH - RIGHT, HEIGHT - BOTTOM);
        let mut out =
            format!("<svg viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\" class=\"plot\">\n");
        for v in self.x.ticks() {
            let (at, text, below) = (x(v), mark(v), bottom + 16.0);
            let _ = writeln!(out, "<path class=\"grid\" d=\"M{at:.1} {TOP}V{bottom}\"/>");
            let _ = writeln!(out, "<text x=\"{at:.1}\" y=\"{below}\" text-anchor=\"middle\">{text}</text>");
        }
        for v in self.y.ticks() {
            let (at, text, beside) = (y(v), mark(v), LEFT - 6.0);
            let _ = writeln!(out, "<path class=\"grid\" d=\"M{LEFT} {at:.1}H{right}\"/>");
            let _ = writeln!(out, "<text x=\"{beside}\" y=\"{:.1}\" text-anchor=\"end\">{text}</text>", at + 4.0);
        }
        let (middle, centre, foot) = ((LEFT + right) / 2.0, (TOP + bottom) / 2.0, HEIGHT - 8.0);
        let (below, beside) = (escaped(&self.x.title), escaped(&self.y.title));
        let _ = writeln!(out, "<text x=\"{middle}\" y=\"{foot}\" text-anchor=\"middle\">{below}</text>");
        let _ = writeln!(
            out,
            "<text transform=\"translate(14 {centre}) rotate(-90)\" text-anchor=\"middle\">{beside}</text>"
        );
        for line in &self.lines {
            let band = line.band.iter().filter(|(_, a, b)| a.is_finite() && b.is_finite());
            let band: Vec<(f64, f64, f64)> = band.map(|&(t, a, b)| (x(t), y(a), y(b))).collect();
            if let [(from, ..), rest @ ..] = band.as_slice()
                && !rest.is_empty()
            {
                let upper = stairs(band.iter().map(|&(t, _, b)| (t, b)));
                let mut back = String::new();
                for pair in band.windows(2).rev() {
                    let ((from, low, _), (to, ..)) = (pair[0], pair[1]);
                    let _ = write!(back, "L{to:.1} {low:.1}L{from:.1} {low:.1}");
                }
                let _ = write!(back, "L{from:.1} {:.1}Z", band[0].1);
                let _ = writeln!(out, "<path class=\"band s{}\" d=\"{upper}{back}\"/>", line.style);
            }
        }
        for line in &self.lines {
            let finite = line.points.iter().filter(|(_, v)| v.is_finite()).map(|&(t, v)| (x(t), y(v)));
            let (path, label) = (stairs(finite), escaped(&line.label));
            let _ = writeln!(out, "<path class=\"line s{}\" d=\"{path}\"><title>{label}</title></path>", line.style);
        }
        out + "</svg>"
    }
}

/// A path that keeps each height until the next place; heights that stay are left out.
fn stairs(points: impl Iterator<Item = (f64, f64)>) -> String {
    let (mut out, mut last, mut end) = (String::new(), None, None);
    for (x, y) in points {
        match last {
            None => {
                let _ = write!(out, "M{x:.1} {y:.1}");
            }
            Some(height) if height != y => {
                let _ = write!(out, "H{x:.1}V{y:.1}");
            }
            Some(_) => {}
        }
        (last, end) = (Some(y), Some(x));
    }
    end.map_or(out.clone(), |x| format!("{out}H{x:.1}"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_place_and_mark_what_they_are_given() {
        let axis = |range, scale| Axis { title: String::new(), range, scale };
        let log = axis((0.1, 100.0), Scale::Logarithmic);
        assert!((log.place(1.0) - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!((log.place(0.01), log.place(1000.0)), (0.0, 1.0));
        assert_eq!(log.ticks(), [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0]);
        assert_eq!(axis((0.0, 4.0), Scale::SquareRoot).place(1.0), 0.5);
        assert_eq!(axis((0.0, 100.0), Scale::Linear).ticks(), [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]);
        assert_eq!((mark(0.1), mark(20.0), mark(0.25)), ("0.1".into(), "20".into(), "0.25".into()));
    }

    #[test]
    fn a_curve_keeps_each_value_until_the_next() {
        let path = stairs([(0.0, 5.0), (10.0, 5.0), (20.0, 3.0), (30.0, 3.0)].into_iter());
        assert_eq!(path, "M0.0 5.0H20.0V3.0H30.0");
        assert_eq!(stairs(std::iter::empty()), "");
    }
}
