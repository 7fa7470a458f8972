//! `socle init`: a first configuration, from three answers or from flags.

use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::sync::Arc;

use catalog::{Catalogue, bind};
use config::{Field, Format, Shape, Sources, TextKind, migrate, read};
use diagnostic::{Language, Words, near, words};

use crate::catalogue::CatalogueArguments;
use crate::context::Context;
use crate::error::CommandError;

/// The flags of `socle init`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The domain under which all services stand.
    #[arg(long, value_name = "DOMAIN")]
    domain: Option<String>,
    /// Services and bundles, with commas between them.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    services: Vec<String>,
    /// How large the platform is: `demo`, `small`, `standard` or `high-availability`.
    #[arg(long, value_name = "PROFILE")]
    profile: Option<String>,
    /// The file that is written.
    #[arg(short, long, value_name = "FILE", default_value = "socle.yaml")]
    output: PathBuf,
    #[command(flatten)]
    catalogue: CatalogueArguments,
}

/// What counts for a profile that nobody chose.
const PROFILE: &str = "small";
/// What counts for services that nobody chose.
const BUNDLE: &str = "base";
/// How often a question is asked before somebody else should answer it.
const MOST_ATTEMPTS: usize = 5;

/// The answers.
#[derive(Debug)]
struct Answers {
    domain: String,
    services: Vec<String>,
    profile: String,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &mut Context) -> Result<(), CommandError> {
    let shown = arguments.output.display();
    if arguments.output.exists() {
        return Err(CommandError::Said(words!(
            "{shown} is there already, and stays as it is: name another file by --output",
            "{shown} existe déjà et reste tel quel : nommer un autre fichier par --output"
        )));
    }
    let catalogue = arguments.catalogue.with(Vec::new()).load(&mut Sources::default())?;
    let catalogue = Arc::new(catalogue);
    let answers = match given(arguments, &catalogue)? {
        Some(answers) => answers,
        None if io::stdin().is_terminal() => asked(arguments, &catalogue, context)?,
        None => {
            return Err(CommandError::Said(words!(
                "there is no terminal to ask at: say the domain by --domain; --services and \
                 --profile may be left out",
                "il n'y a pas de terminal où demander : donner le domaine par --domain ; --services \
                 et --profile peuvent être omis"
            )));
        }
    };
    let language = context.language();
    let text = configuration(&answers, &catalogue, language);
    loads(&text, &catalogue)?;
    let wrong = |error: io::Error| CommandError::Said(Words::from(format!("{shown}: {error}")));
    let mut file = fs::File::create_new(&arguments.output).map_err(wrong)?;
    file.write_all(text.as_bytes()).map_err(wrong)?;
    let next = words!(
        "{shown} is written. Next: socle config, socle build\n",
        "{shown} est écrit. Ensuite : socle config, socle build\n"
    );
    context.print(next.of(language).as_bytes());
    Ok(())
}

/// The answers that flags give; none where the domain, which has no default, is missing.
fn given(arguments: &Arguments, catalogue: &Catalogue) -> Result<Option<Answers>, CommandError> {
    let said = CommandError::Said;
    let services = services(&arguments.services.join(","), catalogue).map_err(said)?;
    let profile = profile(arguments.profile.as_deref().unwrap_or(""), catalogue).map_err(said)?;
    let Some(given) = &arguments.domain else { return Ok(None) };
    Ok(Some(Answers { domain: domain(given).map_err(said)?, services, profile }))
}

/// A domain that is one, or what is wrong with it.
fn domain(given: &str) -> Result<String, Words> {
    let given = given.trim();
    if TextKind::Hostname.accepts(given) {
        return Ok(given.to_owned());
    }
    Err(words!(
        "`{given}` is no domain: {what}",
        "`{given}` n'est pas un domaine : {what}",
        what = TextKind::Hostname.what(),
    ))
}

/// Services and bundles that there are, or what is wrong with them.
fn services(given: &str, catalogue: &Catalogue) -> Result<Vec<String>, Words> {
    let names = given.split([',', ' ']).map(str::trim).filter(|name| !name.is_empty());
    let names: Vec<String> = names.map(str::to_owned).collect();
    for name in &names {
        if !catalogue.services.contains_key(name) && !catalogue.bundles.contains_key(name) {
            let known = catalogue.services.keys().chain(catalogue.bundles.keys());
            let hint = match near::nearest(name, known.map(String::as_str)) {
                Some(meant) => words!("did you mean `{meant}`?", "vouliez-vous dire `{meant}` ?"),
                None => words!(
                    "`socle catalog list` shows what there is",
                    "`socle catalog list` montre ce qu'il y a"
                ),
            };
            return Err(words!(
                "no service or bundle is called `{name}`: {hint}",
                "aucun service ni ensemble ne s'appelle `{name}` : {hint}",
                hint = hint,
            ));
        }
    }
    Ok(if names.is_empty() { vec![BUNDLE.to_owned()] } else { names })
}

