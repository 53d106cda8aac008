//! The shuffle: where a prompt stands in a couple's bag.

/// A prompt's place in the bag of this seed: the smallest comes first. `lap` counts how often the couple has had it, so
/// that the bag is shuffled anew each time it has been emptied.
///
/// The order must outlive every version of every library, so the hash is spelled out: FNV-1a, then the finisher of
/// `SplitMix64` (both in the public domain).
pub(super) fn rank(seed: u64, lap: u32, id: &str) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325;
    let bytes = seed.to_le_bytes().into_iter().chain(lap.to_le_bytes()).chain(id.bytes());
    let hash = bytes.fold(start, |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::rank;

    fn order(seed: u64, lap: u32) -> Vec<&'static str> {
        let mut ids = vec!["space-hour", "now-outgrown", "needs-evening", "goals-quiet-wish", "repair-my-part"];
        ids.sort_by_key(|id| rank(seed, lap, id));
        ids
    }

    /// Couples' bags hang on this order: it must not change with a version of anything.
    #[test]
    fn the_order_of_a_seed_is_the_same_for_ever() {
        assert_eq!(order(7, 0), ["repair-my-part", "goals-quiet-wish", "space-hour", "now-outgrown", "needs-evening"]);
    }

    #[test]
    fn seeds_and_laps_shuffle_differently() {
        assert_ne!(order(7, 0), order(8, 0));
        assert_ne!(order(7, 0), order(7, 1));
    }

    #[test]
    fn each_place_is_equally_likely() {
        let ids: Vec<String> = (0..20).map(|number| format!("prompt-{number}")).collect();
        let mut first = [0_u32; 20];
        for seed in 0..20_000 {
            let (at, _) = ids.iter().enumerate().min_by_key(|(_, id)| rank(seed, 0, id)).unwrap();
            first[at] += 1;
        }
        assert!(first.iter().all(|count| (850..1150).contains(count)), "{first:?}");
    }
}
