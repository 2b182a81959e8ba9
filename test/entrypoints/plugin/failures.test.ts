/**
 * The failure matrix through the plugin's `fetch`, as a host meets it. `test/hosts/plugin-failures.test.ts`
 * plays it once more as it is built, in the host's own runtime and on sockets.
 */
import { fetchOver } from '../../../entrypoints/programs/fetch'
import { openHost } from '../../../entrypoints/programs/host'
import { openEngine } from '../../support/engine'
import {
  environment,
  foreignSeen,
  rows,
  wordsOf,
  type Row,
  type State,
} from '../../support/failure-matrix'
import { statesOf } from '../../support/failure-states'
import {
  askedIn,
  drained,
  expectRow,
  hostPlayed,
  testHostLaws,
  type HostPlayed,
} from '../../support/host-seen'
import { keyOf, makeWorld } from '../../support/world'

const names = ['ada', 'grace', 'barbara', 'edith', 'joan', 'mary']

interface Played extends HostPlayed {
  readonly after: ReadonlyArray<State>
}

const play = async (row: Row): Promise<Played> => {
  const world = await makeWorld({ names: names.slice(0, row.does.length) })
  const { upstream } = world
  upstream.speak(({ account }) =>
    wordsOf(world.people.findIndex((person) => person.account.key === account.key)),
  )
  world.people.forEach(({ name }, index) => {
    upstream.always(keyOf(world, name), row.does[index] ?? { _tag: 'Silence' })
  })
  const engine = await openEngine(world, { environment })
  const fetch = fetchOver(
    openHost(engine.router, {
      client: 'host',
      allowsBackground: async () => false,
      say: () => undefined,
    }),
  )
  const heard = await world.time.run(async () => {
    const response = await fetch('https://api.openai.com/v1/responses', askedIn('ses_1', row.way))
    const headers = [...response.headers.keys()]
    return { status: response.status, headers, ...(await drained(response)) }
  })
  const endedAt = world.time.now()
  await engine.close()
  expect(upstream.journal.violations().map(({ _tag }) => _tag)).toEqual(
    Array<string>(foreignSeen(row.way)).fill('ForeignContent'),
  )
  const { exchanges } = world.network
  expect(exchanges.filter(({ state, isLetGo }) => state === 'Open' && !isLetGo)).toEqual([])
  const tried = world.people.map(({ account }) => upstream.journal.requestsOf(account.key).length)
  return { ...hostPlayed(row, heard, tried), after: statesOf(world, endedAt) }
}

const played: Array<Played> = []

describe('what the host shows, who is asked, and what is held against whom', () => {
  it.each(rows)('$name', async (row) => {
    const seen = await play(row)
    played.push(seen)
    expectRow(seen)
    expect(seen.after).toEqual(row.after)
  })
})

testHostLaws(() => played)
