/**
 * A decision in words: for every account what became of it and why. Made of the decision's own trace,
 * at once, so that the log, `why` and `why --last` say the same. Holds no key, as a key may hold an
 * e-mail; an account is known by its number and its id.
 */
import * as O from 'fp-ts/Option'
import * as t from 'io-ts'
import { key as keyOf, type Account } from '../accounts/account'
import * as Pool from '../accounts/pool'
import { optional } from '../codec'
import { decode, parseJson } from '../result'
import * as Eligibility from '../routing/eligibility'
import type { Because, Line, Selection } from '../routing/selection'
import { iso, type Instant } from '../time'
import * as Reason from './reason'

export interface Explanation {
  readonly at: Instant
  readonly conversation: O.Option<string>
  readonly model: O.Option<string>
  /** One an account, in pool order; from the log, of twenty accounts at most. */
  readonly rows: ReadonlyArray<Row>
  /** How many more there were, which the log only counts. */
  readonly others: ReadonlyArray<Others>
}

export interface Others {
  readonly outcome: Outcome
  readonly accounts: number
}

/** `chosen`, `not-preferred`, or the name of the first reason. */
type Outcome = string

export interface Row {
  /** As it was when the decision was made, from 1. */
  readonly number: number
  readonly accountId: string
  readonly outcome: Outcome
  /** What the account was chosen by. */
  readonly because: O.Option<string>
  /** In words, from the moment of the decision. */
  readonly says: string
  /** When the reason ends by itself. */
  readonly until: O.Option<string>
}

const chosen = 'chosen'
const notPreferred = 'not-preferred'

export const chosenOf = ({ rows }: Explanation): O.Option<Row> =>
  O.fromNullable(rows.find(({ outcome }) => outcome === chosen))

export const rowsOf =
  (now: Instant, pool: Pool.Pool) =>
  (selection: Selection): ReadonlyArray<Row> =>
    linesOf(pool, selection).map(rowOf(now, pool))

interface Numbered {
  readonly number: number
  readonly line: Line
}

const linesOf = (pool: Pool.Pool, { trace }: Selection): ReadonlyArray<Numbered> => {
  const setAside = pool.flagged.map(({ account, because }): Line => ({
    _tag: 'Unavailable',
    key: keyOf(account),
    reason: { _tag: 'Flagged', because },
  }))
  return [...trace, ...setAside].map((line, index) => ({ number: index + 1, line }))
}

const rowOf = (now: Instant, pool: Pool.Pool) => {
  const { accounts } = Pool.withFlagged(pool)
  return ({ line, number }: Numbered): Row => ({
    number,
    accountId: accounts[number - 1]?.identity.accountId ?? '',
    outcome: outcomeOf(line),
    ...told(now, line),
  })
}

const outcomeOf = (line: Line): Outcome => {
  switch (line._tag) {
    case 'Chosen':
      return chosen
    case 'NotPreferred':
      return notPreferred
    case 'Unavailable':
      return Reason.name(line.reason)
  }
}

const told = (now: Instant, line: Line): Pick<Row, 'because' | 'says' | 'until'> => {
  switch (line._tag) {
    case 'Chosen': {
      const { because } = line
      return { because: O.some(because), says: becauseWords[because], until: O.none }
    }
    case 'NotPreferred':
      return { because: O.none, says: 'could serve, another was preferred', until: O.none }
    case 'Unavailable':
      return {
        because: O.none,
        says: Reason.phrase(now)(line.reason),
        until: O.map(iso)(Eligibility.endsAt(line.reason)),
      }
  }
}

const becauseWords: Readonly<Record<Because, string>> = {
  bound: 'holds what the request cannot do without',
  strict: 'is the only one asked for',
  pinned: 'is pinned',
  'warm-conversation': 'still has the conversation in its prompt cache',
  'rotation-brake': 'gave the last answer a moment ago',
  hybrid: 'has the most room for another conversation',
  sequential: 'is in turn until it is spent',
  'reset-first': 'has the quota that expires soonest',
  'round-robin': 'has waited longest for its turn',
  manual: 'is the active account',
}

