/** The demo's one screen, 80 columns wide. Colour only underlines what the words already say. */
import { printable } from '../../../core/tui/printable'
import { placeOf, type Asker, type Decision, type Played, type Told } from './story'

export interface Ink {
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly dim: (text: string) => string
  readonly bold: (text: string) => string
}

export const plain: Ink = {
  good: (text) => text,
  bad: (text) => text,
  dim: (text) => text,
  bold: (text) => text,
}

const sgr =
  (code: number) =>
  (text: string): string =>
    `\u001b[${code}m${text}\u001b[0m`

export const coloured: Ink = { good: sgr(32), bad: sgr(31), dim: sgr(2), bold: sgr(1) }

export const screen =
  (ink: Ink) =>
  (told: Told): string => {
    const cast = told.cast.map(({ name, plan }) => `${name} (${plan})`).join('   ')
    const answered = told.played.filter(({ exit }) => exit === 0).length
    return [
      '',
      `  ${ink.bold('codex-multi-auth')} ${ink.dim(`demo: simulated accounts, ${askerWords(told.asker)}`)}`,
      '',
      `  Signed in   ${cast}`,
      '',
      ...told.played.flatMap(sceneLines(ink, told)),
      `  ${ink.bold(`${told.played.length} prompts, ${answered} answers.`)} Nothing of this is kept.`,
      '  With accounts of your own: codex-multi-auth login',
      '',
      '',
    ].join('\n')
  }

const askerWords = (asker: Asker): string =>
  asker._tag === 'Codex'
    ? `the real Codex CLI${asker.version === '' ? '' : ` ${asker.version}`}`
    : 'a plain client, as no Codex CLI was found'

const sceneLines =
  (ink: Ink, told: Told) =>
  (played: Played, index: number): ReadonlyArray<string> => {
    const seconds = `${(played.took / 1_000).toFixed(1)} s`
    const saw =
      played.exit === 0 ? `“${printable(played.answer.trim())}”` : `a failure (exit ${played.exit})`
    return [
      `  ${ink.bold(`${index + 1}  ${played.scene.title}`)}`,
      ...story(told, played.decisions).map(
        ([name, outcome, isGood]) =>
          `     ${name.padEnd(10)}${isGood ? ink.good(`✓ ${outcome}`) : ink.bad(`✗ ${outcome}`)}`,
      ),
      `     ${ink.dim(`${'you saw'.padEnd(10)}${saw} after ${seconds}`)}`,
      '',
    ]
  }

type Beat = readonly [name: string, outcome: string, isGood: boolean]

/** Every account that could not serve, with the first reason for it, and then who served. */
const story = (told: Told, decisions: ReadonlyArray<Decision>): ReadonlyArray<Beat> => {
  const models = decisions.filter(({ path }) => path === '/codex/responses')
  const nameAt = (account: string): string => told.cast[placeOf(account)]?.name ?? account
  const reasons = new Map<string, string>()
  for (const { trace } of models)
    for (const { account, outcome } of trace ?? [])
      if (!serving.includes(outcome)) reasons.set(account, reasons.get(account) ?? outcome)
  const served = models.flatMap(({ event, account }) =>
    event === 'served' && account !== undefined ? [account] : [],
  )
  return [
    ...[...reasons]
      .filter(([account]) => !served.includes(account))
      .map(([account, outcome]): Beat => [nameAt(account), words[outcome] ?? outcome, false]),
    ...served.map((account): Beat => [nameAt(account), 'served', true]),
  ]
}

const serving: ReadonlyArray<string> = ['chosen', 'not-preferred']

const words: Readonly<Record<string, string>> = {
  'rate-limited': 'rate limited, so the request moved on',
  cooling: 'failed a moment ago, so it is left in peace',
  'needs-sign-in': 'sign-in revoked, so the request moved on',
  'already-tried': 'failed before a word was shown, so the request moved on',
}
