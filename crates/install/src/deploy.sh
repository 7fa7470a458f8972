#!/bin/sh
# Deploys a platform with kubectl. It may be run as often as one likes: what is there stays. Secrets
# are drawn here, once, and are in no file.
set -eu
cd "$(dirname "$0")"

# ── Words ────────────────────────────────────────────────────────────────────────────────────────
case ${LC_ALL:-${LC_MESSAGES:-${LANG:-}}} in fr*) french=yes ;; *) french= ;; esac
LC_ALL=C
export LC_ALL

# in_words ENGLISH FRENCH: the text in the language of the person.
in_words() { if [ -n "$french" ]; then printf '%s\n' "$2"; else printf '%s\n' "$1"; fi; }
say() { in_words "$@"; }
warn() { in_words "$@" >&2; }
fail() {
  in_words "$@" >&2
  exit 1
}

usage() {
  say 'usage: deploy [--check] [--force-conflicts] [--timeout SECONDS] [--context NAME]

Deploys this platform with kubectl. It may be interrupted and run again at any time.

  --check            looks whether all is there that is needed, and writes nothing
  --force-conflicts  takes over fields that another manager has set
  --timeout SECONDS  how long one part may take to become ready (600)
  --context NAME     the context of kubectl

KUBECTL names the program, where it is not called kubectl.' \
    'usage : deploy [--check] [--force-conflicts] [--timeout SECONDES] [--context NOM]

Déploie cette plateforme avec kubectl. On peut l’interrompre et la relancer à tout moment.

  --check            vérifie que tout le nécessaire est là, et n’écrit rien
  --force-conflicts  reprend les champs qu’un autre gestionnaire a fixés
  --timeout SECONDES combien de temps une partie peut mettre à être prête (600)
  --context NOM      le contexte de kubectl

KUBECTL nomme le programme, s’il ne s’appelle pas kubectl.'
}

timeout=600
check_only=
force=
context=
while [ $# -gt 0 ]; do
  case $1 in
    --check) check_only=yes ;;
    --force-conflicts) force=--force-conflicts ;;
    --timeout | --context)
      [ $# -gt 1 ] || fail "deploy: $1 needs a value" "deploy : $1 attend une valeur"
      if [ "$1" = --timeout ]; then timeout=$2; else context=$2; fi
      shift
      ;;
    -h | --help)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
  esac
  shift
done
case $timeout in
  '' | *[!0-9]*) fail "deploy: --timeout is a number of seconds, not “$timeout”" \
    "deploy : --timeout est un nombre de secondes, pas « $timeout »" ;;
esac

# ── kubectl ──────────────────────────────────────────────────────────────────────────────────────
kubectl=${KUBECTL:-kubectl}
cluster() { "$kubectl" ${context:+--context="$context"} "$@" </dev/null; }
# The same, reading what is piped in.
cluster_from() { "$kubectl" ${context:+--context="$context"} "$@"; }
here() { cluster --namespace="$namespace" "$@"; }
# What was done last can be told when the script is interrupted.
doing=
trap 'trap - INT TERM; warn "interrupted while: ${doing:-looking}. Run deploy again to go on." \
  "interrompu pendant : ${doing:-vérification}. Relancez deploy pour continuer."; exit 130' INT TERM

# ── Before the first write ───────────────────────────────────────────────────────────────────────
problems=
problem() {
  problems=yes
  warn "✗ $1" "✗ $2"
}

reach_cluster() {
  command -v "$kubectl" >/dev/null 2>&1 || fail \
    "deploy needs kubectl: https://kubernetes.io/docs/tasks/tools/" \
    "deploy a besoin de kubectl : https://kubernetes.io/docs/tasks/tools/"
  answer=$(cluster version 2>&1) || fail "the cluster does not answer:
$answer
Set KUBECONFIG, or choose a context by --context." "la grappe ne répond pas :
$answer
Renseignez KUBECONFIG, ou choisissez un contexte par --context."
}

# needs_kind GROUP KIND: a kind that the cluster must know.
needs_kind() {
  answer=$(cluster api-resources --api-group="$1" --no-headers 2>/dev/null) || answer=
  case "$answer" in
    *" $2"*) ;;
    *) problem "the cluster does not know the kind $2 ($1): install what brings it" \
      "la grappe ne connaît pas le type $2 ($1) : installez ce qui l’apporte" ;;
  esac
}

# needs_secret SECRET KEY: a value that a person has put into the cluster.
needs_secret() {
  answer=$(here get secret "$1" --ignore-not-found -o "go-template={{index .data \"$2\"}}") || answer=
  case $answer in
    '' | '<no value>')
      problem "the Secret $1 needs a key $2; make it so:
    kubectl --namespace=$namespace create secret generic $1 --from-literal=$2=…" \
        "le Secret $1 doit avoir une clé $2 ; créez-la ainsi :
    kubectl --namespace=$namespace create secret generic $1 --from-literal=$2=…"
      ;;
  esac
}

