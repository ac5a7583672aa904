//! What a number format shows: a number, a date or an hour, or digits with zeros in front.

/// What a cell's format makes of its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// The number.
    Number,
    /// A date, an hour, or both.
    Moment,
    /// At least so many digits: `0000` shows 12 as 0012.
    Digits(usize),
}

/// A format by its number; those below 164 are known to every spreadsheet program.
pub fn of_id(id: usize) -> Shows {
    if matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58) { Shows::Moment } else { Shows::Number }
}

/// A format by its code: `dd/mm/yyyy`, `0000000000`, `[$-40C]d mmmm yyyy`.
pub fn of_code(code: &str) -> Shows {
    // Of `positive;negative;zero;text` the first counts.
    let (mut bare, mut quoted, mut bracket, mut escaped) = (String::new(), false, None::<String>, false);
    for c in code.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' | '_' | '*' if !quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '[' => bracket = Some(String::new()),
            ']' => {
                // [h]:mm counts hours; [Red] and [$-40C] show nothing of the number.
                let inner = bracket.take().unwrap_or_default().to_lowercase();
                if !inner.is_empty() && inner.chars().all(|c| "hms".contains(c)) {
                    bare.push_str(&inner);
                }
            }
            _ if bracket.is_some() => bracket.iter_mut().for_each(|b| b.push(c)),
            ';' => break,
            c => bare.extend(c.to_lowercase()),
        }
    }
    let zeros = bare.chars().all(|c| c == '0').then_some(bare.len()).filter(|n| *n >= 2);
    match zeros {
        Some(n) => Shows::Digits(n.min(40)),
        // `a` and `j` are the year and the day of French codes; "general" and "standard" have letters of dates.
        None if bare.contains("general") || bare.contains("standard") => Shows::Number,
        None if bare.contains(['y', 'm', 'd', 'h', 's', 'j']) => Shows::Moment,
        None => Shows::Number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_their_codes() {
        for code in ["dd/mm/yyyy", "[$-40C]d mmmm yyyy;@", "hh:mm", "[h]:mm:ss", "d\\-mmm", "jj/mm/aaaa"] {
            assert_eq!(of_code(code), Shows::Moment, "{code}");
        }
        for code in ["General", "0.00", "#,##0", "@", "0\" jours\"", "[Red]0", "0%", "Standard", ""] {
            assert_eq!(of_code(code), Shows::Number, "{code}");
        }
        assert_eq!(of_code("0000000000"), Shows::Digits(10));
        assert_eq!(of_code("000;-000"), Shows::Digits(3));
        assert_eq!((of_id(14), of_id(0), of_id(49)), (Shows::Moment, Shows::Number, Shows::Number));
    }
}
