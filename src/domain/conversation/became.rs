//! What became of a plan. It is asked of its author once and kept nowhere.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    Done,
    Partly,
    LetGo,
}

impl Became {
    pub const ALL: [Self; 3] = [Self::Done, Self::Partly, Self::LetGo];

    /// As the custom id spells it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Partly => "partly",
            Self::LetGo => "let_go",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|became| became.name() == name)
    }
}
