/**
 * The failure matrix through the plugin's `fetch`, as a host meets it. `test/hosts/bun.test.ts` plays it
 * once more in the host's own runtime.
 */
import { fetchOver } from '../../../entrypoints/programs/fetch'
import { openHost } from '../../../entrypoints/programs/host'
import { openEngine } from '../../support/engine'
import { environment, isHealthy, rows, wordsOf, type Row } from '../../support/failure-matrix'
import { looksWhole, visibleIn, type Heard } from '../../support/seen-answer'
import { keyOf, makeWorld } from '../../support/world'

const names = ['ada', 'grace', 'barbara', 'edith', 'joan', 'mary']

interface Played {
  readonly row: Row
  readonly heard: Heard
  /** What the host shows as the error; empty where there is none. */
  readonly error: string
  readonly headers: ReadonlyArray<string>
  readonly tried: ReadonlyArray<number>
}

const asked = {
  method: 'POST',
  headers: { 'session-id': 'ses_1', authorization: 'Bearer placeholder' },
  body: JSON.stringify({
    model: 'gpt-5.5',
    instructions: 'Be brief.',
    input: 'hello',
    stream: true,
  }),
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
    const response = await fetch('https://api.openai.com/v1/responses', asked)
    const headers = [...response.headers.keys()]
    return { status: response.status, headers, ...(await drained(response)) }
  })
  await engine.close()
  expect(upstream.journal.violations()).toEqual([])
  const { exchanges } = world.network
  expect(exchanges.filter(({ state, isLetGo }) => state === 'Open' && !isLetGo)).toEqual([])
  const { headers, lost, status, text } = heard
  return {
    ...{ row, headers },
    heard: { status, text, isCut: lost !== '' },
    error: status === 200 ? lost : JSON.parse(text).error.message,
    tried: world.people.map(({ account }) => upstream.journal.requestsOf(account.key).length),
  }
}

/** The whole text, and the words of what broke it. */
const drained = async ({ body }: Response): Promise<{ text: string; lost: string }> => {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (;;) {
      const piece = await reader?.read()
      if (piece?.value === undefined) return { text, lost: '' }
      text += decoder.decode(piece.value, { stream: true })
    }
  } catch (thrown) {
    return { text, lost: thrown instanceof Error ? thrown.message : String(thrown) }
  }
}

/** What a host shows. One that hears of a lost connection asks for the whole answer again. */
const shownOf = (row: Row): RegExp => {
  const { answer } = row
  switch (answer._tag) {
    case 'Served':
      return answer.end === 'ended' || answer.end === 'cut' ? /^connection lost/ : /^$/
    case 'Limited':
      return isByLimit(row)
        ? /reached its usage limit\. The first is back in /
        : /is refused for now\. The first is back in /
    case 'SignInNeeded':
      return /needs a new sign-in/
    case 'NoModel':
      return /may use the model/
    case 'BackendFails':
      return /^The backend fails for every account\. Ask again/
    case 'PassedOn':
      return /^(?!.*(codex-multi-auth|every account)).+/
  }
}

/** A limit has to do with it, that of the account or of the others. */
const isByLimit = ({ pool, way: { means } }: Row): boolean =>
  pool === 'others limited' || (means._tag === 'Limit' && means.held.by.startsWith('rate-limited'))

const played: Array<Played> = []

describe('what the host shows, and who is asked', () => {
  it.each(rows)('$name', async (row) => {
    const seen = await play(row)
    played.push(seen)
    const tried = row.tried.map((count, index) => {
      const times = seen.tried[index] ?? 0
      return count === 'rounds' && times > 1 ? times : count
    })
    expect(seen.tried).toEqual(tried)
    expect(seen.error).toMatch(shownOf(row))
    const { answer } = row
    if (answer._tag !== 'Served') return
    expect(seen.heard.status).toBe(200)
    if (isHealthy(row.does[answer.by] ?? row.way.does))
      expect(visibleIn(seen.heard)).toBe(wordsOf(answer.by))
  })
})

describe('over all rows', () => {
  it('nothing visible is said twice, nor by two accounts', () => {
    for (const { heard, row } of played) {
      const said = visibleIn(heard)
      const whose = row.does.map((_, index) => wordsOf(index))
      expect([said, whose.some((words) => words.startsWith(said))]).toEqual([said, true])
    }
  })

  it('an answer looks whole where an account has given a whole one, and nowhere else', () => {
    for (const { error, heard, row } of played) {
      const { answer } = row
      const isWhole = error === '' && looksWhole(heard)
      const gaveOne = answer._tag === 'Served' && answer.end === 'completed'
      expect([row.name, isWhole]).toEqual([row.name, gaveOne])
    }
  })

  it('no healthy account goes unasked, but for the brake on lost sign-ins', () => {
    for (const { row, tried } of played) {
      const { _tag } = row.way.means
      const isBraked = _tag === 'SignInLost' && row.pool === 'one healthy of six'
      if (!row.does.some(isHealthy) || _tag === 'Serves' || _tag === 'Request' || isBraked) continue
      const healthy = row.does.map((does, index) => (isHealthy(does) ? tried[index] : 0))
      expect([row.name, healthy.includes(1)]).toEqual([row.name, true])
    }
  })

  it('no host is made to wait, or to ask again what would be the same', () => {
    for (const { error, headers, heard, row } of played) {
      expect([row.name, headers.includes('retry-after')]).toEqual([row.name, false])
      expect([row.name, [200, 400, 403]]).toEqual([
        row.name,
        expect.arrayContaining([heard.status]),
      ])
      // Words that OpenCode takes for a fault that passes.
      if (!error.startsWith('connection lost'))
        expect(error).not.toMatch(/rate limit|overloaded|try again later|\b(429|5\d\d)\b/i)
    }
  })
})
