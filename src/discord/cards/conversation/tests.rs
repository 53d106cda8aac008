//! What the two read, word by word, driven by the conversation itself; and that the fullest sheet is a message.

use std::fmt::Write as _;

use uuid::Uuid;

use super::*;
use crate::domain::conversation::{Ending, Press as Pressed};
use crate::domain::couple::{Beginning, Couple};
use crate::domain::ids::{CoupleId, NoticeId, ServerId};
use crate::domain::notice::Place;
use crate::domain::step::Step;

const ADA: PersonId = PersonId(1);
const BEN: PersonId = PersonId(2);
const CHANNEL: [Place; 1] = [Place::Channel];

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + minutes * 60).expect("a moment")
}

/// Ada listens first.
fn opened(length: Length) -> ConversationView {
    let (round, id) = (RoundId(Uuid::from_u128(1)), CoupleId(Uuid::from_u128(2)));
    let beginning = Beginning { id, inviter: ADA, invitee: BEN, server: ServerId(3), seed: 0 };
    let couple = Couple::pair(beginning, at(0)).state;
    let conversation = Conversation::begun((round, id, [ADA, BEN]), ADA, None, length, at(0));
    ConversationView { conversation, couple, lines: Vec::new() }
}

impl ConversationView {
    fn goes(mut self, step: impl FnOnce(Conversation, Pressed<'static>) -> Step<Conversation>, who: PersonId) -> Self {
        let press = Pressed { who, turn: self.conversation.course.turn, at: at(1), places: &CHANNEL };
        self.conversation = step(self.conversation, press).state;
        for line in self.conversation.course.lines.iter().skip(self.lines.len()) {
            self.lines.push(LineView { line: *line, words: None });
        }
        self
    }

    fn says(self, who: PersonId, said: Said, fields: &[&str]) -> Self {
        let mut view = self.goes(|conversation, press| conversation.said(said, press).expect("their turn"), who);
        let words = fields.iter().map(|text| Words::new(*text)).collect();
        view.lines.last_mut().expect("a line").words = Some(words);
        view
    }

    fn confirms(self, who: PersonId) -> Self {
        self.goes(|conversation, press| conversation.confirmed(press).expect("their turn"), who)
    }

    fn aloud(self, who: PersonId) -> Self {
        self.goes(|conversation, press| conversation.spoken(press).expect("anybody's turn"), who)
    }

    fn skips(self, who: PersonId) -> Self {
        self.goes(|conversation, press| conversation.skipped(press).expect("their turn"), who)
    }

    fn replies(self, who: PersonId, reply: Reply) -> Self {
        self.goes(|conversation, press| conversation.replied(reply, press).expect("their turn"), who)
    }

    fn closes(self, who: PersonId) -> Self {
        self.goes(|conversation, press| conversation.closed(press).expect("open"), who)
    }

    fn lapses(self, days: i64) -> Self {
        let now = at(days * 24 * 60 + 1);
        self.goes(|conversation, _| conversation.lapsed(&CHANNEL, now), ADA)
    }
}

/// As a story reads it.
fn reads(card: &Card) -> String {
    let named = |text: &str| text.replace("<@1>", "@Ada").replace("<@2>", "@Ben");
    let mut text = named(&card.content);
    for embed in &card.texts {
        for line in named(embed).lines() {
            let _ = write!(text, "\n{}", format!("│ {line}").trim_end());
        }
    }
    if let Some((_, words)) = &card.carried {
        let _ = write!(text, "\n┃ {}", words.expose());
    }
    for row in card.presses.chunks(5).chain(card.beneath.chunks(5)) {
        let labels = row.iter().map(|one| if one.next { format!("[*{}*]", one.label) } else { format!("[{}]", one.label) });
        let _ = write!(text, "\n{}", labels.collect::<Vec<_>>().join(" "));
    }
    text.trim_start().to_owned()
}

fn form(form: &Form) -> String {
    let named = |text: &str| text.replace("<@1>", "@Ada").replace("<@2>", "@Ben");
    let mut text = form.title.to_owned();
    let _ = write!(text, "\n{}", named(form.above.as_deref().unwrap_or_default()));
    for field in &form.fields {
        let _ = write!(text, "\n{}{}", field.label, if field.required { "" } else { " (optional)" });
    }
    let _ = write!(text, "\n{}", named(form.below.as_deref().unwrap_or_default()));
    text
}

fn pressed(presses: &[Press]) -> String {
    reads(&Card::default().presses(presses.iter().copied()))
}

#[test]
fn under_the_reveal_the_next_step_stands_out() {
    insta::assert_snapshot!(pressed(&reveal_presses(&opened(Length::Guided))), @r"
    [*Mirror*] [Appreciate] [Pause] [Close] [Skip]
    [We said it aloud]
    ");
    insta::assert_snapshot!(pressed(&reveal_presses(&opened(Length::Short))), @"[*Appreciate*] [Pause] [Close]");
    let under_way = opened(Length::Full).says(ADA, Said::FullMirror, &["You miss the sea.", "", ""]);
    insta::assert_snapshot!(pressed(&reveal_presses(&under_way)), @"[*Where we are*]");
    assert!(reveal_presses(&under_way.closes(BEN)).is_empty());
}

#[test]
fn the_sheets_of_a_guided_conversation_read_so() {
    let view = opened(Length::Guided).says(ADA, Said::Mirror, &["You would like one evening alone."]);
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::FirstMirror, Some(BEN))), @r"
    @Ben Your turn, when it suits.
    │ **What @Ada heard**
    │ You would like one evening alone.
    │ @Ben, is that what you meant? `Nearly` and `There's more` are as good as `That's it`.
    [*That's it*] [Nearly] [There's more] [We said it aloud] [Skip]
    [Softer] [Pause] [Close]
    ");
    let view =
        view.says(BEN, Said::Nearly, &["Alone, and you near by."]).says(ADA, Said::Mirror, &["Alone, with me in the next room."]);
    let view = view.says(BEN, Said::More, &["And a walk on Sunday."]);
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::FirstMirror, Some(ADA))), @r"
    @Ada Your turn, when it suits.
    │ **What @Ada heard**
    │ You would like one evening alone.
    │ **Nearly, says @Ben**
    │ Alone, and you near by.
    │ **What @Ada heard**
    │ Alone, with me in the next room.
    │ **There's more, says @Ben**
    │ And a walk on Sunday.
    │ @Ada, say what you hear now. Then it goes on, whether all of it came across or not.
    [*Mirror*] [We said it aloud] [Skip]
    [Softer] [Pause] [Close]
    ");
    let view = view.says(ADA, Said::Mirror, &["An evening with me near by, and a walk."]);
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::FirstMirror, None)), @r"
    Your conversation.
    │ **What @Ada heard**
    │ You would like one evening alone.
    │ **Nearly, says @Ben**
    │ Alone, and you near by.
    │ **What @Ada heard**
    │ Alone, with me in the next room.
    │ **There's more, says @Ben**
    │ And a walk on Sunday.
    │ **What @Ada heard**
    │ An evening with me near by, and a walk.
    │ @Ben, what did you hear, the other way round? Press `Mirror` and say it in your own words. You don't have to agree.
    [*Mirror*] [We said it aloud] [Skip]
    [Softer] [Pause] [Close]
    ");
    let view = view.says(BEN, Said::Mirror, &["You are tired of planning."]).confirms(ADA);
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::SecondMirror, None)), @r"
    Your conversation.
    │ **What @Ben heard**
    │ You are tired of planning.
    │ *That's it, says @Ada.*
    │ @Ada, is there one specific thing that you appreciate? A small one is enough.
    [*Appreciate*] [We said it aloud] [Skip]
    [Softer] [Pause] [Close]
    ");
    let view = view.says(ADA, Said::Appreciation, &["You waited until I had finished."]);
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::Appreciation, Some(BEN))), @r"
    @Ben Your turn, when it suits.
    │ **@Ada appreciates**
    │ You waited until I had finished.
    │ @Ben, is there one specific thing that you appreciate? A small one is enough.
    [*Appreciate*] [We said it aloud] [Skip]
    [Softer] [Pause] [Close]
    ");
    let view = view.says(BEN, Said::Appreciation, &["You asked twice."]);
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::Appreciation, None)), @r"
    Your conversation.
    │ **@Ada appreciates**
    │ You waited until I had finished.
    │ **@Ben appreciates**
    │ You asked twice.
    │ @Ben, you can ask for one thing this week: something you'd like, not something that must stop. Asking for nothing is fine, too.
    [*Ask for one thing*] [Skip]
    [Softer] [Pause] [Close]
    ");
    let view = view.says(BEN, Said::Request, &["Cook with me on Friday."]);
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::Request, Some(ADA))), @r"
    @Ada Your turn, when it suits.
    │ **@Ben would like**
    │ Cook with me on Friday.
    │ @Ada, all four answers are good ones, and none needs a reason.
    [Yes] [A smaller yes] [Not now] [No] [Skip]
    [Softer] [Pause] [Close]
    ");
    insta::assert_snapshot!(reads(&sheet(&view.replies(ADA, Reply::No), Sheet::Request, None)), @r"
    Your conversation.
    │ **@Ben would like**
    │ Cook with me on Friday.
    │ *The answer: no. Thank you for an honest word. All four answers are good ones.*
    │ That was the last step, and what you told each other stays yours.
    ");
}

