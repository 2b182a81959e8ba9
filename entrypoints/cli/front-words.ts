/** What became of the official CLI's own sign-in, for the commands that may change it. */
import { whyNotWritten } from '../../core/insight/front-text'
import { printable } from '../../core/tui/printable'
import * as O from 'fp-ts/Option'
import type { Front } from '../programs/front-sync'

export const frontText = (front: Front): string => {
  if (front._tag !== 'Written') return ''
  return O.isNone(front.instead)
    ? 'The official Codex CLI is signed in with it too.\n'
    : 'The official Codex CLI is signed in with it now, and lists the sessions of that account ' +
        `alone;\nbefore, it was ${printable(front.instead.value)}.\n`
}

export const frontWarnings = (front: Front): ReadonlyArray<string> => {
  switch (front._tag) {
    case 'LeftAlone':
    case 'Written':
      return []
    case 'Guarded':
      return [
        `The official Codex CLI stays signed in as ${printable(front.name)}, which is not among your accounts and would be lost. Keep it first: codex-multi-auth login --import`,
      ]
    case 'NotWritten':
      return [
        `The official Codex CLI is not signed in with it: ${whyNotWritten(front.path, front.because)}`,
      ]
  }
}
