//! What a prompt may touch on, told from its words: a prompt that says them says so by its flags.

use super::deck::{Draft, Said};
use super::tone::{each, plain, stands_in};
use super::{Flag, Flaw};

/// Words and phrases that call for a flag, each with all its forms.
const TRIGGERS: &[(Flag, &str)] = &[
    (
        Flag::Anger,
        "anger, angry, angrily, furious, rage, temper, fight, fights, fighting, fought, quarrel, quarrels, quarrelled, \
         quarrelling, quarreling, argument, arguments, shout, shouts, shouted, shouting, yell, yelling",
    ),
    (Flag::Body, "body, bodies, skin, naked, my weight, your weight, lose weight"),
    (Flag::Children, "child, children, kid, kids, baby, babies, toddler, pregnant, pregnancy, parenting, parenthood"),
    (Flag::Desire, "desire, desires, desired, sex, sexual, erotic, lust, kiss, kisses, kissed, kissing, naked"),
    (
        Flag::Faith,
        "faith, faiths, god, gods, pray, prays, prayed, praying, prayer, prayers, church, mosque, synagogue, temple, \
         religion, religious, sacred, holy, soul, souls",
    ),
    (
        Flag::Family,
        "family, families, parent, parents, parental, grandparent, grandparents, childhood, grew up, growing up, raised me, raised \
         you, ancestors",
    ),
    (
        Flag::Fear,
        "fear, fears, feared, fearful, afraid, scare, scares, scared, scary, frighten, frightens, frightened, frightening, panic, \
         dread",
    ),
    (Flag::Health, "ill, illness, cancer, sick, sickness, disease, doctor, doctors, hospital, medicine, pain, painful"),
    (Flag::Jealousy, "jealous, jealousy"),
    (Flag::Loss, "death, die, dies, died, dying, dead, grief, grieve, grieving, mourn, mourning, funeral"),
    (Flag::Money, "money, debt, debts, rent, salary, income, afford, budget"),
    (Flag::Tears, "cry, cries, cried, crying, tear, tears, tearful, weep, weeping, sob"),
];

/// Each flag that the words of a prompt call for stands in its `flags`.
pub(super) fn check(draft: &Draft, flaws: &mut Vec<Flaw>) {
    let lines: Vec<(&Said<String>, Vec<String>)> = draft.lines().map(|line| (line, plain(&line.what))).collect();
    for (flag, triggers) in TRIGGERS {
        if draft.flags.iter().any(|said| said.what == *flag) {
            continue;
        }
        let found = lines
            .iter()
            .find_map(|(line, words)| each(triggers).find(|trigger| stands_in(trigger, words)).map(|trigger| (line, trigger)));
        if let Some((line, trigger)) = found {
            let what = format!("“{trigger}” may touch on {flag}; say so in a line of its own: flags = [\"{flag}\"]");
            flaws.push(Flaw::at(&line.place, "flags", what));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{ASK, assert_flaw, flaws, with};
    use super::*;

    #[test]
    fn a_prompt_that_may_touch_on_something_says_so() {
        for (flag, triggers) in TRIGGERS {
            let trigger = each(triggers).next().unwrap();
            let line = format!("\"A {trigger}, perhaps.\"");
            let found = with("help", &line);
            assert_flaw(&found, "prompts/repair.toml", ASK + 1, "flags");
            assert!(
                found[0]
                    .ends_with(&format!("“{trigger}” may touch on {flag}; say so in a line of its own: flags = [\"{flag}\"]"))
            );
            assert_eq!(with("help", &format!("{line}\nflags = [\"{flag}\"]")), Vec::<String>::new());
        }
        assert!(Flag::ALL.iter().all(|flag| TRIGGERS.iter().any(|(calls_for, _)| calls_for == flag)));
    }

    #[test]
    fn a_trigger_is_written_as_it_is_looked_for() {
        for trigger in TRIGGERS.iter().flat_map(|(_, triggers)| each(triggers)) {
            assert_eq!(plain(trigger).join(" "), trigger);
        }
    }

    #[test]
    fn one_word_may_call_for_two_flags() {
        let found = with("help", "\"Naked, perhaps.\"");
        let rules: Vec<_> = found.iter().map(|flaw| flaw.split(": ").nth(1).unwrap()).collect();
        assert_eq!(rules, ["flags", "flags"]);
    }

    #[test]
    fn a_flag_nobody_knows_is_named() {
        let found = flaws("prompts/repair.toml", |text| text.replacen("help = ", "flags = [\"joy\"]\nhelp = ", 1));
        assert_flaw(&found, "prompts/repair.toml", ASK + 1, "flags");
    }
}
