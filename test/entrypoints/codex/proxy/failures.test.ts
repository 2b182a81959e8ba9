/** The failure matrix through the proxy, with a plain client. */
import * as O from 'fp-ts/Option'
import { expectedOf, testLaws, type Played } from '../../../support/failure-laws'
import {
  bringing,
  environment,
  foreignSeen,
  rows,
  wordsOf,
  type Row,
} from '../../../support/failure-matrix'
import { statesOf } from '../../../support/failure-states'
import { modelBody } from '../../../support/model-request'
import { model, openProxy } from '../../../support/proxy'
import { answerIn, looksWhole, visibleIn, type Heard } from '../../../support/seen-answer'
import { keyOf, layout, makeWorld } from '../../../support/world'

const names = ['ada', 'grace', 'barbara', 'edith', 'joan', 'mary']

interface Logged {
  /** What became of the first account in the last decision. */
  readonly first: string
  readonly end: string
}

const play = async (
  row: Row,
): Promise<Played & { readonly heard: Heard; readonly logged: Logged }> => {
  const world = await makeWorld({ names: names.slice(0, row.does.length) })
  const { upstream } = world
  upstream.speak(({ account }) =>
    wordsOf(world.people.findIndex((person) => person.account.key === account.key)),
  )
  world.people.forEach(({ name }, index) => {
    upstream.always(keyOf(world, name), row.does[index] ?? { _tag: 'Silence' })
  })
  const proxy = await openProxy(world, { environment })
  const { body, headers } = bringing(row.way, modelBody)
  const { error, status, text } = await proxy.ask(model(headers, body))
  const endedAt = world.time.now()
  await proxy.close()
  expect(upstream.journal.violations().map(({ _tag }) => _tag)).toEqual(
    Array<string>(foreignSeen(row.way)).fill('ForeignContent'),
  )
  const { exchanges } = world.network
  expect(exchanges.filter(({ state, isLetGo }) => state === 'Open' && !isLetGo)).toEqual([])
  const heard = { status, text, isCut: error !== undefined }
  const last = upstream.journal.requestsOf().at(-1)
  return {
    logged: loggedIn(world.text(layout.decisions)),
    ...{ row, heard, said: visibleIn(heard), looksWhole: looksWhole(heard) },
    answer: answerIn(
      heard,
      world.people.findIndex(({ account }) => O.toNullable(last?.account ?? O.none) === account),
    ),
    tried: world.people.map(({ account }) => upstream.journal.requestsOf(account.key).length),
    after: statesOf(world, endedAt),
  }
}

const loggedIn = (log: string): Logged => {
  const lines = log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  const last = lines.filter(({ event }) => event === 'decided').at(-1)
  const end = lines.at(-1)
  return { first: last.trace[0].outcome, end: end.because ?? end.event }
}

const played: Array<Awaited<ReturnType<typeof play>>> = []

describe('what the client gets, who is asked, and what is held against whom', () => {
  it.each(rows)('$name', async (row) => {
    const seen = await play(row)
    played.push(seen)
    const { after, answer, tried } = seen
    expect({ after, answer, tried }).toEqual(expectedOf(row, seen))
  })
})

testLaws(() => played)

describe('over all rows', () => {
  it('one response is begun', () => {
    for (const { heard } of played)
      expect((heard.text.match(/"type":"response.created"/g) ?? []).length).toBeLessThan(2)
  })

  it('the log says of each why it did not serve, and how the request ended', () => {
    for (const { answer, logged, row } of played)
      expect([row.name, logged]).toEqual([
        row.name,
        { first: firstReason(row), end: ends[answer._tag] },
      ])
  })

  it('what is passed on comes as it was said', () => {
    for (const { answer, heard, row } of played) {
      const [does] = row.does
      if (answer._tag === 'PassedOn' && does?._tag === 'Refuse')
        expect(heard.text).toBe(does.refusal.body)
    }
  })

  it('no client is told of a 401, nor of another account’s limit', () => {
    for (const { heard } of played) {
      expect(heard.status).not.toBe(401)
      expect(heard.text).not.toContain('plan_type')
    }
  })
})

const ends: Readonly<Record<Played['answer']['_tag'], string>> = {
  Served: 'served',
  PassedOn: 'passed-on',
  Limited: 'AllBarred',
  SignInNeeded: 'AllBarred',
  NoModel: 'NoModel',
  BackendFails: 'BackendFails',
}

const firstReason = ({ way: { means } }: Row): string => {
  switch (means._tag) {
    case 'Serves':
    case 'Request':
      return 'chosen'
    case 'Limit':
      return means.held.by.startsWith('rate-limited') ? 'rate-limited' : 'cooling'
    case 'Credential':
      return 'cooling'
    case 'SignInLost':
      return 'needs-sign-in'
    case 'Model':
      return 'model-not-entitled'
    case 'Fault':
      return 'already-tried'
  }
}
