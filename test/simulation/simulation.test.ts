/**
 * The simulation itself: that a seed is one run and no other, that it notices each mechanism that is
 * missing, and that seeds which once failed hold. A thousand seeds are in `simulation.slow.test.ts`.
 */
import type { Scripted } from '../../adapters/memory/network'
import type * as StreamEvent from '../../core/failover/stream-event'
import * as StreamHead from '../../core/failover/stream-head'
import * as Verdict from '../../core/failover/verdict'
import { minute, type Instant } from '../../core/time'
import { outcomes } from './backend'
import { mechanisms } from './broken'
import type * as Ledger from './ledger'
import { people } from './people'
import { hashOf, run } from './run'
import type { Broken } from './world'

it(
  'runs a seed the same way each time, and another seed another way',
  async () => {
    const [first, again, other] = [await run(1), await run(1), await run(2)]
    expect(hashOf(again)).toBe(hashOf(first))
    expect(hashOf(other)).not.toBe(hashOf(first))
    expect(first.log.filter(({ label }) => label.startsWith('begins'))).toHaveLength(100)
  },
  minute,
)

const now: Instant = 1_761_955_200_000

/** As the failover machine takes them. */
const meaning: Readonly<Record<Ledger.Verdict, Verdict.Verdict['_tag']>> = {
  'limited for a moment': 'Limited',
  'limited until a reset': 'Limited',
  'limited in a stream': 'Limited',
  'limited after output': 'Limited',
  'credential refused': 'CredentialRefused',
  'sign-in lost': 'SignInLost',
  'account barred': 'AccountBarred',
  'model refused': 'ModelRefused',
  'foreign reasoning': 'ForeignReasoning',
  'request refused': 'PassOn',
  'server fault': 'ProviderFault',
  'fault in a stream': 'ProviderFault',
  'connection broken': 'ProviderFault',
  'host fault': 'ProviderFault',
}

const refusalOf = (scripted: Scripted): Verdict.Refusal => {
  if (scripted._tag !== 'Answer') return { _tag: 'NoAnswer', code: scripted._tag, whose: 'network' }
  const { headers = [], pieces = [], status } = scripted
  if (status !== 200) return { _tag: 'Status', status, headers, body: pieces.join('') }
  const judged = pieces
    .map((piece) => new TextEncoder().encode(String(piece)))
    .reduce<StreamEvent.Judgement>(
      (before, piece) =>
        before._tag === 'Failed'
          ? before
          : StreamHead.judge(StreamHead.push(piece)(StreamHead.empty)),
      { _tag: 'Undecided' },
    )
  if (judged._tag !== 'Failed') throw new Error('the stream does not fail')
  return { _tag: 'InStream', headers, failure: judged.failure }
}

it.each(outcomes.map((outcome) => ({ ...outcome, means: meaning[outcome.verdict] })))(
  'takes "$verdict" for $means',
  ({ answer, means }) => {
    const [person] = people
    if (person === undefined) throw new Error('there is nobody')
    expect(Verdict.of(now)(refusalOf(answer(now, person)))._tag).toBe(means)
  },
)

/** Whether one of the first seeds finds that wrong. */
const isFound = async (wrong: RegExp, broken: Broken): Promise<boolean> => {
  for (let seed = 1; seed <= 100; seed += 1) {
    const { wrongs } = await run(seed, broken)
    if (wrongs.some((found) => wrong.test(found))) return true
  }
  return false
}

describe('finds what is wrong with a program that', () => {
  it.each([
    { name: 'forces nothing to the disk', without: 'sync', wrong: /a power cut took/ },
    { name: 'gives its claims no nonce', without: 'nonce', wrong: /has two owners/ },
    { name: 'does not read the pool again', without: 'reading', wrong: /came back|is lost/ },
  ])(
    '$name',
    async ({ without, wrong }) => {
      expect(await isFound(wrong, mechanisms[without] ?? {})).toBe(true)
    },
    2 * minute,
  )
})
