/** What a plugin host makes of the answers to the rows of the failure matrix. */
import { bringing, isHealthy, wordsOf, type Row, type Way } from './failure-matrix'
import { modelBody } from './model-request'
import { looksWhole, visibleIn, type Heard } from './seen-answer'

/** An answer as the host's `fetch` gave it. */
export interface HostHeard {
  readonly status: number
  readonly headers: ReadonlyArray<string>
  readonly text: string
  /** The words of what broke it; empty where nothing did. */
  readonly lost: string
}

export interface HostPlayed {
  readonly row: Row
  readonly heard: Heard
  /** What the host shows as the error; empty where there is none. */
  readonly error: string
  readonly headers: ReadonlyArray<string>
  readonly tried: ReadonlyArray<number>
}

export const hostPlayed = (
  row: Row,
  { headers, lost, status, text }: HostHeard,
  tried: ReadonlyArray<number>,
): HostPlayed => ({
  ...{ row, headers, tried },
  heard: { status, text, isCut: lost !== '' },
  error: status === 200 ? lost : JSON.parse(text).error.message,
})

/** The whole text, and the words of what broke it. */
export const drained = async ({ body }: Response): Promise<{ text: string; lost: string }> => {
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

/** A request as OpenCode makes it, of this conversation. */
export const askedIn = (conversation: string, way: Pick<Way, 'brings'>) => {
  const { body, headers } = bringing(way, modelBody)
  return {
    method: 'POST',
    headers: [
      ['session-id', conversation],
      ['authorization', 'Bearer placeholder'],
      ...headers,
    ] as Array<[string, string]>,
    // Hosts may send a text alone, where there is nothing else to say.
    body: JSON.stringify(way.brings === undefined ? { ...body, input: 'hello' } : body),
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

/** The row's answer is what the host shows, and its accounts were asked as often as it says. */
export const expectRow = ({ error, heard, row, tried }: HostPlayed): void => {
  const expected = row.tried.map((count, index) => {
    const times = tried[index] ?? 0
    return count === 'rounds' && times > 1 ? times : count
  })
  expect(tried).toEqual(expected)
  expect(error).toMatch(shownOf(row))
  const { answer } = row
  if (answer._tag !== 'Served') return
  expect(heard.status).toBe(200)
  if (isHealthy(row.does[answer.by] ?? row.way.does))
    expect(visibleIn(heard)).toBe(wordsOf(answer.by))
}

/** What holds over all rows; `played` is asked once all were. */
export const testHostLaws = (played: () => ReadonlyArray<HostPlayed>): void =>
  describe('over all rows', () => {
    it('nothing visible is said twice, nor by two accounts', () => {
      for (const { heard, row } of played()) {
        const said = visibleIn(heard)
        const whose = row.does.map((_, index) => wordsOf(index))
        expect([said, whose.some((words) => words.startsWith(said))]).toEqual([said, true])
      }
    })

    it('an answer looks whole where an account has given a whole one, and nowhere else', () => {
      for (const { error, heard, row } of played()) {
        const { answer } = row
        const isWhole = error === '' && looksWhole(heard)
        const gaveOne = answer._tag === 'Served' && answer.end === 'completed'
        expect([row.name, isWhole]).toEqual([row.name, gaveOne])
      }
    })

    it('no healthy account goes unasked, but for the brake on lost sign-ins', () => {
      for (const { row, tried } of played()) {
        const { _tag } = row.way.means
        const isBraked = _tag === 'SignInLost' && row.pool === 'one healthy of six'
        if (!row.does.some(isHealthy) || _tag === 'Serves' || _tag === 'Request' || isBraked)
          continue
        const healthy = row.does.map((does, index) => (isHealthy(does) ? tried[index] : 0))
        expect([row.name, healthy.includes(1)]).toEqual([row.name, true])
      }
    })

    it('no host is made to wait, or to ask again what would be the same', () => {
      for (const { error, headers, heard, row } of played()) {
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
