#!/bin/sh
# {{title}}
#
# {{how}}
#
#   sh {{script}} [--all] [--dry-run] [--namespace NAME] {{file}}
#
# {{notes}}
set -eu
LC_ALL=C
export LC_ALL
language={{language}}
namespace={{namespace}}
all=no
dry=no
file=

say() { case $language in fr) printf '%s\n' "$2" ;; *) printf '%s\n' "$1" ;; esac; }
refuse() {
  say "$1" "$2" >&2
  exit 1
}
usage() {
  refuse "usage: sh $0 [--all] [--dry-run] [--namespace NAME] FILE" \
    "usage : sh $0 [--all] [--dry-run] [--namespace NOM] FICHIER"
}

while [ $# -gt 0 ]; do
  case $1 in
    --all) all=yes ;;
    --dry-run) dry=yes ;;
    --namespace)
      [ $# -gt 1 ] || usage
      namespace=$2
      shift
      ;;
    -*) usage ;;
    *) [ -z "$file" ] || usage
      case $1 in /*) file=$1 ;; *) file=./$1 ;; esac ;;
  esac
  shift
done
[ -n "$file" ] || usage
[ -r "$file" ] || refuse "$file cannot be read" "$file ne peut pas être lu"

program='{{program}}'

# {{shape}}
shape() {
  cat <<'SHAPE'
{{shapes}}SHAPE
}

# {{sum}}
drop=' {{drop}} '
sum=$(awk -v drop="$drop" 'index(drop, " " NR " ") || /^[ \t]*#/ { print "#"; next } { print }' \
  "$file" | cksum)
[ "$sum" = '{{cksum}}' ] || refuse \
  "$file is not the file that was imported (its passwords aside): import it again" \
  "$file n'est pas le fichier qui a été importé (mots de passe mis à part) : recommencez l'import"
shape | awk -v want= -v language="$language" "$program" - "$file"

there() { kubectl get "$@" --ignore-not-found --output name; }

# {{create}}
create() {
  if [ "$dry" = yes ]; then
    say "would create the Secret $1" "créerait le Secret $1"
    return
  fi
  found=$(there secret "$1" --namespace "$namespace")
  if [ -n "$found" ]; then
    say "the Secret $1 is there already, and stays as it is" \
      "le Secret $1 existe déjà, et reste comme il est"
    return
  fi
  shape |
    awk -v want="$1" -v space="$namespace" -v language="$language" "$program" - "$file" |
    kubectl create --filename -
}

# {{by_hand}}
missing=0
by_hand() {
  if [ "$dry" = no ]; then
    found=$(there secret "$1" --namespace "$namespace")
    [ -z "$found" ] || return 0
  fi
  say "make the Secret $1 by hand ($4): write each value, without a line break behind it, to a file" \
    "créez le Secret $1 à la main ($4) : mettez chaque valeur, sans retour à la ligne, dans un fichier"
  say "  kubectl create secret generic $1 --namespace $namespace$2" \
    "  kubectl create secret generic $1 --namespace $namespace$3"
  missing=1
}

if [ "$dry" = no ]; then
  found=$(there namespace "$namespace")
  [ -n "$found" ] || kubectl create namespace "$namespace"
fi
{{calls}}
exit $missing