#[test]
fn in_a_full_one_a_mirror_has_its_labels_and_a_yes_becomes_a_plan() {
    let fields = ["You miss the sea.", "You grew up there.", "Homesick, in summer most of all."];
    let view = opened(Length::Full).says(ADA, Said::FullMirror, &fields);
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::FirstMirror, Some(BEN))), @r"
    @Ben Your turn, when it suits.
    │ **What @Ada heard**
    │ You miss the sea.
    │
    │ *It makes sense because…*
    │ You grew up there.
    │
    │ *I imagine you felt…*
    │ Homesick, in summer most of all.
    │ @Ben, is that what you meant? `Nearly` and `There's more` are as good as `That's it`.
    [*That's it*] [Nearly] [There's more] [We said it aloud] [Skip]
    [Softer] [Pause] [Close]
    ");
    let view = view.aloud(BEN).skips(BEN).aloud(ADA).aloud(ADA);
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::FirstMirror, None)), @r"
    Your conversation.
    │ **What @Ada heard**
    │ You miss the sea.
    │
    │ *It makes sense because…*
    │ You grew up there.
    │
    │ *I imagine you felt…*
    │ Homesick, in summer most of all.
    │ *You said that aloud.*
    │ *One step was left out. That happens.*
    │ *You said that aloud.*
    ");
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::Request, Some(BEN))), @r"
    @Ben Your turn, when it suits.
    │ @Ben, you can ask for one thing this week: something you'd like, not something that must stop. Asking for nothing is fine, too.
    [*Ask for one thing*] [Skip]
    [Softer] [Pause] [Close]
    ");
}

