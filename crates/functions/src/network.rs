//! Asking the network, which is an effect.

use gotmpl::function::{Call, Effect, Failure, Function, Param, Words};
use gotmpl::value::Value;

use crate::effects;

/// The functions of this module.
pub const FUNCTIONS: &[Function] = &[Function {
    name: "getHostByName",
    params: &[Param::Str],
    variadic: false,
    effect: Effect::Network,
    words: Words::Read,
    run: host_by_name,
}];

/// One of the machine's addresses. Sprig ignores the error of the look-up and then draws one of no
/// addresses, hence the message.
fn host_by_name(call: &mut Call<'_, '_>) -> Result<Value, Failure> {
    let name = String::from_utf8_lossy(call.text(0)).into_owned();
    let effects = effects::of(call)?;
    let mut addresses = effects.look_up(&name)?;
    if addresses.is_empty() {
        return Err(Failure::new("invalid argument to Intn"));
    }
    let drawn = effects.below(addresses.len() as u64)? as usize;
    Ok(addresses.swap_remove(drawn).into())
}
