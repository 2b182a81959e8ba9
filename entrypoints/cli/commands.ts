/** Words on the command line to the work they ask for. Nothing is done here. */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import yargs, { type Argv } from 'yargs'
import { parserTerms, program, type Command, type Prepared, type Words } from './command'
import { near } from './near'
import type { UsageError } from './render-error'
import { commands, groups } from './table'
import { askedOf, isCalled, isName, isOnlyGroup, partsOf, withoutDoorName } from './words'

export type Invocation =
  /** The answer is a text at hand: help, or the version. */
  | { readonly _tag: 'Show'; readonly text: string }
  | { readonly _tag: 'Run'; readonly command: string; readonly prepared: Prepared }
  | { readonly _tag: 'Refuse'; readonly command: string; readonly error: UsageError }

/** Until there is a dashboard, no command at all shows the accounts. */
const standard = 'list'

const helpWords: ReadonlyArray<string> = ['--help', '-h', '--version']

export const parse = (
  given: ReadonlyArray<string>,
  version: string,
): ResultAsync<Invocation, never> => {
  if (given.length === 1 && given[0] === '-v') return parse(['--version'], version)
  const words = withoutDoorName(given)
  const at = words.findIndex(isName)
  if (words[at] === 'help') return parse([...words.toSpliced(at, 1), '--help'], version)
  if (at < 0 && isHelp(words)) return okAsync(overview(words, version))
  const { name, rest } = at < 0 ? { name: standard, rest: words } : askedOf(words, at)
  const known = commands.find(isCalled(name))
  if (known === undefined) return okAsync(withoutCommand(name, rest, version))
  return ResultAsync.fromSafePromise(known.load()).map((command) =>
    isHelp(rest) ? help(known, command, rest, version) : invocation(known, command, rest),
  )
}

const isHelp = (words: ReadonlyArray<string>): boolean =>
  words.some((one) => helpWords.includes(one))

/** The command is known, so the parser need not find it, nor hear of the others: both cost time. */
const invocation = (words: Words, { install }: Command, rest: ReadonlyArray<string>): Invocation =>
  interpret(words, rest, (asked) =>
    install(bare(program).version(false).help(false), '$0', words, asked),
  )

const help = (
  words: Words,
  { install }: Command,
  rest: ReadonlyArray<string>,
  version: string,
): Invocation => {
  const { group, last } = partsOf(words)
  const before = group === undefined ? program : `${program} ${group}`
  return interpret(words, [last, ...rest], (asked) =>
    install(helpful(before, version), last, words, asked),
  )
}

/** The help that names every command; those of a group share a line. */
const overview = (words: ReadonlyArray<string>, version: string): Invocation => {
  const lines = new Map(commands.map(lineOf).map((line) => [line.name, line]))
  const parser = helpful(program, version)
    .usage('$0 <command>\n\nSeveral ChatGPT accounts of yours behind the official Codex CLI.')
    .example('$0 login', 'add an account')
    .example('$0 list', 'see all accounts')
    .example('$0 codex', 'run the official CLI, served by your accounts')
  return interpret(allWords, words, () => [...lines.values()].reduce(named, parser))
}

const allWords: Words = { name: standard, aliases: [], positionals: '', options: [], describe: '' }

const lineOf = (words: Words): Words => {
  const { group } = partsOf(words)
  return group === undefined ? words : groupWords(group)
}

const groupWords = (group: string): Words => ({
  name: group,
  aliases: [],
  positionals: '<action>',
  options: [],
  describe: groups[group] ?? '',
})

const named = (parser: Argv, { name, positionals, describe }: Words): Argv =>
  parser.command(`${name} ${positionals}`.trim(), describe)

const withoutCommand = (name: string, rest: ReadonlyArray<string>, version: string): Invocation => {
  if (!isOnlyGroup(name)) return { _tag: 'Refuse', command: name, error: unknownCommand(name) }
  const words = groupWords(name)
  const members = commands.map(partsOf).filter(({ group }) => group === name)
  if (!isHelp(rest)) {
    const message = `${name} takes one of ${members.map(({ last }) => last).join(', ')}`
    const error: UsageError = { _tag: 'WrongUsage', message, command: O.some(name) }
    return { _tag: 'Refuse', command: name, error }
  }
  const parser = helpful(`${program} ${name}`, version)
  return interpret(words, rest, () =>
    commands
      .filter((one) => partsOf(one).group === name)
      .map((one) => ({ ...one, name: partsOf(one).last }))
      .reduce(named, parser.usage(`$0 <action>\n\n${words.describe}`)),
  )
}

const unknownCommand = (word: string): UsageError => {
  const spellings = commands.flatMap(({ name, aliases }) => [name, ...aliases])
  const names = near(word, [...spellings, ...Object.keys(groups)]).map(
    (spelling) => commands.find(isCalled(spelling))?.name ?? spelling,
  )
  return { _tag: 'UnknownCommand', word, near: [...new Set(names)] }
}

const interpret = (
  { name, positionals }: Words,
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
      const isShort = said.startsWith('Not enough non-option arguments')
      const message = isShort ? `${name} needs ${positionals}` : said
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

const bare = (scriptName: string): Argv =>
  yargs()
    .scriptName(scriptName)
    .option('json', {
      type: 'boolean',
      global: true,
      describe: 'Answer in JSON, as docs/schema.json says',
    })
    // As the existing tool has it for some of its commands.
    .option('j', { type: 'boolean', global: true, hidden: true })
    .strict()
    .locale('en')
    .parserConfiguration(parserTerms)
    .exitProcess(false)

const helpful = (scriptName: string, version: string): Argv =>
  bare(scriptName)
    .version(version)
    .help()
    .alias('help', 'h')
    // As it stands: the parser's own wrapping cuts words. Texts are short enough for 80 columns.
    .wrap(null)
