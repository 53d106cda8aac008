//! `duet prompts` as somebody who writes decks runs it.

use crate::program::Place;

#[tokio::test]
async fn years_of_questions_end_well_with_the_built_in_decks() {
    let place = Place::new();
    let ran = place.duet("prompts simulate --couples 3 --years 1 --rounds 2 --seed 5").await;
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert!(ran.out.starts_with("3 couples, 1 year, 2 questions a week, seed 5\n"), "{}", ran.out);
    assert!(ran.out.contains("\nrules broken   0\n"), "{}", ran.out);
    let again = place.duet("prompts simulate --couples 3 --years 1 --rounds 2 --seed 5").await;
    assert_eq!(again.out, ran.out);
    assert_eq!(place.duet("prompts simulate --rounds 8").await.code, 2, "more than one a day");
}

#[tokio::test]
async fn a_question_is_found_shown_and_compared() {
    let place = Place::new();
    let list = place.duet("prompts list --theme intimacy --depth warm").await;
    assert_eq!(list.code, 0, "{}", list.err);
    assert!(list.out.starts_with("intimacy (opt-in: only for couples who both asked for it)\n"), "{}", list.out);
    let id = list.out.lines().nth(1).and_then(|line| line.split_whitespace().next()).expect("one is listed");
    let preview = place.duet(&format!("prompts preview {id}")).await;
    assert_eq!(preview.code, 0, "{}", preview.err);
    assert!(preview.out.starts_with(id) && preview.out.contains("Two people, two views."), "{}", preview.out);
    let nearest = place.duet("prompts nearest --count 2").await;
    assert_eq!(nearest.out.lines().filter(|line| line.starts_with("0.")).count(), 2, "{}", nearest.out);
    let beside = place.duet(&format!("prompts nearest --count 1 --to {id}")).await;
    assert!(beside.code == 0 && beside.out.contains(&format!("{id}: ")), "{}", beside.out);
    for line in ["prompts preview nothing-of-the-kind", "prompts nearest --to nothing-of-the-kind"] {
        assert_eq!(place.duet(line).await.code, 1, "{line}");
    }
}
