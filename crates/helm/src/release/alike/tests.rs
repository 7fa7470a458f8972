//! Heads found by likeness against heads read, for texts changed in every place.

use super::*;

const OBJECTS: [&str; 10] = [
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: city-web\n  namespace: city\n  labels:\n    \
     app.kubernetes.io/instance: city\n    name: other\n  annotations:\n    a/b: city\nspec:\n  \
     ports:\n  - name: http\n    port: 80\n  selector: {app: city, x: y}\n",
    "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n    annotations:\n        x: \"1\"\n    \
     name: \"web-city\"\nspec:\n  args:\n    - --host=city.example.org\n    - city\n    - \"a city b\"\n  \
     env:\n  - name: URL\n    value: \"https://city.example.org:8080/x\"\n  # city\n",
    "kind: ConfigMap\napiVersion: v1\ndata:\n  text: |\n    metadata:\n      name: city\n    it's \"odd\n  \
     b: city folds\n    over lines city\nmetadata:\n  name: city-1\n",
    "apiVersion: v1\nkind: Secret\nmetadata: {name: city}\ndata: {a: city}\n",
    "apiVersion: v1\nkind: A\nmetadata:\n  name: &x city\n  annotations: {a: *x}\nspec:\n- city: city\n- *x\n",
    "apiVersion: v1\nkind: Job\nmetadata:\n  annotations:\n    foo: city\n    block: |\n      foo: city\n      \
     url: x\n    url: https://city.example.org:80/x\n    cron: 0 3 * * *\n    sum: 5e1city\n    sure: 'city'\n  \
     name: city\nspec:\n  json: \"{\\\"a\\\":\\\"city\\\"}\"\n  port: 80\n  text: \"{\\\"a\\\":\\\"city b\\\"}\"\n  sums: 0c1city\n  odd: \"\\\\ \\x41 city\"\n  list: [ city, 'city' ]\n",
    "apiVersion: v1\nkind: Job\nmetadata:\n  name: city\n  annotations:\n    h: city\n    x: y\n    h: city\n",
    "apiVersion: v1\nkind: Job\nmetadata:\n  name: city\n  annotations:\n      # deep\n    h: city\n    t: |\n      \
     h: city\n",
    "apiVersion: v1\nkind: Job\nmetadata:\n  name: city\nspec:\n  # \"city\"\n  a: |\n    b \"city\" 'city'\n  \
     flow: { \"city b\":1 , \"c b\":2 }\n",
    "apiVersion: v1\nkind: Job\nmetadata:\n  name: city\nspec:\n  ? city\n  : a\n  ? town\n  : b\n",
];

/// Words and signs that have a meaning somewhere in YAML.
const WORDS: [&str; 47] = [
    "town",
    "t0wn-2",
    "a.b.c",
    "null",
    "true",
    "No",
    "1e999",
    ".inf",
    "12",
    "x: y",
    "x:",
    ": x",
    "#x",
    " # x",
    "\"",
    "'",
    "\\x",
    "[",
    "}",
    "*x",
    "&x",
    "!!int",
    "|",
    "- x",
    "---",
    "\n",
    "\n  name: x",
    "",
    " ",
    "\u{e9}",
    "5e99a",
    "1e5",
    "0a1",
    "7",
    "{\\\"a b\\\"",
    "0x1f",
    "\\\"",
    "a\\",
    "''",
    "://x:80/y",
    "\u{1}",
    "a\rb",
    "\u{85}",
    "\u{2028}",
    "\u{7f}",
    "\u{feff}",
    "c",
];

/// Whatever is put in the place of whatever: a head that is found by likeness is the one read.
#[test]
fn a_head_found_is_the_head_read() {
    // Longer than a key on one line may be.
    let long = "x".repeat(1_100);
    let (mut found, mut unlike) = (0, 0);
    for object in OBJECTS {
        let head = Head::read(object.as_bytes()).unwrap();
        let Some(model) = Model::of(object.as_bytes(), &head) else { continue };
        for start in 0..=object.len() {
            for length in 0..6.min(object.len() - start + 1) {
                for word in WORDS.into_iter().chain([long.as_str()]) {
                    let rest = &object[start + length..];
                    let text = format!("{}{word}{rest}", &object[..start]);
                    match model.head_of(text.as_bytes()) {
                        Some(alike) => {
                            assert_eq!(Head::read(text.as_bytes()).ok(), Some(alike), "{text}");
                            found += 1;
                        }
                        None => unlike += 1,
                    }
                }
            }
        }
        let moved = object.replace("city", "t0wn-2.x");
        let known = model.head_of(moved.as_bytes());
        // Two of them have the word in flow collections.
        assert_eq!(known.is_some(), object.contains("kind: Deployment"), "{moved}");
    }
    assert!(found > 1_000 && unlike > 10_000, "{found} {unlike}");
}

#[test]
fn odd_objects_are_no_models() {
    let is_model = OBJECTS.map(|object| {
        Model::of(object.as_bytes(), &Head::read(object.as_bytes()).unwrap()).is_some()
    });
    assert_eq!(is_model, [true, true, false, false, false, true, false, true, true, false]);
}

#[test]
fn models_give_what_is_read() {
    let models = Models::default();
    let path: Arc<str> = "x.yaml".into();
    for round in ["city", "town", "b-2", "null", "town", "1e999", "town"] {
        for (place, object) in OBJECTS.iter().enumerate() {
            let text = object.replace("city", round);
            let head = models.head((&path, None, place), text.as_bytes());
            assert_eq!(head, Head::read(text.as_bytes()), "{text}");
        }
    }
}
