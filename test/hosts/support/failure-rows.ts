/**
 * Rows of the failure matrix on sockets: in a home and with an upstream of its own each lane plays one
 * row after the other, with other people each time.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as O from 'fp-ts/Option'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { second } from '../../../core/time'
import type { Account as Person } from '../../../entrypoints/embed/testing/people'
import { wordsOf, type Answer, type Row, type State } from '../../support/failure-matrix'
import { readPool, writePool } from './product'
import type { Scene } from './scene'

/** Signs the row's people in and says what the upstream does to each. */
export const setUp = async (scene: Scene, row: Row): Promise<ReadonlyArray<Person>> => {
  const { home, upstream } = scene
  const people = row.does.map(
    (_, index) => upstream.addPerson({ email: `person${index}@mail.test` }).accounts[0],
  )
  row.does.forEach((does, index) => upstream.always(people[index]?.key ?? '', does))
  upstream.speak(({ account }) => wordsOf(people.findIndex(({ key }) => key === account.key)))
  const rows = people.map((account) => ({ account, tokens: upstream.signIn(account) }))
  await writePool(home, rows)
  return people
}

export const triedBy = (
  { upstream }: Scene,
  people: ReadonlyArray<Person>,
): ReadonlyArray<number> => people.map(({ key }) => upstream.journal.requestsOf(key).length)

/** Of whom the last request was. */
export const lastOf = ({ upstream }: Scene, people: ReadonlyArray<Person>): number => {
  const last = upstream.journal.requestsOf().at(-1)?.account ?? O.none
  return people.findIndex(({ key }) => O.isSome(last) && last.value.key === key)
}

/** What holds each account back, as the disk has it. */
export const statesOf = async (
  { home }: Scene,
  people: ReadonlyArray<Person>,
): Promise<ReadonlyArray<State>> => {
  const pool = await readPool(home)
  const file = join(home.path, 'multi-auth', 'runtime', 'state.json')
  const state = RuntimeFile.parse(await readFile(file, 'utf8').catch(() => ''), '')
  return people.map(({ key }, index): State => {
    const account = pool.accounts[index]
    if (account !== undefined && O.isSome(account.invalidation)) return 'lost'
    const cooldown = RuntimeState.cooldownOf(key)(state)
    if (cooldown._tag === 'Ready') return undefined
    const by = O.isSome(cooldown.window) ? `${cooldown.why} ${cooldown.window.value}` : cooldown.why
    return { by, seconds: (cooldown.until - Date.now()) / second }
  })
}

/** What was seen, with seconds as they are expected where they differ by no more than what it took. */
export const asExpected = (
  seen: ReadonlyArray<State>,
  expected: ReadonlyArray<State>,
): ReadonlyArray<State> => seen.map((state, index) => near(state, expected[index]))

export const asExpectedAnswer = (seen: Answer, expected: Answer): Answer => near(seen, expected)

const near = <A>(seen: A, expected: A): A =>
  hasSeconds(seen) &&
  hasSeconds(expected) &&
  seen.seconds <= expected.seconds + late &&
  seen.seconds > expected.seconds - early
    ? { ...seen, seconds: expected.seconds }
    : seen

/** In seconds: of a row that asks many accounts, or waits, on a busy machine. */
const late = 4
const early = 15

const hasSeconds = (value: unknown): value is { readonly seconds: number } =>
  typeof value === 'object' && value !== null && 'seconds' in value

export interface Lane<A> {
  readonly play: (row: Row) => Promise<A>
  readonly close: () => Promise<void>
}

/**
 * Plays all rows, as many at once as there are lanes, each in the next lane that is free. All are open
 * before the first row: a start takes the processor from rows in which a second is a silence.
 */
export const playAll = async <A>(
  rows: ReadonlyArray<Row>,
  lanesMax: number,
  open: () => Promise<Lane<A>>,
): Promise<ReadonlyMap<Row, A>> => {
  const played = new Map<Row, A>()
  const waiting = [...rows]
  const lanes = await Promise.all(Array.from({ length: lanesMax }, open))
  const run = async (lane: Lane<A>): Promise<void> => {
    try {
      for (let row = waiting.shift(); row !== undefined; row = waiting.shift())
        played.set(row, await lane.play(row))
    } finally {
      await lane.close()
    }
  }
  await Promise.all(lanes.map(run))
  return played
}