# certificate FILE: says "until YYYYMMDDhhmmss" and "name HOST" for each host name of the first
# certificate of a PEM file. Nothing but awk, which reads its DER.
certificate() {
  awk '
    function take(at, size, i) { # an element at a position: tag, first, last + 1
      tag = byte[at]; size = byte[at + 1]; first = at + 2
      if (size > 127) { i = size - 128; size = 0; while (i-- > 0) size = size * 256 + byte[first++] }
      after = first + size
    }
    function text(from, to, out) {
      out = ""
      while (from < to) out = out sprintf("%c", byte[from++])
      return out
    }
    BEGIN {
      all = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
      for (i = 0; i < 64; i++) value[substr(all, i + 1, 1)] = i
    }
    /-----BEGIN CERTIFICATE-----/ { inside = 1; next }
    /-----END CERTIFICATE-----/ { exit }
    inside {
      for (i = 1; i <= length($0); i++) {
        c = substr($0, i, 1)
        if (!(c in value)) continue
        bits = bits * 64 + value[c]; count += 6
        if (count >= 8) {
          count -= 8; power = 2 ^ count
          byte[bytes++] = int(bits / power); bits = bits % power
        }
      }
    }
    END {
      if (bytes < 64 || byte[0] != 48) exit
      take(0); take(first)
      end = after; take(first)
      if (tag == 160) take(after)          # the version; then the serial number
      take(after); take(after); take(after) # algorithm, issuer, validity
      rest = after
      take(first); take(after)             # not before, not after
      date = text(first, after)
      if (tag == 23) date = (substr(date, 1, 2) < 50 ? "20" : "19") date
      print "until " substr(date, 1, 14)
      for (at = rest; at < end; at = after) {
        take(at)
        if (tag == 163) break              # the extensions
      }
      if (tag != 163) exit
      take(first); stop = after
      for (at = first; at < stop; at = next_one) {
        take(at); next_one = after; take(first)
        if (byte[first] != 85 || byte[first + 1] != 29 || byte[first + 2] != 17) continue
        take(after)
        if (tag == 1) take(after)          # critical
        take(first); last = after
        for (name = first; name < last; name = after) {
          take(name)
          if (tag == 130) print "name " text(first, after)
        }
      }
    }' "$1"
}

# covers HOST NAMES: whether one of the names is the host, or stands for it by its first label.
covers() {
  for name in $2; do
    [ "$name" = "$1" ] && return 0
    case $name in
      "*."*) [ "${1#*.}" = "${name#"*."}" ] && return 0 ;;
    esac
  done
  return 1
}

# needs_certificate SECRET HOST…: the files tls.crt and tls.key, or the Secret they made earlier.
needs_certificate() {
  secret=$1
  shift
  if ! [ -f tls.crt ] && ! [ -f tls.key ]; then
    answer=$(here get secret "$secret" --ignore-not-found -o name) || answer=
    [ -n "$answer" ] || problem \
      "copy your certificate to $PWD/tls.crt and its key to $PWD/tls.key; it is for: $*" \
      "copiez votre certificat dans $PWD/tls.crt et sa clé dans $PWD/tls.key ; il vaut pour : $*"
    return 0
  fi
  for file in tls.crt tls.key; do
    [ -r "$file" ] || {
      problem "$PWD/$file is missing, or cannot be read" "$PWD/$file manque, ou ne peut être lu"
      return 0
    }
  done
  answer=$("$kubectl" create secret tls "$secret" --cert=tls.crt --key=tls.key --dry-run=client \
    -o name 2>&1) || problem "tls.crt and tls.key do not go together: $answer" \
    "tls.crt et tls.key ne vont pas ensemble : $answer"
  names= until=
  while read -r what word; do
    case $what in name) names="$names $word" ;; until) until=$word ;; esac
  done <<EOF
$(set -f; certificate tls.crt)
EOF
  set -f
  for host in "$@"; do
    covers "$host" "$names" || problem \
      "the certificate tls.crt is not for $host; it is for:${names:- nothing}" \
      "le certificat tls.crt ne vaut pas pour $host ; il vaut pour :${names:- rien}"
  done
  set +f
  case $until in
    '' | *[!0-9]*) ;;
    *) [ "$until" -gt "$(date -u +%Y%m%d%H%M%S)" ] || problem \
      "the certificate tls.crt is no longer valid (since $until)" \
      "le certificat tls.crt n’est plus valable (depuis $until)" ;;
  esac
}

may_begin() {
  [ -z "$problems" ] || fail "nothing was written; mend this, and run deploy again" \
    "rien n’a été écrit ; corrigez cela, puis relancez deploy"
  [ -z "$check_only" ] || {
    say "all is there that is needed; nothing was written" \
      "tout le nécessaire est là ; rien n’a été écrit"
    exit 0
  }
}

