//! `--name-template`: a release's name made by a template.

use std::any::Any;
use std::sync::Arc;

use gotmpl::error::Error;
use gotmpl::limits::Limits;
use gotmpl::machine::Machine;
use gotmpl::set::{Functions, Set};
use gotmpl::value::{Str, Value};

/// The name that `template` prints; it sees Sprig's functions and no data.
pub fn name_from_template(template: &str, mut effects: Vec<Box<dyn Any>>) -> Result<String, Error> {
    const NAME: &str = "name-template";
    let mut set = Set::new(NAME, Arc::new(Functions::new(functions::all())));
    set.parse(NAME, &Str::from(template))?;
    let mut machine = Machine::new(&set, &mut effects, Limits::default());
    let name = machine.execute_template(NAME.as_bytes(), &Value::Nil)?;
    Ok(name.to_text().into_owned())
}
