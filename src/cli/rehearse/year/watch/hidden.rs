//! What must stand on nobody's screen: sealed words, names where none belong, a picture of anything that did not open.

use duet::domain::checkin::{Rated, Ratings};
use duet::domain::insights::{Insights, REACH};

use super::super::screen::Entry;
use super::{Broken, Promise, Watch};

impl Watch {
    pub(super) fn sealed_stays_sealed(&self, who: usize, entry: &Entry) -> Result<(), Broken> {
        let name = &self.couple[who].name;
        if let Some(words) = self.sealed_from(who).find(|words| entry.says(words)) {
            return Err(Promise::Sealed.broken(format!("{name} read “{words}”")));
        }
        if entry.private || entry.is_reveal() {
            return Ok(());
        }
        if entry.has_picture() {
            return Err(Promise::Picture.broken(format!("one without a reveal: {}", entry.text)));
        }
        match Rated::ALL.into_iter().find(|rated| entry.says(&format!("{} **", rated.label()))) {
            Some(rated) => Err(Promise::Sealed.broken(format!("{name} read a rating of “{}”: {}", rated.label(), entry.text))),
            None => Ok(()),
        }
    }

    /// The other's words that are sealed now, or never opened.
    pub fn sealed_from(&self, who: usize) -> impl Iterator<Item = &String> {
        let other = 1 - who;
        let open = [&self.check_in, &self.question].into_iter().flatten().filter_map(move |open| open.sealed[other].as_ref());
        open.flat_map(|written| &written.lines).chain(&self.unopened[other])
    }

    pub(super) fn nobody_is_named(&self, who: usize, entry: &Entry) -> Result<(), Broken> {
        let named = self.couple.iter().find(|partner| self.nobody_named && entry.names(&partner.name));
        match named {
            Some(partner) => {
                let what = format!("{} read of {}: {}", self.couple[who].name, partner.name, entry.text);
                Err(Promise::Nameless.broken(what))
            }
            None => Ok(()),
        }
    }

    /// What every picture must show now: opened check-ins, and nothing else.
    pub fn insights(&self) -> Insights {
        let newest = self.ratings.len().saturating_sub(REACH);
        Insights { partners: [self.couple[0].person, self.couple[1].person], check_ins: self.ratings[newest..].to_vec() }
    }

    /// The words of a picture say exactly what opened.
    pub fn shows_what_opened(&self, text: &str) -> Result<(), Broken> {
        let check_ins = self.insights().check_ins;
        let marks = |partner: usize, rated: Rated| {
            let mark =
                |both: &[Ratings; 2]| both[partner].of(rated).map_or("gap".to_owned(), |rating| rating.value().to_string());
            check_ins.iter().map(mark).collect::<Vec<_>>().join(", ")
        };
        for rated in [Rated::Close, Rated::Myself] {
            let said = format!("Solid line: {}. Dashed line: {}.", marks(0, rated), marks(1, rated));
            if !text.contains(&said) {
                return Err(Promise::Picture.broken(format!("it should say “{said}”, and reads: {text}")));
            }
        }
        Ok(())
    }
}