#[test]
fn all_four_answers_read_alike() {
    let view =
        opened(Length::Full).skips(ADA).skips(BEN).skips(BEN).skips(ADA).says(BEN, Said::Request, &["Cook with me on Friday."]);
    for reply in Reply::ALL {
        let view = view.clone().replies(ADA, reply);
        let text = reads(&sheet(&view, Sheet::Request, None));
        let answer = text.lines().find(|line| line.contains("The answer")).expect("an answer");
        assert!(!answer.contains("Ada") && !answer.contains("Ben"), "{answer}");
        assert!(text.contains("All four answers are good ones."), "{text}");
    }
    let view = view.replies(ADA, Reply::SmallerYes);
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::Request, None)), @r"
    Your conversation.
    │ **@Ben would like**
    │ Cook with me on Friday.
    │ *The answer: a smaller yes. How small is up to the two of you. All four answers are good ones.*
    │ @Ada, if you like, make it a plan: “When …, I will …”. In a week I ask you about it, once and in private.
    [*Make it a plan*] [Skip]
    [Softer] [Pause] [Close]
    ");
    let view = view.says(ADA, Said::Plan, &["the dishes are done", "put on my boots"]);
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::Request, None)), @r"
    Your conversation.
    │ **@Ben would like**
    │ Cook with me on Friday.
    │ *The answer: a smaller yes. How small is up to the two of you. All four answers are good ones.*
    │ **What @Ada plans**
    │ *When …*
    │ the dishes are done
    │
    │ *I will …*
    │ put on my boots
    │ That was the last step, and what you told each other stays yours.
    ");
    insta::assert_snapshot!(reads(&follow_up(&view)), @r"
    A question for you alone.
    │ **A week ago, in your conversation with @Ben, you made this plan:**
    │ *When …*
    │ the dishes are done
    │
    │ *I will …*
    │ put on my boots
    │ What became of it? Only you are asked, and your answer is kept nowhere.
    [done] [partly] [let it go]
    ");
}

