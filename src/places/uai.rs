//! UAI, the codes of schools: seven digits, of which the first three say the département, and their number modulo 23 as
//! a letter.

use super::department::{Code, known};

/// The last letter of the UAI with these seven digits.
pub fn check_letter(number: u32) -> char {
    char::from(b"ABCDEFGHJKLMNPRSTUVWXYZ"[(number % 23) as usize])
}

/// The départements in which the school of a UAI may lie; none where the text is no UAI, or the school is abroad.
///
/// The first three digits are the département, save in Corsica (620, 720) and the Pacific (983, 984); the schools of
/// Saint-Barthélemy and Saint-Martin may have Guadeloupe's.
pub fn departments(id: &str) -> Vec<Code> {
    let id = id.trim().as_bytes();
    if id.len() != 8 || !id[..7].iter().all(u8::is_ascii_digit) || !id[7].is_ascii_alphabetic() {
        return Vec::new();
    }
    let digits = String::from_utf8_lossy(&id[..3]).into_owned();
    match digits.as_str() {
        "020" => known(&["2A", "2B"]),
        "620" => known(&["2A"]),
        "720" => known(&["2B"]),
        "971" => known(&["971", "977", "978"]),
        "983" => known(&["988"]),
        "984" => known(&["987"]),
        digits => known(&[digits.strip_prefix('0').unwrap_or(digits)]),
    }
}

/// Whether a text is a UAI: seven digits and their letter.
pub fn is_right(code: &str) -> bool {
    let digits = code.get(..7).filter(|d| d.bytes().all(|b| b.is_ascii_digit()));
    let letter = digits.and_then(|d| d.parse().ok()).map(check_letter);
    code.len() == 8 && letter == code.chars().next_back()
}

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
    let number: u32 = digits.parse().ok()?;
    let right = format!("{number:07}{}", check_letter(number));
    (right != code).then_some(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_letters_are_found_and_the_right_one_given() {
        // Real codes of public lists: Lycée Louis-le-Grand, Paris; Lycée Malherbe, Caen.
        for right in ["0750655E", "0140013N"] {
            assert_eq!(mended(right), None, "{right}");
            assert!(is_right(right), "{right}");
        }
        for wrong in ["0750655F", "0750655e", "750655E", "0750655", "0750655EE", "", "É750655E"] {
            assert!(!is_right(wrong), "{wrong}");
        }
        assert_eq!(mended("0750655F").as_deref(), Some("0750655E"));
        assert_eq!(mended("0750655e").as_deref(), Some("0750655E"));
        assert_eq!(mended("750655E").as_deref(), Some("0750655E"));
        for other in ["CENTRE-1", "S1", "0750655", "", "0750655EE", "12A"] {
            assert_eq!(mended(other), None, "{other}");
        }
    }

    #[test]
    fn the_first_digits_of_a_uai_say_the_department() {
        assert_eq!(departments("0141640G"), ["14"]);
        assert_eq!(departments("9740001A"), ["974"]);
        assert_eq!(departments("6200001G"), ["2A"]);
        assert_eq!(departments("7200009X"), ["2B"]);
        assert_eq!(departments("9840002C"), ["987"]);
        assert_eq!(departments("9710001A"), ["971", "977", "978"]);
        for other in ["", "CENTRE-1", "0141640", "0990001A", "0141640GG", "é141640G"] {
            assert!(departments(other).is_empty(), "{other}");
        }
    }

    #[test]
    fn the_check_letter_is_the_one_of_the_ministry() {
        // 141,640 = 6,158 × 23 + 6 and 142,059 = 6,176 × 23 + 11.
        assert_eq!(check_letter(141_640), 'G');
        assert_eq!(check_letter(142_059), 'M');
    }
}
