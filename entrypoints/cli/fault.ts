/**
 * A fault of ours: something threw where nothing may. It is told with what a report needs, and whoever
 * asked for JSON gets the one document all the same. What was thrown may hold anything, so it stays out
 * of the document.
 */
import type { Terminal } from '../../ports/terminal'
import { ofError } from './envelope'
import { rendered } from './rendered'
import { asksJson, nameIn } from './words'

export const tellFault =
  (terminal: Pick<Terminal, 'say' | 'write'>, version: string) =>
  (words: ReadonlyArray<string>, thrown: unknown): number => {
    terminal.say(
      `${message}\nPlease report it with these lines, and with what you did:\n` +
        `codex-multi-auth ${version}\n${linesOf(thrown)}\n`,
    )
    if (asksJson(words)) terminal.write(ofError(nameIn(words), fault))
    return fault.exit
  }

const message = 'codex-multi-auth failed by a fault of its own.'

const fault = rendered(
  'internal',
  message,
  'Please report it with the lines on standard error, and with what you did.',
)

/** From where it was thrown, where that is known. */
const linesOf = (thrown: unknown): string =>
  String(typeof thrown === 'object' && thrown && 'stack' in thrown ? thrown.stack : thrown)
