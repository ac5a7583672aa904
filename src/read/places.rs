//! Where in a JSON text its paths lie: a pass a level for all of them, keeping nothing of the text.

use std::collections::HashMap;

use super::push_key;

/// For each dotted path the byte where its value starts; where the path leaves the text, that of the last value that
/// lies on it. Of a field that stands twice, the later one. The text must be JSON.
pub fn locate(text: &str, paths: &[String]) -> Vec<usize> {
    let scan = Scan { text, bytes: text.as_bytes() };
    let root = scan.blank(0);
    let mut found = vec![root; paths.len()];
    scan.descend(root, paths.iter().map(String::as_str).enumerate().collect(), &mut found);
    found
}

/// What is left of a path, with its number.
type Rest<'a> = (usize, &'a str);

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
}

impl Scan<'_> {
    /// Follows the rests of paths into the value at a byte.
    fn descend(&self, at: usize, paths: Vec<Rest>, found: &mut [usize]) {
        for (i, _) in &paths {
            found[*i] = at;
        }
        let inner = paths.into_iter().map(|(i, rest)| (i, rest.strip_prefix('.').unwrap_or(rest)));
        let inner: Vec<Rest> = inner.filter(|(_, rest)| !rest.is_empty()).collect();
        if inner.is_empty() {
            return;
        }
        let children = match self.bytes.get(at) {
            Some(b'{') => self.fields(at, &inner),
            Some(b'[') => self.items(at, &inner),
            _ => return,
        };
        for (child, paths) in children {
            self.descend(child, paths, found);
        }
    }

    /// The fields of an object that lie on some path, with what is left of those. A key may hold dots: of the fields
    /// that a path may mean, the longest is meant.
    fn fields<'p>(&self, at: usize, paths: &[Rest<'p>]) -> Vec<(usize, Vec<Rest<'p>>)> {
        let mut meant: HashMap<usize, (usize, usize, &'p str)> = HashMap::new();
        let mut at = self.blank(at + 1);
        while self.bytes.get(at) == Some(&b'"') {
            let end = self.skip(at);
            let key: String = serde_json::from_str(&self.text[at..end]).unwrap_or_default();
            let mut dotted = String::new();
            push_key(&mut dotted, &key);
            let value = self.blank(self.blank(end) + 1);
            for (i, path) in paths {
                let rest = path.strip_prefix(dotted.as_str()).filter(|r| r.is_empty() || r.starts_with(['.', '[']));
                if let Some(rest) = rest
                    && meant.get(i).is_none_or(|(length, ..)| *length <= key.len())
                {
                    meant.insert(*i, (key.len(), value, rest));
                }
            }
            at = self.next(value);
        }
        let mut children: HashMap<usize, Vec<Rest>> = HashMap::new();
        for (i, (_, value, rest)) in meant {
            children.entry(value).or_default().push((i, rest));
        }
        children.into_iter().collect()
    }

    /// The items of a list that lie on some path, with what is left of those.
    fn items<'p>(&self, at: usize, paths: &[Rest<'p>]) -> Vec<(usize, Vec<Rest<'p>>)> {
        let mut wanted: HashMap<usize, Vec<Rest>> = HashMap::new();
        for (i, path) in paths {
            let index = path.strip_prefix('[').and_then(|p| p.split_once(']'));
            if let Some((Ok(index), rest)) = index.map(|(index, rest)| (index.parse::<usize>(), rest)) {
                wanted.entry(index).or_default().push((*i, rest));
            }
        }
        let (mut children, mut index, mut at) = (Vec::new(), 0, self.blank(at + 1));
        while !wanted.is_empty() && !matches!(self.bytes.get(at), None | Some(b']')) {
            children.extend(wanted.remove(&index).map(|paths| (at, paths)));
            (index, at) = (index + 1, self.next(at));
        }
        children
    }

    /// The byte after blanks.
    fn blank(&self, at: usize) -> usize {
        let blanks = self.bytes[at.min(self.bytes.len())..].iter().take_while(|b| b.is_ascii_whitespace());
        at + blanks.count()
    }

    /// The byte where the value after this one begins, or the bracket that closes.
    fn next(&self, value: usize) -> usize {
        let end = self.blank(self.skip(value));
        if self.bytes.get(end) == Some(&b',') { self.blank(end + 1) } else { end }
    }

    /// The byte after the value at a byte.
    fn skip(&self, at: usize) -> usize {
        let (mut at, mut depth) = (at, 0);
        loop {
            match self.bytes.get(at) {
                None => return self.bytes.len(),
                Some(b'"') => {
                    at += 1;
                    while let Some(b) = self.bytes.get(at).filter(|b| **b != b'"') {
                        at += if *b == b'\\' { 2 } else { 1 };
                    }
                }
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') => depth -= 1,
                Some(_) if depth == 0 => {
                    let scalar = |b: &&u8| !matches!(b, b',' | b'}' | b']') && !b.is_ascii_whitespace();
                    return at + self.bytes[at..].iter().take_while(scalar).count().max(1);
                }
                Some(_) => {}
            }
            at += 1;
            if depth <= 0 {
                return at;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_found_in_one_pass() {
        let text = "  {\"a\": [1, {\"b.c\": 2, \"b\": {\"c\": 3}}, []], \"d\": null, \"e\": \"}\\\"\", \"e\": 2}";
        let at = |path: &str| {
            let offset = locate(text, &[path.to_string()])[0];
            text[offset..].split([',', '}', ']']).next().unwrap().to_string()
        };
        assert_eq!(at("a[0]"), "1");
        assert_eq!(at("a[1].b.c"), "2");
        assert_eq!(at("a[2]"), "[");
        assert_eq!(at("a[9]"), "[1");
        assert_eq!(at("d"), "null");
        assert_eq!(at("e"), "2");
        assert_eq!(at("a[1].x"), "{\"b.c\": 2");
        assert_eq!(at(""), "{\"a\": [1");
        let both = locate(text, &["d".into(), "a[0]".into(), "nowhere".into()]);
        assert_eq!(both, [text.find("null").unwrap(), text.find("1,").unwrap(), 2]);
    }
}
