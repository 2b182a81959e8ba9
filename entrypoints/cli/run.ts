/**
 * One run of the program: words in; the answer on standard output, the talk on standard error, and
 * the exit code back to whoever called.
 */
import * as O from 'fp-ts/Option'
import { okAsync, type ResultAsync } from 'neverthrow'
import type { Terminal } from '../../ports/terminal'
import type { Answer, Context } from './command'
import { parse } from './commands'
import * as Envelope from './envelope'
import { renderError, type CliError } from './render-error'
import { exit, type Rendered } from './rendered'

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
    const invocation = parse(words, version)
    switch (invocation._tag) {
      case 'Show':
        terminal.write(invocation.text)
        return okAsync(exit.done)
      case 'Refuse':
        return okAsync(refuse(terminal, isJson, invocation.command, invocation.error))
      case 'Run':
        return invocation.prepared
          .work(context, width)
          .map((answer) => give(terminal, isJson, invocation.command, answer))
          .orElse((error) => okAsync(refuse(terminal, isJson, invocation.command, error)))
    }
  }

/** Asked of the words themselves, as an error in them is answered in JSON too. */
const asksJson = (words: ReadonlyArray<string>): boolean => {
  const end = words.indexOf('--')
  const options = end < 0 ? words : words.slice(0, end)
  return options.some((word) => word === '--json' || word === '--json=true')
}

/** A file or another program gets the same lines on any terminal. */
const widthOf = ({ isInteractive, columns }: Terminal): number =>
  isInteractive.output ? Math.min(widthMax, Math.max(widthMin, columns)) : widthStandard

const give = (terminal: Terminal, isJson: boolean, command: string, answer: Answer): number => {
  if (isJson) {
    terminal.write(Envelope.ofAnswer(command, answer))
    return exit.done
  }
  terminal.write(answer.text())
  answer.warnings.forEach((warning) => terminal.say(`Warning: ${warning}\n`))
  return exit.done
}

const refuse = (terminal: Terminal, isJson: boolean, command: string, error: CliError): number => {
  const rendered = renderError(error)
  if (isJson) terminal.write(Envelope.ofError(command, rendered))
  else terminal.say(afterCtrlC(terminal, error) + textOf(rendered))
  return rendered.exit
}

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
