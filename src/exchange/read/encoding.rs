//! The letters of a text file: UTF-8, UTF-16, or the encodings that French offices met in fifty years.

use std::borrow::Cow;

use encoding_rs::{Encoding, ISO_8859_15, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use oem_cp::code_table::{DECODING_TABLE_CP437, DECODING_TABLE_CP850};

use crate::tr;

/// A text, and what is to be said of how it was read.
#[derive(Debug, PartialEq)]
pub struct Decoded {
    /// The text, without a mark at its start.
    pub text: String,
    /// The sentence, where the encoding was not plain.
    pub note: Option<String>,
}

/// Reads a text file. None where it is no text.
pub fn decode(bytes: &[u8]) -> Option<Decoded> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes)
        && encoding != UTF_8
    {
        return Some(plain(encoding.decode_without_bom_handling(&bytes[mark..]).0.into_owned()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Some(encoding) = unmarked_utf16(bytes) {
        return Some(plain(encoding.decode_without_bom_handling(bytes).0.into_owned()));
    }
    // A binary file has many zeros and other control characters; one alone is a fault of its cell.
    let control = bytes.iter().filter(|b| **b < b' ' && !matches!(b, b'\t' | b'\r' | b'\n' | 0x0c | 0x1a)).count();
    if control > 4 + bytes.len() / 100 {
        return None;
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Some(plain(text.to_string()));
    }
    if control * 20 > bytes.len() {
        return None;
    }
    let lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
    let old: Vec<&[u8]> = lines.iter().copied().filter(|l| std::str::from_utf8(l).is_err()).collect();
    // max_by_key keeps the last of equals: the most usual one comes last.
    let best = CODEPAGES.iter().rev().max_by_key(|page| old.iter().map(|l| score(&page.read(l))).sum::<i64>())?;
    let mixed = lines.iter().any(|l| !l.is_ascii() && std::str::from_utf8(l).is_ok());
    let read = |l: &&[u8]| std::str::from_utf8(l).map_or_else(|_| best.read(l), str::to_string);
    let text = lines.iter().map(read).collect::<Vec<_>>().join("\n");
    let (name, n) = (best.name, old.len());
    let note = if mixed {
        Some(tr!(
            "some rows are UTF-8, {n} row(s) {name}: each was read as what it is; look at the names",
            "certaines lignes sont en UTF-8, {n} ligne(s) en {name} : chacune a été lue pour ce qu'elle est ; vérifiez les noms"
        ))
    } else if std::ptr::eq(best, &CODEPAGES[0]) {
        None
    } else {
        Some(tr!(
            "read as {name}, an old encoding; look at the names, or save the file as UTF-8",
            "lu en {name}, un ancien codage ; vérifiez les noms, ou enregistrez le fichier en UTF-8"
        ))
    };
    Some(Decoded { text, note })
}

fn plain(text: String) -> Decoded {
    Decoded { text, note: None }
}

/// An encoding of one byte a letter.
struct Codepage {
    name: &'static str,
    how: How,
}

enum How {
    Web(&'static Encoding),
    Dos(&'static [char; 128]),
}

static CODEPAGES: [Codepage; 5] = [
    Codepage { name: "Windows-1252", how: How::Web(WINDOWS_1252) },
    Codepage { name: "ISO-8859-15", how: How::Web(ISO_8859_15) },
    Codepage { name: "MS-DOS 850", how: How::Dos(&DECODING_TABLE_CP850) },
    Codepage { name: "MS-DOS 437", how: How::Dos(&DECODING_TABLE_CP437) },
    Codepage { name: "Mac Roman", how: How::Web(MACINTOSH) },
];

impl Codepage {
    fn read(&self, line: &[u8]) -> String {
        match self.how {
            How::Web(encoding) => encoding.decode_without_bom_handling(line).0.into_owned(),
            How::Dos(table) => {
                line.iter().map(|b| if *b < 128 { char::from(*b) } else { table[usize::from(*b) - 128] }).collect()
            }
        }
    }
}

/// How French the letters beyond ASCII are, with their neighbours.
fn score(line: &str) -> i64 {
    let letters: Vec<char> = line.chars().collect();
    let at = |i: usize| letters.get(i).copied().unwrap_or(' ');
    let mut sum = 0;
    for (i, c) in letters.iter().enumerate().filter(|(_, c)| !c.is_ascii()) {
        let near = [if i > 0 { at(i - 1) } else { ' ' }, at(i + 1)];
        sum += match c {
            'é' | 'è' | 'ê' | 'ë' | 'à' | 'â' | 'ç' | 'î' | 'ï' | 'ô' | 'ù' | 'û' | 'ü' | 'œ' | 'ÿ' => {
                // GUéRIN: a small letter among capitals is another letter of another encoding; so is one that stands
                // alone, as a dash of Windows-1252 is û in MS-DOS 850.
                let alone = *c != 'à' && !near.iter().any(|n| n.is_alphabetic());
                if alone || near.iter().all(|n| n.is_uppercase()) { -2 } else { 3 }
            }
            'É' | 'È' | 'Ê' | 'Ë' | 'À' | 'Â' | 'Ç' | 'Î' | 'Ï' | 'Ô' | 'Ù' | 'Û' | 'Ü' | 'Œ' => {
                if near[0].is_lowercase() { -3 } else { 2 }
            }
            '’' | '«' | '»' | '°' | '–' | '€' | '\u{a0}' | '…' | 'ö' | 'ä' | 'ñ' | 'Ö' | 'Ä' | 'Ñ' | 'á' | 'í'
            | 'ó' | 'ú' => 1,
            _ => -3,
        };
    }
    sum
}

/// UTF-16 without a mark: every other byte of a French text is zero.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(4096) & !1];
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), head.len() / 2);
    let most = half * 3 / 4;
    match half >= 4 {
        true if odd > most && even * 8 < half => Some(UTF_16LE),
        true if even > most && odd * 8 < half => Some(UTF_16BE),
        _ => None,
    }
}

/// The text of bytes that are known to be UTF-8 or Windows-1252, to look for marks of other kinds of files.
pub fn glance(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(&bytes[..bytes.len().min(2048)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_alone_are_no_letters() {
        let text = "GEN\u{ca}T;ponctuelle;\u{2013};\u{2013};\u{2013};\u{2013}\nSUREAU;ponctuelle;\u{2013};\u{2013}\n";
        assert_eq!(decode(&WINDOWS_1252.encode(text).0), Some(plain(text.to_string())));
    }

    const TEXT: &str = "Prénom;Établissement;Commune\nÉlodie;Lycée;Évreux\nJoël;François;GUÉRIN\n";

    fn encoded(page: &Codepage, text: &str) -> Vec<u8> {
        let back = |c: char| (128..=255u8).find(|b| page.read(&[*b]) == c.to_string()).unwrap();
        text.chars().map(|c| if c.is_ascii() { c as u8 } else { back(c) }).collect()
    }

    #[test]
    fn every_encoding_of_an_office_is_read() {
        for page in &CODEPAGES {
            let read = decode(&encoded(page, TEXT)).unwrap();
            assert_eq!(read.text, TEXT, "{}", page.name);
        }
        let utf16 = |to: fn(u16) -> [u8; 2]| TEXT.encode_utf16().flat_map(to).collect::<Vec<u8>>();
        let marked = |mark: [u8; 2], body: Vec<u8>| [mark.to_vec(), body].concat();
        for bytes in [
            TEXT.as_bytes().to_vec(),
            format!("\u{feff}{TEXT}").into_bytes(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            marked([0xff, 0xfe], utf16(u16::to_le_bytes)),
            marked([0xfe, 0xff], utf16(u16::to_be_bytes)),
        ] {
            assert_eq!(decode(&bytes), Some(plain(TEXT.to_string())));
        }
        let text = "Coût;œuf – 5 €\n";
        assert_eq!(decode(&encoded(&CODEPAGES[0], text)), Some(plain(text.to_string())));
        let text = "Cœur;5 €;été\n";
        assert_eq!(decode(&encoded(&CODEPAGES[1], text)).unwrap().text, text);
    }

    #[test]
    fn rows_of_two_encodings_are_read_each_as_what_it_is() {
        let bytes = [b"\xc9lodie;Caen\n".as_slice(), "Joël;Bayeux\n".as_bytes()].concat();
        let read = decode(&bytes).unwrap();
        assert_eq!(read.text, "Élodie;Caen\nJoël;Bayeux\n");
        assert!(read.note.unwrap().contains("UTF-8"));
    }

    #[test]
    fn what_is_no_text_is_none() {
        assert_eq!(decode(&[0x89, 0, 0xff, 0, 1, 2, 3, 0x89, 0, 0]), None);
        assert_eq!(decode(b"").unwrap().text, "");
        assert_eq!(decode(b"a;b\n1;\x002\n").unwrap().text, "a;b\n1;\u{0}2\n");
    }
}