#[test]
fn a_step_that_was_left_reads_as_one_that_was_skipped() {
    let begun = || opened(Length::Guided).says(ADA, Said::Mirror, &["You would like one evening alone."]);
    let shown = |view: &ConversationView| reads(&sheet(view, Sheet::FirstMirror, None));
    assert_eq!(shown(&begun().skips(BEN)), shown(&begun().lapses(1)));
    assert!(!said::note(&begun().skips(BEN).lines[1].line).expect("a note").contains("<@"));
}

#[test]
fn what_its_author_removed_leaves_its_place() {
    let mut view = opened(Length::Guided).says(ADA, Said::Mirror, &["You would like one evening alone."]);
    view.lines[0].words = None;
    insta::assert_snapshot!(reads(&sheet(&view, Sheet::FirstMirror, None)), @r"
    Your conversation.
    │ **What @Ada heard**
    │ *removed by its author*
    │ @Ben, is that what you meant? `Nearly` and `There's more` are as good as `That's it`.
    [*That's it*] [Nearly] [There's more] [We said it aloud] [Skip]
    [Softer] [Pause] [Close]
    ");
}

#[test]
fn each_end_has_one_kind_sentence_without_a_name() {
    let view = opened(Length::Guided);
    insta::assert_snapshot!(reads(&closing(&view.clone().closes(ADA))), @r"
    Your conversation.
    │ This conversation is closed, and you can always talk on without me.
    [A minute for myself]
    ");
    let left = view.says(ADA, Said::Mirror, &["x"]).lapses(1).lapses(2).lapses(3);
    assert!(left.conversation.is_over());
    insta::assert_snapshot!(reads(&sheet(&left, left.conversation.course.sheet, None)), @r"
    Your conversation.
    │ *One step was left out. That happens.*
    │ This conversation closed by itself, which is fine, and what was said in it stays.
    ");
    for how in [Ending::Finished, Ending::Closed, Ending::Left, Ending::Replaced, Ending::Parted] {
        let sentence = said::ended(how);
        assert_eq!(sentence.matches('.').count(), 1, "{sentence}");
        assert!(!sentence.contains("<@"), "{sentence}");
    }
}

#[test]
fn the_pages_say_what_they_are_about_and_where_it_goes() {
    let page = |said, about: Option<(PersonId, &str)>| {
        let about = about.map(|(who, text)| (who, vec![Words::new(text), Words::new(" ")]));
        form(&super::page(&Page { round: RoundId(Uuid::from_u128(1)), said, turn: 4, about }))
    };
    insta::assert_snapshot!(page(Said::Mirror, Some((BEN, "One evening alone."))), @r"
    Mirror
    **@Ben wrote**
    One evening alone.
    What I heard
    Both of you see it where you meet. It says what you heard, not what you think of it; @Ben can correct it.
    ");
    insta::assert_snapshot!(page(Said::FullMirror, None), @r"
    Mirror
    What reached you of their answer, in your own words.
    What I heard
    It makes sense because… (optional)
    I imagine you felt… (optional)
    Both of you see it where you meet. The first line is enough. It says what you heard, not what you think of it; your partner can correct it.
    ");
    insta::assert_snapshot!(page(Said::Nearly, Some((ADA, "You want me gone."))), @r"
    Nearly
    **@Ada heard**
    You want me gone.
    What I meant
    Both of you see it where you meet. Then @Ada says once more what they heard. It is no verdict on how they listened.
    ");
    insta::assert_snapshot!(page(Said::More, None), @r"
    There's more
    What was not said yet, and belongs to it.
    What I'd like you to hear as well
    Both of you see it where you meet. Then your partner says once more what they heard. It is no verdict on how they listened.
    ");
    insta::assert_snapshot!(page(Said::Appreciation, None), @r"
    Appreciate
    Something they said or did, or simply a way they are. A small one is enough.
    One specific thing
    Both of you see it where you meet. It asks for nothing in return.
    ");
    insta::assert_snapshot!(page(Said::Request, None), @r"
    Ask for one thing
    Something you'd like, not something that must stop; small enough for this week.
    One thing I'd like this week
    Both of you see it where you meet. It is a wish: a no to it is a good answer, too.
    ");
    insta::assert_snapshot!(page(Said::Plan, Some((BEN, "Cook with me on Friday."))), @r"
    Make it a plan
    **@Ben would like**
    Cook with me on Friday.
    When …
    I will …
    Both of you see it where you meet. It is for you, and no promise. In a week I ask you about it, once and in private.
    ");
    let long = "x".repeat(LONGEST_ABOVE + 1);
    assert!(!page(Said::Mirror, Some((BEN, &long))).contains("xx"), "what does not fit is not cut");
}

#[test]
fn what_is_read_in_private_after_a_press() {
    let view = opened(Length::Guided);
    insta::assert_snapshot!(reads(&where_we_are(&view, BEN, None)), @r"
    │ Nothing has been said since the answers opened.
    [*Mirror*] [Appreciate] [Pause] [Close] [Skip]
    [We said it aloud]
    ");
    let view = view.says(ADA, Said::Mirror, &["You would like one evening alone."]);
    insta::assert_snapshot!(reads(&taken(&view, ADA)), @"│ Done. It is @Ben's turn, and there is nothing you need to do.");
    insta::assert_snapshot!(reads(&where_we_are(&view, ADA, Some("https://there"))), @r"
    │ It is @Ben's turn, and there is nothing you need to do.
    │ It goes on here: https://there
    ");
    insta::assert_snapshot!(reads(&where_we_are(&view, BEN, None)), @r"
    │ **What @Ada heard**
    │ You would like one evening alone.
    │ @Ben, is that what you meant? `Nearly` and `There's more` are as good as `That's it`.
    [*That's it*] [Nearly] [There's more] [We said it aloud] [Skip]
    [Softer] [Pause] [Close]
    ");
    let listener = reads(&where_we_are(&view, ADA, None));
    assert!(listener.contains("[We said it aloud]\n[Softer] [Pause] [Close]") && !listener.contains("[Nearly]"), "{listener}");
    let back =
        words_back(&Refusal::StepPassed, Some(where_we_are(&view, ADA, Some("https://there"))), &[Words::new("Too late.")]);
    insta::assert_snapshot!(reads(&back), @r"
    │ That step is done already.
    │
    │ It is @Ben's turn, and there is nothing you need to do.
    │ It goes on here: https://there
    │ What you just wrote was not kept. Here it is, for you alone:
    ┃ Too late.
    ");
    let view = view.confirms(BEN);
    insta::assert_snapshot!(reads(&taken(&view, BEN)), @r"
    │ Done. It is your turn: what did you hear, the other way round? Press `Mirror` and say it in your own words. You don't have to agree.
    [*Mirror*] [We said it aloud] [Skip]
    [Softer] [Pause] [Close]
    ");
    let view = view.closes(BEN);
    insta::assert_snapshot!(reads(&taken(&view, BEN)), @r"
    │ This conversation is closed. What was said in it stays where it is.
    │ How did that conversation leave you? Only I see this; it changes what comes next a little, and is shown to nobody.
    [lighter] [same] [heavier]
    ");
    insta::assert_snapshot!(reads(&words_back(&Refusal::TooLong { field: 0, over: 3 }, None, &[Words::new("x")])), @r"
    │ That is 3 over what fits, so nothing was shown.
    │ What you just wrote was not kept. Here it is, for you alone:
    ┃ x
    ");
    insta::assert_snapshot!(reads(&waits(&view, ADA, at(0))), @r"
    │ It is kept, and shown when the pause ends, <t:1800000000:f>.
    │ How did that conversation leave you? Only I see this; it changes what comes next a little, and is shown to nobody.
    [lighter] [same] [heavier]
    ");
}

#[test]
fn what_stands_beside_the_steps() {
    let round = RoundId(Uuid::from_u128(1));
    insta::assert_snapshot!(reads(&softer(&opened(Length::Guided))), @r"
    │ **A softer word**
    │ Each of these becomes one short line where you meet, in my words and with your name. None of them says who is right.
    [Let me try again] [Softer, please] [I see my part]
    ");
    let lines = Repair::ALL.map(|one| reads(&repair(round, BEN, one)));
    insta::assert_snapshot!(lines.join("\n\n"), @r"
    A word in between.
    │ @Ben would like to try that again, in other words.
    [Softer]

    A word in between.
    │ A softer tone would help @Ben just now. There is no hurry.
    [Softer]

    A word in between.
    │ @Ben sees a part of this as their own.
    [Softer]
    ");
    insta::assert_snapshot!(reads(&feeling(round, BEN)), @r"
    A question for you alone.
    │ How did your conversation with @Ben leave you? Only I see this; it changes what comes next a little, and is shown to nobody.
    [lighter] [same] [heavier]
    ");
    insta::assert_snapshot!(reads(&felt()), @r"
    │ Thank you. It is shown to nobody.
    [A minute for myself]
    ");
    insta::assert_snapshot!(Became::ALL.map(said::followed).join("\n"), @r"
    Good to hear. I won't ask about it again.
    A part of it is there, and a part counts. I won't ask about it again.
    Then it may go. Some plans are good for finding that out. I won't ask about it again.
    ");
}

/// Discord's limits of a message (resources/message, "Embed Limits"), on the sheets with the most on them.
#[test]
fn the_fullest_sheet_fits_a_message() {
    let full = "`".repeat(FIELD_LIMIT - 3) + "```";
    let three = [full.as_str(); 3];
    let mut view = opened(Length::Full);
    for said in [Said::Nearly, Said::More] {
        view = view.says(ADA, Said::FullMirror, &three).says(BEN, said, &three[..1]);
    }
    let last = view.says(ADA, Said::FullMirror, &three);
    let plan = opened(Length::Full).skips(ADA).skips(BEN).says(BEN, Said::Appreciation, &three[..1]);
    let plan = plan.says(ADA, Said::Appreciation, &three[..1]).says(BEN, Said::Request, &three[..1]);
    let plan = plan.replies(ADA, Reply::SmallerYes).says(ADA, Said::Plan, &three[..2]);
    for (view, on) in [(&last, Sheet::FirstMirror), (&plan, Sheet::Request)] {
        let body = serde_json::to_value(sheet(view, on, Some(ADA)).posted(NoticeId(Uuid::max()))).expect("a body");
        let embeds = body["embeds"].as_array().expect("embeds");
        let units = |embed: &serde_json::Value| embed["description"].as_str().expect("a text").encode_utf16().count();
        assert!(embeds.len() <= 10);
        assert!(embeds.iter().all(|embed| units(embed) <= 4_096));
        assert!(embeds.iter().map(units).sum::<usize>() <= 6_000);
        let rows = body["components"].as_array().expect("rows");
        assert!(rows.len() <= 5 && rows.iter().all(|row| row["components"].as_array().is_some_and(|row| row.len() <= 5)));
    }
}
