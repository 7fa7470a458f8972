#!/bin/bash
# Makes the realm what the files beside this script say: what is missing is made, what differs is
# changed. It may run as often as one likes. Of clients, those that it made itself and that no file
# names any more are taken away; sources and directories never, because people come from them.
#
# SERVER, REALM, FILES and KCADM say where things are, MARK which clients it made. It signs in as
# the service account ACCOUNT; kcadm.sh reads its secret from KC_CLI_CLIENT_SECRET. In the files,
# ${REALM_…} stands for the variable of that name, which comes from a Secret.
set -euo pipefail

session=$(mktemp)
trap 'rm -f "$session"' EXIT

admin() {
  local verb=$1
  shift
  "$KCADM" "$verb" "$@" --config "$session"
}

# A file with its secrets put in, as JSON wants texts.
filled() {
  local text name value
  text=$(<"$1")
  for name in "${!REALM_@}"; do
    value=${!name//\\/\\\\}
    value=${value//\"/\\\"}
    text=${text//"\${$name}"/"$value"}
  done
  printf '%s\n' "$text"
}

# The files of a kind, by the names that stand in them.
named() {
  local file
  for file in "$FILES/$1"-*.json; do
    [[ -e $file ]] || continue
    file=${file##*/"$1"-}
    printf '%s\n' "${file%.json}"
  done
}

# Fields of all that there is at an address, a line each: a,b,c.
list() {
  local address=$1 fields=$2
  shift 2
  admin get "$address" --target-realm "$REALM" --fields "$fields" --format csv --noquotes "$@"
}

put() {
  filled "$FILES/$1" | admin update "$2" --target-realm "$REALM" --file -
}

make() {
  filled "$FILES/$1" | admin create "$2" --target-realm "$REALM" --file - --id
}

address=${SERVER#http://}
port=80
[[ $address == *:* ]] && port=${address##*:}
until (exec 3<>"/dev/tcp/${address%%:*}/$port") 2>/dev/null; do
  ((SECONDS < 900)) || { echo "$SERVER does not answer" >&2; exit 1; }
  sleep 2
done
admin config credentials --server "$SERVER" --realm master --client "$ACCOUNT"

# Clients by name, and those that the platform made.
declare -A clients=() made=()
if known=$(list clients id,clientId,description 2>/dev/null); then
  while IFS=, read -r id name description; do
    clients[$name]=$id
    [[ $description != "$MARK" ]] || made[$name]=$id
  done <<<"$known"
  admin update "realms/$REALM" --file "$FILES/realm.json"
else
  admin create realms --file "$FILES/realm.json"
fi
admin update users/profile --target-realm "$REALM" --file "$FILES/profile.json"

sources=$(named source)
if [[ $sources ]]; then
  known=$(list identity-provider/instances alias)
  for name in $sources; do
    if [[ $'\n'$known$'\n' == *$'\n'"$name"$'\n'* ]]; then
      put "source-$name.json" "identity-provider/instances/$name"
    else
      make "source-$name.json" identity-provider/instances
    fi
  done
fi
for name in $(named claim); do
  source=${name%%.*}
  address=identity-provider/instances/$source/mappers
  known=$(list "$address" name)
  [[ $'\n'$known$'\n' == *$'\n'"${name#*.}"$'\n'* ]] || make "claim-$name.json" "$address"
done

directories=$(named directory)
if [[ $directories ]]; then
  declare -A known_directories=()
  known=$(list components id,name --query type=org.keycloak.storage.UserStorageProvider)
  while IFS=, read -r id name; do
    [[ -z $name ]] || known_directories[$name]=$id
  done <<<"$known"
  for name in $directories; do
    if [[ ${known_directories[$name]:-} ]]; then
      put "directory-$name.json" "components/${known_directories[$name]}"
    else
      make "directory-$name.json" components
    fi
  done
fi

# Scopes that Keycloak does not bring.
declare -A scopes=()
wanted=$(named scope)
if [[ $wanted ]]; then
  known=$(list client-scopes id,name)
  while IFS=, read -r id name; do
    [[ -z $name ]] || scopes[$name]=$id
  done <<<"$known"
  for name in $wanted; do
    [[ ${scopes[$name]:-} ]] || scopes[$name]=$(make "scope-$name.json" client-scopes)
  done
fi

for name in $(named client); do
  if [[ ${clients[$name]:-} ]]; then
    put "client-$name.json" "clients/${clients[$name]}"
  else
    clients[$name]=$(make "client-$name.json" clients)
  fi
  unset "made[$name]"
  id=${clients[$name]}
  if [[ -e $FILES/roles-$name ]]; then
    known=$(list "clients/$id/roles" name)
    for role in $(<"$FILES/roles-$name"); do
      [[ $'\n'$known$'\n' == *$'\n'"$role"$'\n'* ]] ||
        admin create "clients/$id/roles" --target-realm "$REALM" --set "name=$role"
    done
  fi
  if [[ -e $FILES/scopes-$name ]]; then
    for scope in $(<"$FILES/scopes-$name"); do
      admin update "clients/$id/optional-client-scopes/${scopes[$scope]}" \
        --target-realm "$REALM" --body '{}'
    done
  fi
  echo "client $name: as the platform says"
done
for name in "${!made[@]}"; do
  admin delete "clients/${made[$name]}" --target-realm "$REALM"
  echo "client $name: gone, nothing needs it any more"
done
