/**
 * What a command is: its words for the help, the options it takes, and what it does with them.
 * Parsing gives options, running gives an answer, rendering gives its text and JSON.
 */
import type { ResultAsync } from 'neverthrow'
import type { Argv } from 'yargs'
import type { Surroundings } from '../../core/official/installation'
import type { Layout } from '../../core/storage/layout'
import type { Ports } from '../programs/ports'
import type { SignInPorts } from '../programs/sign-in'
import type { DemoFailed } from './demo/stage'
import type { Told } from './demo/story'
import type { CliError } from './render-error'

export interface Context {
  readonly ports: Pick<Ports, 'files' | 'lock' | 'clock' | 'terminal'>
  /** Loaded by `login` and `logout`: a command that asks nobody starts without them. */
  readonly signInPorts: () => Promise<SignInPorts>
  /** Loaded by `demo` alone. */
  readonly playDemo: () => ResultAsync<Told, DemoFailed>
  readonly layout: Layout
  /** Of the program itself: where it lies, what runs it, where a shell looks for others. */
  readonly around: Surroundings
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** What goes to standard output, as text or as JSON, and what is said beside it. */
export interface Answer {
  /** The one that is not asked for is not made. */
  readonly data: () => unknown
  readonly text: () => string
  readonly warnings: ReadonlyArray<string>
}

interface Words {
  readonly name: string
  /** Other names, which the help does not show. */
  readonly aliases: ReadonlyArray<string>
  /** The positional arguments as the help shows them, such as `<account>`. */
  readonly positionals: string
  readonly describe: string
  readonly examples: ReadonlyArray<readonly [line: string, meaning: string]>
  readonly epilogue: string
}

export interface Definition<Given, Options, Done> extends Words {
  readonly options: (parser: Argv) => Argv<Given>
  readonly parse: (given: Given) => Options
  readonly run: (context: Context) => (options: Options) => ResultAsync<Done, CliError>
  readonly render: (done: Done, width: number) => Answer
}

/** Options, and the work they ask for. */
export interface Prepared {
  readonly options: unknown
  readonly work: (context: Context, width: number) => ResultAsync<Answer, CliError>
}

export interface Command extends Words {
  /**
   * Adds the command to a parser under its name, or as what the parser does with any words; calls
   * `asked` when it is the one that was asked for.
   */
  readonly install: (
    parser: Argv,
    as: 'named' | 'default',
    asked: (prepare: () => Prepared) => void,
  ) => Argv
}

export const command = <Given, Options, Done>(
  definition: Definition<Given, Options, Done>,
): Command => ({
  ...definition,
  install: (parser, as, asked) =>
    parser.command(
      `${as === 'named' ? definition.name : '$0'} ${definition.positionals}`.trim(),
      definition.describe,
      (inner) =>
        definition.examples
          .reduce(
            (described, [line, meaning]) => described.example(line, meaning),
            definition.options(inner),
          )
          .epilogue(definition.epilogue),
      (given) =>
        asked(() => {
          const options = definition.parse(given as Given)
          return {
            options,
            work: (context, width) =>
              definition
                .run(context)(options)
                .map((done) => definition.render(done, width)),
          }
        }),
    ),
})
