/**
 * One run of the program: words in; the answer on standard output, the talk on standard error, and
 * the exit code back to whoever called.
 */
import * as O from 'fp-ts/Option'
import { okAsync, ResultAsync } from 'neverthrow'
import type { Terminal } from '../../ports/terminal'
import type { Answer, Context } from './command'
import { parse } from './commands'
import type { CliError } from './render-error'
import { exit } from './exit'
import type { Rendered } from './rendered'
import { asksJson } from './words'

/** Tables are no wider than the eye follows, and no narrower than a name and its status. */
const widthMax = 100
const widthMin = 40
const widthStandard = 80

export const run =
  (context: Context, version: string) =>
  (words: ReadonlyArray<string>): ResultAsync<number, never> => {
    const { terminal } = context.ports
    const width = widthOf(terminal)
    const isJson = asksJson(words)
    return parse(words, version).andThen((invocation) => {
      switch (invocation._tag) {
        case 'Show':
          terminal.write(invocation.text)
          return okAsync(exit.done)
        case 'Refuse':
          return refuse(terminal, isJson, invocation.command, invocation.error)
        case 'Run':
          return invocation.prepared
            .work(context, width)
            .andThen((answer) => give(terminal, isJson, invocation.command, answer))
            .orElse((error) => refuse(terminal, isJson, invocation.command, error))
      }
    })
  }

/** A file or another program gets the same lines on any terminal. */
const widthOf = ({ isInteractive, columns }: Terminal): number =>
  isInteractive.output ? Math.min(widthMax, Math.max(widthMin, columns)) : widthStandard

const give = (
  terminal: Terminal,
  isJson: boolean,
  command: string,
  answer: Answer<unknown>,
): ResultAsync<number, never> => {
  if (isJson) {
    return envelope().map(({ ofAnswer }) => {
      terminal.write(ofAnswer(command, answer))
      return answer.exit ?? exit.done
    })
  }
  terminal.write(answer.text())
  answer.warnings.forEach((warning) => terminal.say(`Warning: ${warning}\n`))
  return okAsync(answer.exit ?? exit.done)
}

/** Loaded by those who ask for it, as the words of errors are: most runs need neither. */
const envelope = () => ResultAsync.fromSafePromise(import('./envelope'))

const refuse = (
  terminal: Terminal,
  isJson: boolean,
  command: string,
  error: CliError,
): ResultAsync<number, never> =>
  ResultAsync.fromSafePromise(import('./render-error'))
    .map(({ renderError }) => renderError(error))
    .andThen((rendered) => {
      if (!isJson) {
        terminal.say(afterCtrlC(terminal, error) + textOf(rendered))
        return okAsync(rendered.exit)
      }
      return envelope().map(({ ofError }) => {
        terminal.write(ofError(command, rendered))
        return rendered.exit
      })
    })

/** A terminal shows `^C` where the cursor was. */
const afterCtrlC = ({ isInteractive }: Terminal, { _tag }: CliError): string =>
  _tag === 'Interrupted' && isInteractive.talk ? '\n' : ''

const textOf = ({ message, hint, candidates }: Rendered): string =>
  [
    `Error: ${message}`,
    ...(O.isSome(hint) ? [hint.value] : []),
    ...candidates.map(({ line }) => `  ${line}`),
  ]
    .join('\n')
    .concat('\n')
