#compdef socle
# Completion of socle for zsh: source <(socle completion zsh), or as a file _socle of $fpath
_socle() {
    local -a found
    local line
    while IFS= read -r line; do
        found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done < <("${words[1]}" complete-words -- "${(@)words[2,CURRENT]}" 2>/dev/null)
    if (( ${#found} )); then
        _describe socle found
    else
        _files
    fi
}
if [[ "${funcstack[1]}" == _socle ]]; then
    _socle "$@"
else
    compdef _socle socle
fi
