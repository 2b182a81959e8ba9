/** `doctor`: what stands in the way, and what to do about it. */
import * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import * as Diagnosis from '../../core/insight/diagnosis'
import { command, type Answer, type Context } from './command'
import { examine, type Checked } from './examined'
import { findingWords } from './finding-words'
import type { CliError } from './render-error'

export const run = (context: Context) => (): ResultAsync<ReadonlyArray<Checked>, CliError> =>
  examine(context)

const form = t.strict({
  summary: t.strict({ ok: t.number, warn: t.number, error: t.number }),
  checks: t.array(
    t.strict({ key: t.string, severity: t.string, message: t.string, details: t.array(t.string) }),
  ),
})

export const render = (checked: ReadonlyArray<Checked>): Answer => {
  const rows = checked.map(({ finding, key }) => {
    const [message = '', ...details] = findingWords(finding)
    return { key, severity: Diagnosis.severityOf(finding), message, details }
  })
  const count = (severity: Diagnosis.Severity): number =>
    rows.filter((row) => row.severity === severity).length
  return {
    data: () =>
      form.encode({
        summary: { ok: count('ok'), warn: count('warn'), error: count('error') },
        checks: rows,
      }),
    text: () =>
      rows
        .flatMap(({ details, message, severity }) => [
          `${severity.padEnd(5)}  ${message}`,
          ...details.map((line) => `       ${line}`),
        ])
        .join('\n')
        .concat('\n'),
    warnings: [],
  }
}

export const doctor = command({
  examples: [['$0 doctor', 'see what stands in the way']],
  epilogue: '',
  options: (parser) => parser,
  parse: () => ({}),
  run,
  render,
})
