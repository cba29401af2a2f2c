pub fn pages(_: &clap::Command) -> Vec<(String, String)> {
    Vec::new()
}
