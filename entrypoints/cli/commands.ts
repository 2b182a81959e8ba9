/** Words on the command line to the work they ask for. Nothing is done here. */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import { endOfOptions } from './dashed-word'
import { near } from './near'
import type { Invocation } from './parser'
import type { UsageError } from './render-error'
import { commands, groups } from './table'
import { askedOf, isCalled, isName, isOnlyGroup, partsOf, standard, withoutDoorName } from './words'

const helpWords: ReadonlyArray<string> = ['--help', '-h', '--version']

/** Every command takes them, and `run` asks the words themselves for them. */
const jsonWords: ReadonlyArray<string> = ['--json', '-j']

export const parse = (
  given: ReadonlyArray<string>,
  version: string,
): ResultAsync<Invocation, never> => {
  if (given.length === 1 && given[0] === '-v') return parse(['--version'], version)
  const words = withoutDoorName(given)
  const at = words.findIndex(isName)
  if (words[at] === 'help') return parse([...words.toSpliced(at, 1), '--help'], version)
  if (at < 0 && isHelp(words)) return parser().map(({ overview }) => overview(words, version))
  const { name, rest } = at < 0 ? { name: standard, rest: words } : askedOf(words, at)
  const known = commands.find(isCalled(name))
  if (known === undefined) return withoutCommand(name, rest, version)
  return ResultAsync.fromSafePromise(known.load()).andThen(
    (command): ResultAsync<Invocation, never> =>
      command.alone !== undefined && rest.every((word) => jsonWords.includes(word))
        ? okAsync({ _tag: 'Run', command: known.name, prepared: command.alone })
        : parser().map(({ help, invocation }) =>
            isHelp(rest) ? help(known, command, rest, version) : invocation(known, command, rest),
          ),
  )
}

const parser = () => ResultAsync.fromSafePromise(import('./parser'))

const isHelp = (words: ReadonlyArray<string>): boolean =>
  words.slice(0, endOfOptions(words)).some((one) => helpWords.includes(one))

const withoutCommand = (
  name: string,
  rest: ReadonlyArray<string>,
  version: string,
): ResultAsync<Invocation, never> => {
  if (!isOnlyGroup(name)) {
    return okAsync({ _tag: 'Refuse', command: name, error: unknownCommand(name) })
  }
  if (isHelp(rest)) return parser().map(({ groupHelp }) => groupHelp(name, rest, version))
  const members = commands.map(partsOf).filter(({ group }) => group === name)
  const message = `${name} takes one of ${members.map(({ last }) => last).join(', ')}`
  const error: UsageError = { _tag: 'WrongUsage', message, command: O.some(name) }
  return okAsync({ _tag: 'Refuse', command: name, error })
}

const unknownCommand = (word: string): UsageError => {
  const spellings = commands.flatMap(({ name, aliases }) => [name, ...aliases])
  const names = near(word, [...spellings, ...Object.keys(groups)]).map(
    (spelling) => commands.find(isCalled(spelling))?.name ?? spelling,
  )
  return { _tag: 'UnknownCommand', word, near: [...new Set(names)] }
}