/// A profile that there is, or what is wrong with it.
fn profile(given: &str, catalogue: &Catalogue) -> Result<String, Words> {
    let given = given.trim();
    let profiles = profiles(catalogue);
    if given.is_empty() {
        return Ok(PROFILE.to_owned());
    }
    if profiles.iter().any(|(known, _)| known == given) {
        return Ok(given.to_owned());
    }
    let known: Vec<String> = profiles.iter().map(|(name, _)| format!("`{name}`")).collect();
    let known = known.join(", ");
    Err(words!(
        "`{given}` is no profile: there are {known}",
        "`{given}` n'est pas un profil : il y a {known}"
    ))
}

/// The profiles with what each is for.
fn profiles(catalogue: &Catalogue) -> Vec<(String, Words)> {
    let record = catalogue.configuration();
    match record.field("profile").map(|field: &Field| &field.shape) {
        Some(Shape::OneOf(choices)) => {
            choices.iter().map(|one| (one.word.clone(), one.words.clone())).collect()
        }
        _ => Vec::new(),
    }
}

/// Asks at the terminal for what no flag gives.
fn asked(
    arguments: &Arguments,
    catalogue: &Catalogue,
    context: &mut Context,
) -> Result<Answers, CommandError> {
    let domain_question = words!(
        "The domain, such as school.example: each service gets a name below it.",
        "Le domaine, comme lycee.example : chaque service aura un nom dessous."
    );
    let all = catalogue.services.values().map(|one| {
        let (name, words) = (&one.name, &one.words);
        words!("  {name}: {words}", "  {name} : {words}", words = words)
    });
    let bundles = catalogue.bundles.values().map(|one| {
        let (name, words) = (&one.name, &one.words);
        words!("  {name} (bundle): {words}", "  {name} (ensemble) : {words}", words = words)
    });
    let services_question = words!(
        "The services, with commas between them; enter alone for `{BUNDLE}`.\n{all}",
        "Les services, séparés par des virgules ; entrée seule pour `{BUNDLE}`.\n{all}",
        all = Words::joined(all.chain(bundles), "\n"),
    );
    let known = profiles(catalogue);
    let lines = known
        .iter()
        .map(|(name, words)| words!("  {name}: {words}", "  {name} : {words}", words = words));
    let profile_question = words!(
        "How large the platform is; enter alone for `{PROFILE}`.\n{lines}",
        "La taille de la plateforme ; entrée seule pour `{PROFILE}`.\n{lines}",
        lines = Words::joined(lines, "\n"),
    );
    let answer_domain = ask(&domain_question, context, domain)?;
    let answer_services = if arguments.services.is_empty() {
        ask(&services_question, context, |given| services(given, catalogue))?
    } else {
        services(&arguments.services.join(","), catalogue).map_err(CommandError::Said)?
    };
    let answer_profile = match &arguments.profile {
        None => ask(&profile_question, context, |given| profile(given, catalogue))?,
        Some(given) => profile(given, catalogue).map_err(CommandError::Said)?,
    };
    Ok(Answers { domain: answer_domain, services: answer_services, profile: answer_profile })
}

/// Asks until the answer is one that will do.
fn ask<T>(
    question: &Words,
    context: &mut Context,
    accept: impl Fn(&str) -> Result<T, Words>,
) -> Result<T, CommandError> {
    let language = context.language();
    context.warn(question.of(language));
    for _ in 0..MOST_ATTEMPTS {
        let _ = write!(context.err, "> ");
        let _ = context.err.flush();
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line).map_err(CommandError::of)?;
        if read == 0 {
            break;
        }
        match accept(line.trim()) {
            Ok(answer) => return Ok(answer),
            Err(why) => context.warn(why.of(language)),
        }
    }
    Err(CommandError::Said(words!(
        "nothing is written: a question has no answer",
        "rien n'est écrit : une question reste sans réponse"
    )))
}

/// The configuration, with what may be said in it besides.
fn configuration(answers: &Answers, catalogue: &Catalogue, language: Language) -> String {
    let text = match language {
        Language::English => ENGLISH,
        Language::French => FRENCH,
    };
    let code = match language {
        Language::English => "en",
        Language::French => "fr",
    };
    let listed = |name: &String| {
        let words = catalogue.services.get(name).map(|one| &one.words);
        let words = words.or_else(|| catalogue.bundles.get(name).map(|one| &one.words));
        let words = words.map_or("", |words| words.of(language));
        format!("  - {name} # {words}\n")
    };
    let services: String = answers.services.iter().map(listed).collect();
    text.replace("<LANGUAGE>", code)
        .replace("<PROFILE>", &answers.profile)
        .replace("<SERVICES>\n", &services)
        .replace("<DOMAIN>", &answers.domain)
}

const ENGLISH: &str = include_str!("init.en.yaml");
const FRENCH: &str = include_str!("init.fr.yaml");

/// Nothing is written that does not load.
fn loads(text: &str, catalogue: &Arc<Catalogue>) -> Result<(), CommandError> {
    let mut sources = Sources::default();
    let id = sources.add("socle.yaml", text);
    let root = read(&sources, id, Format::Yaml).and_then(|root| migrate(root, &sources));
    let root = root.map_err(CommandError::Faults)?;
    bind(catalogue.clone(), root, None, &mut sources).map_err(CommandError::Faults)?;
    Ok(())
}
