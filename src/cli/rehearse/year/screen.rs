//! What somebody read, entry by entry: the text of [`Person::reads`](duet::rehearsal::Person::reads), taken apart again.

/// One message that came, changed or went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// In the couple's channel rather than in a DM.
    pub at_home: bool,
    /// A reply that only the one who acted sees.
    pub private: bool,
    pub news: News,
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    Came,
    Changed,
    Went,
}

impl Entry {
    fn headed(line: &str) -> Option<Self> {
        let head = line.strip_prefix("— ")?.strip_suffix(" —")?;
        let parts: Vec<&str> = head.split(" · ").collect();
        let (place, author) = (*parts.first()?, *parts.get(1)?);
        if author != "Duet" {
            return None;
        }
        let notes = &parts[2..];
        let news = match (notes.contains(&"edited"), notes.contains(&"deleted")) {
            (true, _) => News::Changed,
            (_, true) => News::Went,
            _ => News::Came,
        };
        let private = notes.contains(&"only you see this");
        Some(Self { at_home: place.starts_with('#'), private, news, text: String::new() })
    }

    pub fn says(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    /// Whether it says a name, but for the head that says which couple is meant.
    pub fn names(&self, name: &str) -> bool {
        let text: String = self.text.lines().filter(|line| !line.starts_with("│ For you and @")).collect();
        text.split(|letter: char| !letter.is_alphanumeric()).any(|word| word == name)
    }

    /// Both answers, side by side, as they came.
    pub fn is_reveal(&self) -> bool {
        self.news == News::Came && !self.private && self.says("Two people, two views")
    }

    pub fn has_picture(&self) -> bool {
        self.says("[picture: ")
    }
}

/// In the order in which they were read.
pub fn entries(read: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in read.lines() {
        if let Some(entry) = Entry::headed(line) {
            entries.push(entry);
        } else if let Some(entry) = entries.last_mut() {
            entry.text.push_str(line);
            entry.text.push('\n');
        }
    }
    entries
}
