/** What holds over all rows of the failure matrix, at every door. */
import { isHealthy, wordsOf, type Outcome, type Row } from './failure-matrix'

/** A row as it was played. */
export interface Played extends Outcome {
  readonly row: Row
  /** What a person saw of the answer. */
  readonly said: string
  /** Whether the client takes the answer for a whole one. */
  readonly looksWhole: boolean
}

/** `played` is asked once all rows were. */
export const testLaws = (played: () => ReadonlyArray<Played>): void =>
  describe('over all rows', () => {
    it('nothing visible is said twice, nor by two accounts', () => {
      for (const { row, said } of played()) {
        const whose = row.does.map((_, index) => wordsOf(index))
        expect([row.name, said, whose.some((words) => words.startsWith(said))]).toEqual([
          row.name,
          said,
          true,
        ])
      }
    })

    it('an answer looks whole where an account has given a whole one, and nowhere else', () => {
      for (const { answer, looksWhole, row } of played()) {
        const by = answer._tag === 'Served' ? answer.by : -1
        const { means } = row.way
        const gaveOne = means._tag === 'Serves' && means.end === 'completed' && by === 0
        const does = row.does[by]
        const isOthers = does !== undefined && isHealthy(does)
        expect([row.name, looksWhole]).toEqual([row.name, gaveOne || isOthers])
      }
    })

    it('a healthy account serves what is nobody’s own fault, but for the brake on lost sign-ins', () => {
      for (const { answer, row, tried } of played()) {
        const { _tag } = row.way.means
        if (!row.does.some(isHealthy) || _tag === 'Serves' || _tag === 'Request') continue
        const isBraked = _tag === 'SignInLost' && row.pool === 'one healthy of six'
        const healthy = row.does.map((does, index) => (isHealthy(does) ? tried[index] : 0))
        expect([row.name, healthy.includes(1)]).toEqual([row.name, !isBraked])
        expect([row.name, answer._tag]).toEqual([row.name, isBraked ? 'Limited' : 'Served'])
      }
    })
  })

/** As a row has it, with what chance has decided as it was seen. */
export const expectedOf = ({ after, answer, tried }: Outcome, seen: Outcome): Outcome => ({
  answer,
  after,
  tried: tried.map((count, index) => {
    const asked = seen.tried[index]
    return count === 'rounds' && typeof asked === 'number' && asked > 1 ? asked : count
  }),
})
