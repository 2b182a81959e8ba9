/** `status --files`: all that is kept on this disk. */
import * as t from 'io-ts'
import { align } from '../../core/tui/columns'
import { printable } from '../../core/tui/printable'
import type { Inventory } from '../programs/inventory'
import type { Answer } from './command'
import { whole } from './forms'

export const filesForm = t.strict({
  files: t.array(t.strict({ path: t.string, bytes: whole, mode: t.string, holds: t.string })),
  official: t.array(t.strict({ path: t.string, exists: t.boolean })),
})

const modeText = (mode: number): string => mode.toString(8).padStart(3, '0')

export const renderFiles = ({ ours, official }: Inventory): Answer<t.TypeOf<typeof filesForm>> => ({
  data: () => ({
    files: ours.map((file) => ({ ...file, mode: modeText(file.mode) })),
    official: official.map(({ path, isThere }) => ({ path, exists: isThere })),
  }),
  text: () => `${oursText(ours)}\n${officialText(official)}`,
  warnings: [],
})

/** Not narrowed: a path cut short could not be copied. */
const oursText = (ours: Inventory['ours']): string =>
  ours.length === 0
    ? 'Nothing is stored.\n'
    : align(
        [
          ['FILE', 'BYTES', 'MODE', 'HOLDS'],
          ...ours.map(({ path, bytes, mode, holds }) => [
            printable(path),
            String(bytes),
            modeText(mode),
            holds,
          ]),
        ],
        Infinity,
      )
        .join('\n')
        .concat('\n')

const officialText = (official: Inventory['official']): string =>
  official
    .map(({ path, isThere }) =>
      isThere
        ? `${printable(path)} is the official CLI\u2019s; the setting syncCodexCli says when it is written here.\n`
        : `${printable(path)} is missing; the next login writes it for the official CLI.\n`,
    )
    .join('')