# ── Secrets: made once with real randomness, and never again ─────────────────────────────────────
random() {
  # Whoever reads fewer bytes than are written ends the writer, which is meant.
  (tr -dc A-Za-z0-9 </dev/urandom 2>/dev/null || :) | head -c "$1"
}

# value SECRET KEY: a value that is in the cluster.
value() {
  here get secret "$1" -o "go-template={{index .data \"$2\" | base64decode}}"
}

# encoded TEXT: fit to stand within an address.
encoded() {
  printf '%s' "$1" | od -An -v -tx1 | tr -s ' \n' '\n\n' | awk '
    BEGIN { for (i = 33; i < 127; i++) character[sprintf("%02x", i)] = sprintf("%c", i) }
    /./ {
      c = ($0 in character) ? character[$0] : ""
      if (c ~ /^[A-Za-z0-9._~-]$/) printf "%s", c; else printf "%%%s", toupper($0)
    }'
}

begin_secret() {
  doing="Secret $1"
  secret=$1 lines='' there=''
  found=$(here get secret "$1" --ignore-not-found \
    -o 'go-template={{range $key, $_ := .data}}{{$key}} {{end}}.') || exit 1
  [ -z "$found" ] || there=yes
}

# own KEY: a value of this Secret, just made or there before.
own() {
  rest="$newline$lines"
  case $rest in
    *"$newline$1="*)
      rest=${rest#*"$newline$1="}
      printf '%s' "${rest%%"$newline"*}"
      ;;
    *) value "$secret" "$1" ;;
  esac
}

lacks() { case " $found" in *" $1 "*) return 1 ;; *) return 0 ;; esac; }

newline='
'
put() {
  case $2 in
    *"$newline"*) fail "the value for $secret/$1 has a line break in it" \
      "la valeur pour $secret/$1 contient un saut de ligne" ;;
  esac
  lines="$lines$1=$2$newline"
}

finish_secret() {
  [ -n "$lines" ] || return 0
  # Values go by pipes only: arguments can be seen by everybody on the machine.
  made=$(printf '%s' "$lines" | cluster_from --namespace="$namespace" create secret generic \
    "$secret" --from-env-file=/dev/stdin --dry-run=client -o json) || exit 1
  if [ -n "$there" ]; then
    printf '%s' "$made" | cluster_from --namespace="$namespace" patch secret "$secret" \
      --type=merge --patch-file=/dev/stdin --field-manager="$manager" >/dev/null
  else
    printf '%s' "$made" | cluster_from --namespace="$namespace" label --local -f - -o json \
      "app.kubernetes.io/part-of=$platform" |
      cluster_from --namespace="$namespace" create -f - --field-manager="$manager" >/dev/null
  fi
  say "  Secret $secret" "  Secret $secret"
  lines='' made=''
}

# certificate_secret SECRET: made from the files, again when they are others.
certificate_secret() {
  [ -f tls.crt ] || return 0
  doing="Secret $1"
  "$kubectl" create secret tls "$1" --cert=tls.crt --key=tls.key --dry-run=client -o json |
    "$kubectl" label --local -f - -o json "app.kubernetes.io/part-of=$platform" |
    cluster_from --namespace="$namespace" apply --server-side --field-manager="$manager" \
      --force-conflicts -f - >/dev/null
}

# ── Parts ────────────────────────────────────────────────────────────────────────────────────────
wave() {
  say "wave $1 of $waves" "vague $1 sur $waves"
}

# part NAME OBJECTS: sends a file of objects.
part() {
  doing=$1
  answer=$(cluster --namespace="$namespace" apply --server-side --field-manager="$manager" $force \
    -f "manifests/$1.yaml" 2>&1) || {
    printf '%s\n' "$answer" >&2
    case $answer in
      *conflict*) warn "another manager has set these fields: --force-conflicts takes them over" \
        "un autre gestionnaire a fixé ces champs : --force-conflicts les reprend" ;;
    esac
    fail "$1: the cluster refused it; mend this, and run deploy again" \
      "$1 : la grappe l’a refusé ; corrigez cela, puis relancez deploy"
  }
  say "  $1: $2 objects" "  $1 : $2 objets"
}

# The seconds since 1970, where date knows them; else those that waits took at least.
now() { date +%s 2>/dev/null || echo 0; }

