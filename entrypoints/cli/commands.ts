/** Words on the command line to the work they ask for. Nothing is done here. */
import * as O from 'fp-ts/Option'
import yargs, { type Argv } from 'yargs'
import type { Command, Prepared } from './command'
import { demo } from './demo'
import { disable } from './disable'
import { enable } from './enable'
import { list } from './list'
import { login } from './login'
import { logout } from './logout'
import { near } from './near'
import { remove } from './remove'
import { rename } from './rename'
import type { UsageError } from './render-error'
import { shim } from './shim'
import { status } from './status'
import { switchTo } from './switch'
import { unpin } from './unpin'

/** In the order of the help. */
export const commands: ReadonlyArray<Command> = [
  login,
  list,
  status,
  switchTo,
  unpin,
  rename,
  enable,
  disable,
  remove,
  logout,
  shim,
  demo,
]

export type Invocation =
  /** The answer is a text at hand: help, or the version. */
  | { readonly _tag: 'Show'; readonly text: string }
  | { readonly _tag: 'Run'; readonly command: string; readonly prepared: Prepared }
  | { readonly _tag: 'Refuse'; readonly command: string; readonly error: UsageError }

export const program = 'codex-multi-auth'

/** The door's own name is optional: `codex-multi-auth auth list` is `codex-multi-auth list`. */
const doorNames: ReadonlyArray<ReadonlyArray<string>> = [
  ['auth'],
  ['multi-auth'],
  ['multiauth'],
  ['multi', 'auth'],
]

/** Until there is a dashboard, no command at all shows the accounts. */
const standard = list

const helpWords: ReadonlyArray<string> = ['--help', '-h', '--version']

export const parse = (given: ReadonlyArray<string>, version: string): Invocation => {
  const words = withoutDoorName(given)
  const at = words.findIndex((one) => !one.startsWith('-'))
  const word = words[at]
  if (word === 'help') return parse([...words.toSpliced(at, 1), '--help'], version)
  const known = word === undefined ? standard : commands.find(isCalled(word))
  if (known === undefined) {
    return { _tag: 'Refuse', command: word ?? '', error: unknownCommand(word ?? '') }
  }
  if (isHelp(words)) {
    return interpret(known, at < 0 ? words : words.with(at, known.name), (asked) =>
      commands.reduce((parser, one) => one.install(parser, 'named', asked), helpful(version)),
    )
  }
  // The command is known, so the parser need not find it, nor hear of the others: both cost time.
  return interpret(known, at < 0 ? words : words.toSpliced(at, 1), (asked) =>
    known.install(bare().version(false).help(false), 'default', asked),
  )
}

const isHelp = (words: ReadonlyArray<string>): boolean =>
  words.some((one) => helpWords.includes(one))

const withoutDoorName = (given: ReadonlyArray<string>): ReadonlyArray<string> => {
  const at = given.findIndex((one) => !one.startsWith('-'))
  const name = doorNames.find((words) => words.every((word, index) => given[at + index] === word))
  return at < 0 || name === undefined
    ? given
    : [...given.slice(0, at), ...given.slice(at + name.length)]
}

const isCalled =
  (word: string) =>
  ({ name, aliases }: Command): boolean =>
    name === word || aliases.includes(word)

const unknownCommand = (word: string): UsageError => {
  const spellings = commands.flatMap(({ name, aliases }) => [name, ...aliases])
  const names = near(word, spellings).flatMap((spelling) =>
    commands.filter(isCalled(spelling)).map(({ name }) => name),
  )
  return { _tag: 'UnknownCommand', word, near: [...new Set(names)] }
}

const interpret = (
  { name, positionals }: Command,
  words: ReadonlyArray<string>,
  parserFor: (asked: (prepare: () => Prepared) => void) => Argv,
): Invocation => {
  let invocation: Invocation = { _tag: 'Show', text: '' }
  const parser = parserFor((prepare) => {
    // The parser goes on after a failure.
    if (invocation._tag === 'Refuse') return
    invocation = { _tag: 'Run', command: name, prepared: prepare() }
  })
  void parser
    .fail((said) => {
      const message = said.startsWith('Not enough') ? `${name} needs ${positionals}` : said
      const error: UsageError = { _tag: 'WrongUsage', message, command: O.some(name) }
      invocation = { _tag: 'Refuse', command: name, error }
    })
    .parse([...words], {}, (_error, _given, output) => {
      if (output !== '' && invocation._tag !== 'Refuse') {
        invocation = { _tag: 'Show', text: `${output}\n` }
      }
    })
  return invocation
}

const bare = (): Argv =>
  yargs()
    .scriptName(program)
    .option('json', { type: 'boolean', global: true, describe: 'Answer with one JSON document' })
    .strict()
    .locale('en')
    .parserConfiguration({
      'boolean-negation': false,
      'dot-notation': false,
      'duplicate-arguments-array': false,
    })
    .exitProcess(false)

const helpful = (version: string): Argv =>
  bare()
    .usage('$0 <command>\n\nSeveral ChatGPT accounts of yours behind the official Codex CLI.')
    .example('$0 login', 'add an account')
    .example('$0 list', 'see all accounts')
    .example('$0 codex', 'run the official CLI, served by your accounts')
    .version(version)
    .help()
    .alias('help', 'h')
    // As it stands: the parser's own wrapping cuts words. Texts are short enough for 80 columns.
    .wrap(null)
