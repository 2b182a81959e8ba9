/** A decision as the log keeps it. */
import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as Explanation from '../../../core/insight/explanation'
import type { Line, Selection } from '../../../core/routing/selection'
import { hour } from '../../../core/time'
import { accountOf } from '../../support/tokens'

const now = 1_764_000_000_000
const people = Array.from({ length: 60 }, (_, n) =>
  accountOf({ accountId: `acc-${n}`, userId: `user-${n}`, email: `${n}@mail.test` }, now),
)
const pool = people.reduce((before, one) => Pool.signIn(one)(before), Pool.empty)

const aLine = fc.constantFrom<(key: string) => Line>(
  (key) => ({ _tag: 'NotPreferred', key }),
  (key) => ({ _tag: 'Unavailable', key, reason: { _tag: 'Disabled' } }),
  (key) => ({
    ...{ _tag: 'Unavailable', key },
    reason: { _tag: 'RateLimited', until: now + hour, window: O.none },
  }),
)

/** Of so many accounts, one of whom may be chosen. */
const aSelection = fc
  .tuple(
    fc.array(aLine, { minLength: 1, maxLength: people.length, size: 'max' }),
    fc.option(fc.nat()),
  )
  .map(([lines, place]): Selection => {
    const keys = people.slice(0, lines.length).map(Account.key)
    const trace = lines.map((line, index) => line(keys[index] ?? ''))
    if (place === null) return { chosen: O.none, trace }
    const at = place % keys.length
    const key = keys[at] ?? ''
    return {
      chosen: O.some({ key, because: 'hybrid' }),
      trace: trace.with(at, { _tag: 'Chosen', key, because: 'hybrid' }),
    }
  })

const throughTheLog = (selection: Selection): Explanation.Explanation => {
  const stored = Explanation.toStored(now, pool, O.none)(selection)
  const line = JSON.stringify({ at: new Date(now).toISOString(), event: 'decided', ...stored })
  const read = Explanation.ofLine(O.none)(line)
  if (O.isNone(read)) throw new Error('the line cannot be read')
  return read.value
}

const counted = (outcomes: ReadonlyArray<string>): ReadonlyMap<string, number> =>
  outcomes.reduce(
    (counts, outcome) => counts.set(outcome, (counts.get(outcome) ?? 0) + 1),
    new Map<string, number>(),
  )

it('comes out of the log as it was, or with the rest of many accounts counted', () => {
  fc.assert(
    fc.property(aSelection, (selection) => {
      const made = Explanation.rowsOf(now, pool)(selection)
      const { others, rows } = throughTheLog(selection)
      expect(made).toEqual(expect.arrayContaining([...rows]))
      expect(rows.map(({ number }) => number)).toEqual(
        rows.map(({ number }) => number).toSorted((left, right) => left - right),
      )
      expect(rows).toHaveLength(Math.min(made.length, 20))
      expect(
        counted([
          ...rows.map(({ outcome }) => outcome),
          ...others.flatMap(({ accounts, outcome }) => Array<string>(accounts).fill(outcome)),
        ]),
      ).toEqual(counted(made.map(({ outcome }) => outcome)))
    }),
  )
})

it('keeps who was chosen, and counts whoever could serve before it counts who could not', () => {
  fc.assert(
    fc.property(aSelection, (selection) => {
      const { others, rows } = throughTheLog(selection)
      const outcomes = others.map(({ outcome }) => outcome)
      expect(outcomes).not.toContain('chosen')
      if (outcomes.some((outcome) => outcome !== 'not-preferred'))
        expect(rows.map(({ outcome }) => outcome)).not.toContain('not-preferred')
    }),
  )
})
