//! Files that people write: read as text, or told why they are none.

use std::fs;
use std::path::Path;

use diagnostic::words;

use crate::error::CommandError;

/// How large a file may be; the largest that people write by hand have some kilobytes.
const MOST_BYTES: u64 = 16 << 20;

/// The text of a file.
pub fn read(path: &Path) -> Result<String, CommandError> {
    let name = path.display();
    let wrong = |error: std::io::Error| CommandError::new(format!("{name}: {error}"));
    if fs::metadata(path).map_err(wrong)?.len() > MOST_BYTES {
        return Err(CommandError::Said(words!(
            "{name}: larger than {MOST_BYTES} bytes: split the configuration into several files",
            "{name} : plus de {MOST_BYTES} octets : répartissez la configuration en plusieurs fichiers"
        )));
    }
    String::from_utf8(fs::read(path).map_err(wrong)?).map_err(|error| {
        let bytes = error.as_bytes();
        let before = bytes.get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = before.split(|byte| *byte == b'\n').count();
        CommandError::Said(words!(
            "{name}: line {line} is no text in UTF-8: save the file as UTF-8 in your editor",
            "{name} : la ligne {line} n'est pas du texte en UTF-8 : enregistrez le fichier en UTF-8"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::{CommandError, MOST_BYTES, read};

    #[test]
    fn a_file_that_nobody_has_written_by_hand_is_refused() {
        let path = std::env::temp_dir().join(format!("socle-large-{}.yaml", std::process::id()));
        std::fs::File::create(&path).unwrap().set_len(MOST_BYTES + 1).unwrap();
        let refused = read(&path);
        std::fs::remove_file(&path).unwrap();
        let Err(CommandError::Said(words)) = refused else { panic!("it was read") };
        let (en, fr) = (
            ".yaml: larger than 16777216 bytes: split the configuration into several files",
            ".yaml : plus de 16777216 octets : répartissez la configuration en plusieurs fichiers",
        );
        assert!(words.en.ends_with(en) && words.fr.ends_with(fr), "{words:?}");
    }
}
