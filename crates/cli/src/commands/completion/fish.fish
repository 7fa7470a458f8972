# Completion of socle for fish: socle completion fish | source
function __socle_words
    set -l typed (commandline -opc) (commandline -ct)
    set -l found ($typed[1] complete-words -- $typed[2..] 2>/dev/null)
    if test (count $found) -gt 0
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c socle -f -a '(__socle_words)'
