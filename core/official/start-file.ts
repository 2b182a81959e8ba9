/**
 * The block in a shell's start file that puts our folder first on PATH.
 *
 * It stands last, as what comes later wins, and between two marks, by which it is found again. A
 * text is put back byte for byte when the block is taken out: the first mark says when the line
 * above it had no end, which is then taken away too.
 */

export type Shell = 'bash' | 'zsh' | 'fish'

export const shells: ReadonlyArray<Shell> = ['bash', 'zsh', 'fish']

/** The shell a person uses, by the program that `SHELL` names. */
export const shellOf = (program: string): Shell | undefined =>
  shells.find((shell) => shell === program.replace(/^.*\//, ''))

const begin = '# >>> codex-multi-auth shim >>>'
const beginAfterCut = '# >>> codex-multi-auth shim, after a line without an end >>>'
const end = '# <<< codex-multi-auth shim <<<'

export interface Places {
  readonly home: string
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Each is to have the block; of those in one list, the first that exists, or else the last. */
export const startFiles = (
  shell: Shell,
  { home, environment }: Places,
): ReadonlyArray<ReadonlyArray<string>> => {
  const at = (name: string, standard: string): string => environment[name] || standard
  switch (shell) {
    case 'bash':
      // A login shell reads the first of these alone, and an ordinary one only the last file here.
      // A new `.bash_profile` would hide a `.profile` that comes later.
      return [
        [`${home}/.bash_profile`, `${home}/.bash_login`, `${home}/.profile`],
        [`${home}/.bashrc`],
      ]
    case 'zsh':
      return [[`${at('ZDOTDIR', home)}/.zshrc`]]
    case 'fish':
      return [[`${at('XDG_CONFIG_HOME', `${home}/.config`)}/fish/conf.d/codex-multi-auth.fish`]]
  }
}

/** Whether a folder can stand on PATH and in a start file. */
export const isFit = (folder: string): boolean => /^\/[^:\p{Cc}]*$/u.test(folder)

/** The line that does by hand, in a running shell, what the block does in a new one. */
export const command = (shell: Shell, folder: string): string =>
  shell === 'fish'
    ? `set --global --export PATH ${fishQuoted(folder)} $PATH`
    : `export PATH=${quoted(folder)}:"$PATH"`

export const block = (shell: Shell, folder: string): ReadonlyArray<string> =>
  shell === 'fish'
    ? [`if test "$PATH[1]" != ${fishQuoted(folder)}`, `  ${command(shell, folder)}`, 'end']
    : ['case "$PATH" in', `  ${quoted(folder)}:*) ;;`, `  *) ${command(shell, folder)} ;;`, 'esac']

/** As one word of a POSIX shell. */
export const quoted = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`

const fishQuoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`

/** The text with the block as its end; one that is there already moves. */
export const insert =
  (lines: ReadonlyArray<string>) =>
  (text: string): string => {
    const before = takeOut(text)
    const isCut = before !== '' && !before.endsWith('\n')
    const added = [isCut ? beginAfterCut : begin, ...lines, end].map((line) => `${line}\n`)
    return [before, isCut ? '\n' : '', ...added].join('')
  }

/** The text without any block of ours; what a person wrote around it stays. */
export const takeOut = (text: string): string => {
  const found = find(text)
  if (found === undefined) return text
  const [head, tail] = [text.slice(0, found.from), text.slice(found.to)]
  const isOurEnd = found.isAfterCut && tail === '' && head.endsWith('\n')
  return takeOut((isOurEnd ? head.slice(0, -1) : head) + tail)
}

interface Found {
  readonly from: number
  readonly to: number
  readonly isAfterCut: boolean
}

/** The first end that has a beginning above it, from the nearest such beginning on. */
const find = (text: string): Found | undefined => {
  let at = 0
  let begun: Omit<Found, 'to'> | undefined
  for (const line of text.split('\n')) {
    const mark = line.replace(/\r$/, '')
    const next = Math.min(text.length, at + line.length + 1)
    if (mark === begin || mark === beginAfterCut) {
      begun = { from: at, isAfterCut: mark === beginAfterCut }
    } else if (mark === end && begun !== undefined) {
      return { ...begun, to: next }
    }
    at = next
  }
  return undefined
}
