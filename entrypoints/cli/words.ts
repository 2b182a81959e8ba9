/** Which command a line of words names, by the table alone. */
import type { Words } from './command'
import { endOfOptions } from './dashed-word'
import { commands, groups } from './table'

/** Until there is a dashboard, no command at all shows the accounts. */
export const standard = 'list'

/** The door's own name is optional: `codex-multi-auth auth list` is `codex-multi-auth list`. */
const doorNames: ReadonlyArray<ReadonlyArray<string>> = [
  ['auth'],
  ['multi-auth'],
  ['multiauth'],
  ['multi', 'auth'],
]

export const withoutDoorName = (given: ReadonlyArray<string>): ReadonlyArray<string> => {
  const at = given.findIndex(isName)
  const name = doorNames.find((words) => words.every((word, index) => given[at + index] === word))
  return at < 0 || name === undefined
    ? given
    : [...given.slice(0, at), ...given.slice(at + name.length)]
}

export const isName = (word: string): boolean => !word.startsWith('-')

export interface Asked {
  readonly name: string
  /** The words without the name. */
  readonly rest: ReadonlyArray<string>
}

/** The longest name, old ones included: `account policy list`. */
const nameWordsMax = 3

/**
 * A name has several words where a command is called so, and two where the first is a group's alone.
 * `at` is where the first stands.
 */
export const askedOf = (words: ReadonlyArray<string>, at: number): Asked => {
  // After `--` no word is a part of the name, unless all words stand there.
  const end = at + endOfOptions(words.slice(at))
  const places = words
    .flatMap((word, index) => (index >= at && index < end && isName(word) ? [index] : []))
    .slice(0, nameWordsMax)
  const nameOf = (taken: ReadonlyArray<number>): string =>
    taken.map((place) => words[place]).join(' ')
  const shortest = isOnlyGroup(words[at] ?? '') ? 2 : 1
  const taken =
    [places, places.slice(0, 2)].find((some) => commands.some(isCalled(nameOf(some)))) ??
    places.slice(0, shortest)
  return { name: nameOf(taken), rest: words.filter((_, index) => !taken.includes(index)) }
}

export const isCalled =
  (word: string) =>
  ({ name, aliases }: Words): boolean =>
    name === word || aliases.includes(word)

export const isOnlyGroup = (word: string): boolean =>
  Object.hasOwn(groups, word) && !commands.some(isCalled(word))

/** Asked of the words themselves, as an error in them is answered in JSON too. */
export const asksJson = (words: ReadonlyArray<string>): boolean =>
  words.slice(0, endOfOptions(words)).some((word) => ['--json', '--json=true', '-j'].includes(word))

/** As the table has it, where it is in there. */
export const nameIn = (given: ReadonlyArray<string>): string => {
  const words = withoutDoorName(given)
  const at = words.findIndex(isName)
  const name = at < 0 ? standard : askedOf(words, at).name
  return commands.find(isCalled(name))?.name ?? name
}

export const partsOf = ({
  name,
}: Words): { readonly group: string | undefined; readonly last: string } => {
  const [first = '', second] = name.split(' ')
  return second === undefined ? { group: undefined, last: first } : { group: first, last: second }
}
