//! A deck added to `prompts/` or removed from it is seen by the next build.

fn main() {
    println!("cargo::rerun-if-changed=prompts");
}
