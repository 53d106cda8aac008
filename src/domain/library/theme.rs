//! How prompts are sorted: by theme, capacity, depth, and whom they are about.

use std::fmt;
use std::str::FromStr;

/// A word that names none of the choices; shown with all of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{word}” is no {kind}; choose one of: {choices}")]
pub struct Unknown {
    pub word: String,
    pub kind: &'static str,
    pub choices: String,
}

/// An enum of words: `ALL`, `name()`, `Display` and `FromStr` by name.
macro_rules! words {
    ($(#[$doc:meta])* $kind:ident, $label:literal: $($(#[$about:meta])* $variant:ident = $name:literal),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $kind { $($(#[$about])* $variant),+ }

        impl $kind {
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// As people read it, and as decks write it.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            fn unknown(word: &str) -> Unknown {
                Unknown { word: word.to_owned(), kind: $label, choices: [$($name),+].join(" · ") }
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}

/// `FromStr` for the kinds whose names are single words.
macro_rules! parse_by_name {
    ($($kind:ident),+) => {$(
        impl FromStr for $kind {
            type Err = Unknown;

            fn from_str(word: &str) -> Result<Self, Unknown> {
                Self::ALL.into_iter().find(|kind| kind.name() == word).ok_or_else(|| Self::unknown(word))
            }
        }
    )+};
}

words! {
    /// What a prompt is about. Twelve are in every couple's bag; the last six come when both partners asked for them.
    Theme, "theme":
    ClosenessAndSpace = "closeness and space",
    WhoIAmNow = "who I am now",
    Boundaries = "boundaries",
    NeedsAndAsking = "needs and asking",
    FeelingsAndCalming = "feelings and calming",
    HearingADifference = "hearing a difference",
    GoalsAndDreams = "goals and dreams",
    Interests = "interests, mine and yours",
    Appreciating = "appreciating how you differ",
    DailyLife = "daily life and fairness",
    Play = "play and novelty",
    Repair = "repair",
    Intimacy = "intimacy",
    FamilyOfOrigin = "family of origin",
    Faith = "faith",
    Children = "children",
    LongDistance = "long distance",
    MoreThanTwo = "more than two",
}

words! {
    /// A moment that a prompt is kept for; the others may come at any time.
    Occasion, "occasion":
    /// The first question that two people get, or the first after a long silence.
    Beginning = "beginning",
    /// After a pause that one of the two called.
    AfterAPause = "after-a-pause",
}

words! {
    /// What a prompt may touch on in somebody: said by `Why this one?`, so that nobody meets it unprepared.
    Flag, "flag":
    Anger = "anger",
    Body = "body",
    Children = "children",
    Desire = "desire",
    Faith = "faith",
    Family = "family",
    Fear = "fear",
    Health = "health",
    Jealousy = "jealousy",
    Loss = "loss",
    Money = "money",
    Tears = "tears",
}

words! {
    /// What a prompt takes for granted of those who answer. In the themes of every couple: nothing.
    Assumption, "assumption":
    /// There are children in their lives.
    Children = "children",
    /// They live apart, for a while or for good.
    Distance = "distance",
    /// One of them loves more than one person.
    MoreThanTwo = "more-than-two",
}

words! {
    /// A way of asking that needs to be told, because the checker would take it for another.
    Form, "form":
    /// Opens like a question of yes or no and offers two good things.
    EitherOr = "either-or",
}

words! {
    /// How far down a prompt asks one to go.
    Depth, "depth":
    Warm = "warm",
    Personal = "personal",
    Tender = "tender",
    Brave = "brave",
}

words! {
    /// Which side of differentiation a prompt trains.
    Capacity, "capacity":
    KnowMe = "know-me",
    SayMe = "say-me",
    SteadyMe = "steady-me",
    HearYou = "hear-you",
    RoomForBoth = "room-for-both",
    GrowUs = "grow-us",
}

words! {
    /// What a reflection practises.
    Exercise, "kind":
    Settle = "settle",
    BodyScan = "body-scan",
    Journaling = "journaling",
    Values = "values",
    /// Seeing a quarrel as a kind outsider would.
    KindOutsider = "kind-outsider",
    NamingFeelings = "naming-feelings",
    /// A boundary I feel.
    Boundary = "boundary",
    /// Gentle movement or stretching, as one option among others.
    Movement = "movement",
}

words! {
    /// Which check-ins a set of lines is for.
    Length, "length":
    /// Three lines, several versions in turn.
    Weekly = "weekly",
    /// Goals, interests, boundaries, and what has become too fixed.
    Longer = "longer",
    /// One line, for couples who want it so.
    Short = "short",
}

words! {
    /// Whom an answer speaks of, seen from the one who answers.
    About, "about":
    /// Me, apart from us.
    Me = "me",
    You = "you",
    Us = "us",
}

parse_by_name!(Depth, Capacity, About, Length, Exercise, Occasion, Flag, Assumption, Form);

impl Theme {
    /// The twelve that every couple has, less those that a partner left out.
    pub const SHARED: [Self; 12] = {
        let mut shared = [Self::ClosenessAndSpace; 12];
        let mut at = 0;
        while at < shared.len() {
            shared[at] = Self::ALL[at];
            at += 1;
        }
        shared
    };

    /// Those that come only when both partners asked for them.
    pub const OPT_IN: [Self; 6] =
        [Self::Intimacy, Self::FamilyOfOrigin, Self::Faith, Self::Children, Self::LongDistance, Self::MoreThanTwo];

    pub fn is_opt_in(self) -> bool {
        Self::OPT_IN.contains(&self)
    }

    /// What its prompts may take for granted, since both partners asked for the theme.
    pub fn may_assume(self) -> Option<Assumption> {
        match self {
            Self::Children => Some(Assumption::Children),
            Self::LongDistance => Some(Assumption::Distance),
            Self::MoreThanTwo => Some(Assumption::MoreThanTwo),
            _ => None,
        }
    }

    /// The name in kebab-case: for file names, options and storage.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::ClosenessAndSpace => "closeness-and-space",
            Self::WhoIAmNow => "who-i-am-now",
            Self::Boundaries => "boundaries",
            Self::NeedsAndAsking => "needs-and-asking",
            Self::FeelingsAndCalming => "feelings-and-calming",
            Self::HearingADifference => "hearing-a-difference",
            Self::GoalsAndDreams => "goals-and-dreams",
            Self::Interests => "interests-mine-and-yours",
            Self::Appreciating => "appreciating-how-you-differ",
            Self::DailyLife => "daily-life-and-fairness",
            Self::Play => "play-and-novelty",
            Self::Repair => "repair",
            Self::Intimacy => "intimacy",
            Self::FamilyOfOrigin => "family-of-origin",
            Self::Faith => "faith",
            Self::Children => "children",
            Self::LongDistance => "long-distance",
            Self::MoreThanTwo => "more-than-two",
        }
    }
}

impl FromStr for Theme {
    type Err = Unknown;

    /// By name or by slug.
    fn from_str(word: &str) -> Result<Self, Unknown> {
        Self::ALL
            .into_iter()
            .find(|theme| theme.name().eq_ignore_ascii_case(word) || theme.slug() == word)
            .ok_or_else(|| Self::unknown(word))
    }
}

impl Depth {
    /// One step deeper; `Brave` stays.
    #[must_use]
    pub const fn deeper(self) -> Self {
        match self {
            Self::Warm => Self::Personal,
            Self::Personal => Self::Tender,
            Self::Tender | Self::Brave => Self::Brave,
        }
    }

    /// Tender and brave: never two running, and a warm one after each.
    pub fn is_heavy(self) -> bool {
        self >= Self::Tender
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_found_by_name_and_by_slug() {
        for theme in Theme::ALL {
            assert_eq!(theme.name().parse(), Ok(theme));
            assert_eq!(theme.slug().parse(), Ok(theme));
            assert_eq!(theme.slug(), theme.name().to_lowercase().replace(", ", "-").replace(' ', "-"));
        }
    }

    #[test]
    fn a_theme_is_shared_or_opt_in() {
        assert_eq!(Theme::ALL.map(Theme::is_opt_in), std::array::from_fn(|at| at >= Theme::SHARED.len()));
        assert!(Theme::SHARED.iter().all(|theme| theme.may_assume().is_none()));
    }

    #[test]
    fn an_unknown_word_is_answered_with_the_choices() {
        let unknown = "deep".parse::<Depth>().unwrap_err();
        assert_eq!(unknown.to_string(), "“deep” is no depth; choose one of: warm · personal · tender · brave");
    }

    #[test]
    fn depths_are_in_order() {
        assert!(Depth::Warm < Depth::Personal && Depth::Personal < Depth::Tender && Depth::Tender < Depth::Brave);
    }
}
