//! The check letter of a UAI (the code of a school): seven digits, and their number mod 23 as a letter.

const LETTERS: &[u8] = b"ABCDEFGHJKLMNPRSTUVWXYZ";

/// The right form of a code that looks like a UAI and is not one: another letter, small letters, a lost zero.
///
/// `None` where the code is right, or does not look like a UAI at all (an office may use ids of its own).
pub fn mended(code: &str) -> Option<String> {
    let digits: String = code.chars().take_while(char::is_ascii_digit).collect();
    let rest = code[digits.len()..].trim();
    if !(6..=7).contains(&digits.len())
        || rest.chars().count() != 1
        || !rest.starts_with(|c: char| c.is_ascii_alphabetic())
    {
        return None;
    }
    let number: usize = digits.parse().ok()?;
    let right = format!("{number:07}{}", LETTERS[number % 23] as char);
    (right != code).then_some(right)
}

#[cfg(test)]
mod tests {
    use super::mended;

    #[test]
    fn wrong_letters_are_found_and_the_right_one_given() {
        // Real codes of public lists: Lycée Louis-le-Grand, Paris; Lycée Malherbe, Caen.
        for right in ["0750655E", "0140013N"] {
            assert_eq!(mended(right), None, "{right}");
        }
        assert_eq!(mended("0750655F").as_deref(), Some("0750655E"));
        assert_eq!(mended("0750655e").as_deref(), Some("0750655E"));
        assert_eq!(mended("750655E").as_deref(), Some("0750655E"));
        for other in ["CENTRE-1", "S1", "0750655", "", "0750655EE", "12A"] {
            assert_eq!(mended(other), None, "{other}");
        }
    }
}
