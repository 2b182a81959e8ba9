/**
 * What a command is: the options it takes, and what it does with them. Parsing gives options,
 * running gives an answer, rendering gives its text and JSON.
 */
import type * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import type { Argv } from 'yargs'
import type { Surroundings } from '../../core/official/installation'
import type { Layout } from '../../core/storage/layout'
import type { Process } from '../../ports/process'
import type { ProcessTable } from '../../ports/process-table'
import type { Prompter } from '../../ports/prompter'
import type { Ports } from '../programs/ports'
import type { FrontPorts } from '../programs/front-sync'
import type { SignInPorts } from '../programs/sign-in'
import type { DemoFailed } from './demo/stage'
import type { Told } from './demo/story'
import type { CliError } from './render-error'

export interface Context {
  readonly ports: Pick<Ports, 'files' | 'lock' | 'clock' | 'terminal'>
  /** Loaded by `login` and `logout`: a command that asks nobody starts without them. */
  readonly signInPorts: () => Promise<SignInPorts>
  /** Loaded by `why`. */
  readonly process: () => Promise<Pick<Process, 'self' | 'isAlive'>>
  /** Loaded by `doctor` and `login`. */
  readonly processTable: () => Promise<ProcessTable>
  /** Loaded by who asks a question. */
  readonly prompter: () => Promise<Prompter>
  /** Loaded where the official CLI's own sign-in may be changed. */
  readonly frontPorts: () => Promise<FrontPorts>
  /** Loaded by `demo` alone. */
  readonly playDemo: () => ResultAsync<Told, DemoFailed>
  /** With the pool that serves the folder. */
  readonly layout: Layout
  /** That the program was started in; empty where it is gone. */
  readonly folder: string
  /** Of the program itself: where it lies, what runs it, where a shell looks for others. */
  readonly around: Surroundings
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What goes to standard output, as text or as JSON of this form, and what is said beside it. */
export interface Answer<Data> {
  /** The one that is not asked for is not made. */
  readonly data: () => Data
  readonly text: () => string
  readonly warnings: ReadonlyArray<string>
  /** For an answer that is not all good news; 0 when left out. */
  readonly exit?: number
}

/** How a person asks for a command; known without loading it. */
export interface Words {
  /** One word, or two: those of a group share the first, such as `account tag`. */
  readonly name: string
  /** Other names, which the help does not show. */
  readonly aliases: ReadonlyArray<string>
  /** The positional arguments as the help shows them, such as `<account>`. */
  readonly positionals: string
  /** The options that are its own, for completion. */
  readonly options: ReadonlyArray<string>
  /** What its one positional argument may be, where that is no account. */
  readonly choices?: ReadonlyArray<string>
  readonly describe: string
}

export interface Definition<Given, Options, Done, Form extends t.Any> {
  readonly examples: ReadonlyArray<readonly [line: string, meaning: string]>
  readonly epilogue: string
  readonly options: (parser: Argv) => Argv<Given>
  /** The one argument for which the empty text means something; for all others it is a mistake. */
  readonly mayBeEmpty?: string
  readonly parse: (given: Given) => Options
  readonly run: (context: Context) => (options: Options) => ResultAsync<Done, CliError>
  /** What `--json` answers; published in docs/schema.json. */
  readonly form: Form
  readonly render: (done: Done, width: number) => Answer<t.TypeOf<Form>>
}

/** Options, and the work they ask for. */
export interface Prepared {
  readonly options: unknown
  readonly work: (context: Context, width: number) => ResultAsync<Answer<unknown>, CliError>
}

export interface Command {
  readonly form: t.Any
  /**
   * Makes it what the parser understands under this name, `$0` for any words, and calls `asked` when
   * it is asked for.
   */
  readonly install: (
    parser: Argv,
    name: string,
    words: Words,
    asked: (prepare: () => Prepared) => void,
  ) => Argv
  /** What is asked for by the name alone, where that needs no parser. */
  readonly alone?: Prepared
}

/** How words are read. A command that changes one of these gives all: the parser keeps no other. */
export const parserTerms = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': false,
}

/** As the help names it. */
export const program = 'codex-multi-auth'

const namesIn = (positionals: string): ReadonlyArray<string> => positionals.match(/\w+/g) ?? []

/** True, or what is wrong. */
const noneEmpty =
  (positionals: string, mayBeEmpty: string | undefined) =>
  (given: Readonly<Record<string, unknown>>): string | true => {
    const empty = Object.keys(given).find((name) => given[name] === '' && name !== mayBeEmpty)
    if (empty === undefined) return true
    return `${namesIn(positionals).includes(empty) ? `<${empty}>` : `--${empty}`} is empty`
  }

export const command = <Given, Options, Done, Form extends t.Any>(
  definition: Definition<Given, Options, Done, Form>,
): Command => ({
  form: definition.form,
  install: (parser, name, { positionals, describe }, asked) =>
    parser.command(
      `${name} ${positionals}`.trim(),
      describe,
      (inner) =>
        definition.examples
          .reduce(
            (described, [line, meaning]) => described.example(line.replace('$0', program), meaning),
            definition.options(inner),
          )
          // Each takes the one word that it gets, which may be a lone dash.
          .nargs(Object.fromEntries(namesIn(positionals).map((name) => [name, 1])))
          .check(noneEmpty(positionals, definition.mayBeEmpty))
          .epilogue(definition.epilogue),
      (given) => asked(() => prepared(definition, definition.parse(given as Given))),
    ),
})

/** A command that takes no words but its name, and no options of its own. */
export const wordless = <Done, Form extends t.Any>(
  definition: Omit<Definition<object, object, Done, Form>, 'options' | 'parse'>,
): Command => {
  const whole = { ...definition, options: (parser: Argv) => parser, parse: () => ({}) }
  return { ...command(whole), alone: prepared(whole, {}) }
}

const prepared = <Options, Done, Form extends t.Any>(
  { form, render, run }: Pick<Definition<never, Options, Done, Form>, 'form' | 'render' | 'run'>,
  options: Options,
): Prepared => ({
  options,
  work: (context, width) =>
    run(context)(options)
      .map((done) => render(done, width))
      .map((answer) => ({ ...answer, data: () => form.encode(answer.data()) as unknown })),
})