/** The account a row is of, as the pool is now: its number may be another's by now. */
export const accountOf =
  ({ accountId, number }: Row) =>
  (pool: Pool.Pool): O.Option<Account> => {
    const isIt = (account: Account | undefined): account is Account =>
      account?.identity.accountId === accountId
    const { accounts } = Pool.withFlagged(pool)
    const atPlace = accounts[number - 1]
    return isIt(atPlace) ? O.some(atPlace) : O.fromNullable(accounts.find(isIt))
  }

const rowForm = t.intersection([
  t.type({ account: t.string, outcome: t.string }),
  t.partial({ because: t.string, says: t.string, until: t.string }),
])

type StoredRow = t.TypeOf<typeof rowForm>

const toStoredRow = (row: Row): StoredRow => ({
  account: `${row.number} ${row.accountId}`,
  outcome: row.outcome,
  ...(O.isSome(row.because) ? { because: row.because.value } : {}),
  says: row.says,
  ...(O.isSome(row.until) ? { until: row.until.value } : {}),
})

const ofStoredRow = (stored: StoredRow): Row => {
  const [number = '', ...id] = stored.account.split(' ')
  return {
    number: Number(number),
    accountId: id.join(' '),
    outcome: stored.outcome,
    because: O.fromNullable(stored.because),
    says: stored.says ?? stored.outcome,
    until: O.fromNullable(stored.until),
  }
}

export const event = 'decided'

const lineForm = t.intersection([
  t.type({ at: t.string, event: t.literal(event), trace: t.array(rowForm) }),
  t.partial({
    project: optional(t.string),
    conversation: optional(t.string),
    model: optional(t.string),
    others: optional(t.record(t.string, t.number)),
  }),
])

/** Bounds what a request among many accounts writes; twenty fit a screen. */
const storedRowsMax = 20

/** As the line of the decision log holds it, beside what the request was. */
export const toStored =
  (now: Instant, pool: Pool.Pool, model: O.Option<string>) =>
  (selection: Selection): Readonly<Record<string, unknown>> => {
    const [kept, left] = split(linesOf(pool, selection))
    return {
      ...(O.isSome(model) ? { model: model.value } : {}),
      trace: kept.map(rowOf(now, pool)).map(toStoredRow),
      ...(left.length === 0 ? {} : { others: countsOf(left) }),
    }
  }

/** What a line of the log tells in words, in pool order: who was chosen, then who could not serve. */
const split = (
  lines: ReadonlyArray<Numbered>,
): readonly [ReadonlyArray<Numbered>, ReadonlyArray<Numbered>] => {
  if (lines.length <= storedRowsMax) return [lines, []]
  const ranked = importance.flatMap((tag) => lines.filter(({ line }) => line._tag === tag))
  const kept = ranked.slice(0, storedRowsMax)
  return [kept.toSorted((one, other) => one.number - other.number), ranked.slice(storedRowsMax)]
}

const importance: ReadonlyArray<Line['_tag']> = ['Chosen', 'Unavailable', 'NotPreferred']

const countsOf = (lines: ReadonlyArray<Numbered>): Readonly<Record<Outcome, number>> => {
  const counts: Record<Outcome, number> = {}
  for (const { line } of lines) counts[outcomeOf(line)] = (counts[outcomeOf(line)] ?? 0) + 1
  return counts
}

/**
 * None for a line of another kind, one that was cut short, or one about other accounts: those of another
 * project, or of the user.
 */
export const ofLine =
  (project: O.Option<string>) =>
  (line: string): O.Option<Explanation> =>
    parseJson(line)
      .andThen(decode(lineForm))
      .match(
        ({ at, conversation, model, others, project: of, trace }) =>
          (of ?? undefined) !== O.toUndefined(project)
            ? O.none
            : O.some({
                at: Date.parse(at),
                conversation: O.fromNullable(conversation),
                model: O.fromNullable(model),
                rows: trace.map(ofStoredRow),
                others: Object.entries(others ?? {}).map(([outcome, accounts]) => ({
                  outcome,
                  accounts,
                })),
              }),
        () => O.none,
      )
