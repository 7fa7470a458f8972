//! The tutorial, as far as it needs no cluster; `tests/live` follows it to the end.

use crate::page::Reader;

#[test]
fn commands_print_what_the_tutorial_shows() {
    Reader { page: "tutorial.md", locale: "C.UTF-8", cluster: None }.follow();
    Reader { page: "tutorial.fr.md", locale: "fr_FR.UTF-8", cluster: None }.follow();
}
