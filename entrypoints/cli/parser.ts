/**
 * Words behind a command as the parser takes them, and the help. It is loaded where there are such
 * words: a name alone needs none of it, and the parser is most of what a start costs.
 */
import * as O from 'fp-ts/Option'
import yargs, { type Argv } from 'yargs'
import * as DashedWord from './dashed-word'
import { parserTerms, program, type Command, type Prepared, type Words } from './command'
import type { UsageError } from './render-error'
import { commands, groups } from './table'
import { partsOf, standard } from './words'

export type Invocation =
  /** The answer is a text at hand: help, or the version. */
  | { readonly _tag: 'Show'; readonly text: string }
  | { readonly _tag: 'Run'; readonly command: string; readonly prepared: Prepared }
  | { readonly _tag: 'Refuse'; readonly command: string; readonly error: UsageError }

/** The command is known, so the parser need not find it, nor hear of the others: both cost time. */
export const invocation = (
  words: Words,
  { install }: Command,
  rest: ReadonlyArray<string>,
): Invocation =>
  interpret(words, DashedWord.marked(rest), (asked) =>
    install(unmarking(bare(program)).version(false).help(false), '$0', words, asked),
  )

/** Before anything is checked, so that a mistake is told of the words as they were given. */
const unmarking = (parser: Argv): Argv =>
  parser.middleware((given) => {
    for (const [name, value] of Object.entries(given)) given[name] = DashedWord.unmarked(value)
  }, true)

export const help = (
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
export const overview = (words: ReadonlyArray<string>, version: string): Invocation => {
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

/** Those of one group. */
export const groupHelp = (
  name: string,
  words: ReadonlyArray<string>,
  version: string,
): Invocation => {
  const group = groupWords(name)
  const parser = helpful(`${program} ${name}`, version)
  return interpret(group, words, () =>
    commands
      .filter((one) => partsOf(one).group === name)
      .map((one) => ({ ...one, name: partsOf(one).last }))
      .reduce(named, parser.usage(`$0 <action>\n\n${group.describe}`)),
  )
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
      const message = isShort
        ? `${name} needs ${positionals}`
        : worded(said) + (positionals === '' ? '' : adviceOn(said, words))
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

/** An option without the one that it goes with: the parser says it in two lines. */
const worded = (said: string): string =>
  said.replace(/^[\w ]+:\s+(\S+) -> (\S+)$/, '--$1 needs --$2')

/** Where a word was taken for options: `-x`, or `-xyz` for three of them. */
const adviceOn = (said: string, words: ReadonlyArray<string>): string => {
  const [, unknown] = /^Unknown arguments?: (\w)(?:, \w)*$/.exec(said) ?? []
  return unknown !== undefined && words.some((word) => word.startsWith(`-${unknown}`))
    ? '. A word that begins with a dash goes after --'
    : ''
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