# ready OBJECT HOW LABELS: waits until an object is ready, for no longer than the time allowed.
# HOW is `rollout`, or a condition; LABELS find its pods.
ready() {
  doing="$1"
  until_=$(($(now) + timeout))
  told=
  while :; do
    # A slice of the time at once, so that a failure is seen and told before its end.
    slice=$((until_ - $(now)))
    [ "$slice" -le 15 ] || slice=15
    [ "$slice" -ge 1 ] || slice=1
    if [ "$2" = rollout ]; then
      answer=$(here rollout status "$1" --timeout="${slice}s" 2>&1) && break
    else
      answer=$(here wait "$1" --for="condition=$2" --timeout="${slice}s" 2>&1) && break
    fi
    case $1 in
      job*)
        failed=$(here get "$1" -o 'go-template={{range .status.conditions}}{{if eq .type "Failed"}}{{.status}}{{end}}{{end}}' 2>/dev/null) || failed=
        [ "$failed" != True ] || not_ready "$1" "$3" "it failed" "il a échoué"
        ;;
    esac
    case $answer in
      *NotFound* | *Unauthorized* | *Forbidden* | *refused*) not_ready "$1" "$3" "$answer" "$answer" ;;
    esac
    [ "$(now)" -lt "$until_" ] || not_ready "$1" "$3" \
      "it did not become ready within $timeout seconds" \
      "il n’est pas devenu prêt en $timeout secondes"
    state=$(pods_not_ready "$3")
    [ "$state" = "$told" ] || printf '%s\n' "$state"
    told=$state
  done
  say "  $1 is ready" "  $1 est prêt"
}

# pods_not_ready LABELS: each with what it waits for.
pods_not_ready() {
  [ -n "$1" ] || return 0
  here get pods -l "$1" -o 'go-template={{range .items}}{{$name := .metadata.name}}{{$ready := false}}{{range .status.conditions}}{{if eq .type "Ready"}}{{if eq .status "True"}}{{$ready = true}}{{end}}{{end}}{{end}}{{if and (not $ready) (ne .status.phase "Succeeded")}}    {{$name}}: {{.status.phase}}{{range .status.conditions}}{{if and (eq .type "PodScheduled") (ne .status "True")}} {{.reason}}: {{.message}}{{end}}{{end}}{{range .status.initContainerStatuses}}{{with .state.waiting}} {{.reason}}{{with .message}}: {{.}}{{end}}{{end}}{{end}}{{range .status.containerStatuses}}{{with .state.waiting}} {{.reason}}{{with .message}}: {{.}}{{end}}{{end}}{{with .lastState.terminated}} ({{.reason}}, {{.exitCode}}){{end}}{{end}}{{"\n"}}{{end}}{{end}}' 2>/dev/null || :
}

not_ready() {
  warn "✗ $1: $3" "✗ $1 : $4"
  pods_not_ready "$2" >&2
  here get events --field-selector=type=Warning --sort-by=.lastTimestamp \
    -o 'go-template={{range .items}}    {{.involvedObject.kind}}/{{.involvedObject.name}}: {{.reason}}: {{.message}}{{"\n"}}{{end}}' 2>/dev/null | tail -n 5 >&2
  fail "what to look at: kubectl --namespace=$namespace describe $1
when it is mended, run deploy again: it goes on from here" \
    "à regarder : kubectl --namespace=$namespace describe $1
une fois corrigé, relancez deploy : il continue d’ici"
}

# ── At the end ───────────────────────────────────────────────────────────────────────────────────
say_ready() {
  doing='the end'
  say 'the platform is ready; it is reached by' 'la plateforme est prête ; on y accède par'
}
say_records() {
  say 'DNS records, where they are not there yet:' \
    'enregistrements DNS, s’ils n’existent pas encore :'
}
say_accounts() { say 'the first administrators:' 'les premiers administrateurs :'; }

address=
# address_of OBJECT: where the outside comes in.
address_of() {
  [ -z "$address" ] || return 0
  address=$(here get "$1" -o 'go-template={{range .status.addresses}}{{.value}} {{end}}{{with .status.loadBalancer}}{{range .ingress}}{{with .ip}}{{.}} {{end}}{{with .hostname}}{{.}} {{end}}{{end}}{{end}}' 2>/dev/null) || address=
  address=${address%% *}
}

# record HOST: a DNS record that has to be made.
record() {
  case $address in
    '') say "  $1 → the address of your cluster" "  $1 → l’adresse de votre grappe" ;;
    *[!0-9.]*) case $address in *:*) kind=AAAA ;; *) kind=CNAME ;; esac
      printf '  %s  %s  %s\n' "$1" "$kind" "$address" ;;
    *) printf '  %s  A  %s\n' "$1" "$address" ;;
  esac
}

# first_account SERVICE NAME SECRET KEY
first_account() {
  say "  $1: sign in as $2; the password: kubectl --namespace=$namespace get secret $3 -o 'go-template={{index .data \"$4\" | base64decode}}'" \
    "  $1 : connectez-vous comme $2 ; le mot de passe : kubectl --namespace=$namespace get secret $3 -o 'go-template={{index .data \"$4\" | base64decode}}'"
}

# ── This platform ────────────────────────────────────────────────────────────────────────────────
