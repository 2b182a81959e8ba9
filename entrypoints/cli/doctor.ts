/** `doctor`: what stands in the way, and what to do about it. */
import * as t from 'io-ts'
import type { ResultAsync } from 'neverthrow'
import * as Diagnosis from '../../core/insight/diagnosis'
import { wordless, type Answer, type Context } from './command'
import { examine, type Checked } from './examined'
import { oneOf, whole } from './forms'
import type { CliError } from './render-error'

export const run = (context: Context) => (): ResultAsync<ReadonlyArray<Checked>, CliError> =>
  examine(context)

const form = t.strict({
  summary: t.strict({ ok: whole, warn: whole, error: whole }),
  checks: t.array(
    t.strict({
      key: oneOf(Diagnosis.checks.map(({ key }) => key)),
      severity: oneOf(Diagnosis.severities),
      message: t.string,
      details: t.array(t.string),
    }),
  ),
})

export const render = (checked: ReadonlyArray<Checked>): Answer<t.TypeOf<typeof form>> => {
  const rows = checked.map(({ key, severity, words: [message = '', ...details] }) => ({
    ...{ key, severity, message, details },
  }))
  const count = (severity: Diagnosis.Severity): number =>
    rows.filter((row) => row.severity === severity).length
  return {
    data: () => ({
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

export const doctor = wordless({
  examples: [['$0 doctor', 'see what stands in the way']],
  epilogue: '',
  run,
  form,
  render,
})
