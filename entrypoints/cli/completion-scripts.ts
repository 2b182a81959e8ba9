/**
 * What a shell runs to complete our words: it asks the program itself, by a word that no help
 * shows and `entrypoints/main` knows.
 */

export const shells = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof shells)[number]

const hiddenWord = '__complete'

/** In bash an `@` may end a word, as in an e-mail; what stands before it is then not ours to repeat. */
const bash = `_codex_multi_auth() {
  local line="\${COMP_LINE:0:COMP_POINT}" words=() typed cut= one
  read -ra words <<< "$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  typed="\${words[\${#words[@]}-1]}"
  [[ $COMP_WORDBREAKS == *@* ]] && cut="\${typed%"\${typed##*@}"}"
  COMPREPLY=()
  while IFS= read -r one; do
    COMPREPLY+=("$(printf %q "\${one#"$cut"}")")
  done < <(codex-multi-auth ${hiddenWord} "\${words[@]:1}" 2>/dev/null)
}
complete -F _codex_multi_auth codex-multi-auth
`

const zsh = `#compdef codex-multi-auth
_codex_multi_auth() {
  local -a found
  found=("\${(@f)$(codex-multi-auth ${hiddenWord} "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -- "\${(@)found:#}"
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _codex_multi_auth codex-multi-auth
`

const fish = `function __codex_multi_auth
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    codex-multi-auth ${hiddenWord} $words[2..-1] "$typed" 2>/dev/null
end
complete -c codex-multi-auth -f -a '(__codex_multi_auth)'
`

export const scripts: Readonly<Record<Shell, string>> = { bash, zsh, fish }
