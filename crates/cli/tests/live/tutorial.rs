//! The tutorial to its end, with a cluster.

use std::ffi::OsString;

use crate::page::Reader;
use crate::plane::PLANE;

fn follow(page: &str, locale: &str) {
    let command = PLANE.kubectl();
    let known = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
    let cluster = known.map(|(name, value)| (name.to_owned(), OsString::from(value))).collect();
    Reader { page, locale, cluster: Some(cluster) }.follow();
}

#[test]
fn the_tutorial_is_true_with_a_cluster() {
    follow("tutorial.md", "C.UTF-8");
    follow("tutorial.fr.md", "fr_FR.UTF-8");
}
