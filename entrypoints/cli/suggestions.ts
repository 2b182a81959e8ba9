/** What may stand where a person presses Tab: commands, their options, the names of accounts. */
import { commands } from './table'
import { askedOf, isCalled, isName, isOnlyGroup, partsOf, withoutDoorName } from './words'

const everywhere: ReadonlyArray<string> = ['--help', '--json']

/** `words` end with the one that is being typed, empty where none is begun. */
export const suggestions = (
  words: ReadonlyArray<string>,
  accounts: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const typed = words.at(-1) ?? ''
  const fits = (word: string): boolean => word.toLowerCase().startsWith(typed.toLowerCase())
  return [...new Set(possible(withoutDoorName(words.slice(0, -1)), typed, accounts))].filter(fits)
}

const possible = (
  before: ReadonlyArray<string>,
  typed: string,
  accounts: ReadonlyArray<string>,
): ReadonlyArray<string> => {
  const at = before.findIndex(isName)
  if (at < 0) {
    return isName(typed) ? commands.map((one) => partsOf(one).group ?? one.name) : everywhere
  }
  const { name, rest } = askedOf(before, at)
  const command = commands.find(isCalled(name))
  if (command === undefined) {
    return isOnlyGroup(name)
      ? commands.flatMap((one) => (partsOf(one).group === name ? [partsOf(one).last] : []))
      : []
  }
  if (!isName(typed)) return [...command.options, ...everywhere]
  const positional = command.positionals.split(' ')[rest.filter(isName).length] ?? ''
  return /^[<[](account|to)[>\]]$/.test(positional) ? accounts : (command.choices ?? [])
}
