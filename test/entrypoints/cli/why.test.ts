import * as O from 'fp-ts/Option'
import * as Account from '../../../core/accounts/account'
import * as Pool from '../../../core/accounts/pool'
import * as Cooldown from '../../../core/health/cooldown'
import * as PoolFile from '../../../core/storage/pool-file'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { hour, minute } from '../../../core/time'
import { cliWorld, documentOf, layout, noon } from '../../support/cli'
import { expectGolden } from '../../support/golden'
import { accountOf } from '../../support/tokens'

const people = ['ada', 'grace', 'barbara'].map((name, index) =>
  accountOf(
    { accountId: `acc-${index + 1}`, userId: `user-${name}`, email: `${name}@mail.test` },
    noon,
  ),
)
const key = (number: number): string => Account.key(people[number - 1] as Account.Account)
const pool = people.reduce((before, one) => Pool.signIn(one)(before), Pool.empty)
const lost = Account.invalidated({ at: noon, code: 'token_revoked' })

const limited = (number: number, span: number) => ({
  ...{ _tag: 'Cooled' as const, account: key(number), at: noon },
  cooldown: Cooldown.cooling(noon + span, 'rate-limited', O.some('five-hour')),
})
const tied = {
  ...{ _tag: 'Tied' as const, conversation: 'thread-1' },
  tie: { account: key(3), servedAt: noon - minute, generation: 9 },
}

const filesOf = (
  accounts: ReadonlyArray<Account.Account>,
  seen: ReadonlyArray<RuntimeState.Observation>,
) => ({
  [layout.pool]: PoolFile.print({ ...pool, accounts }),
  [layout.runtimeState]: RuntimeFile.print(RuntimeState.applyAll(seen)(RuntimeState.empty), noon),
})

const log = [
  {
    ...{ at: '2026-11-22T11:55:00.000Z', event: 'decided', conversation: 'thread-1' },
    trace: [
      { account: '1 acc-1', outcome: 'not-preferred', says: 'could serve, another was preferred' },
      { account: '2 acc-2', outcome: 'chosen', because: 'hybrid', says: 'has the most room' },
      { account: '3 acc-gone', outcome: 'disabled', says: 'is disabled' },
    ],
  },
  { at: '2026-11-22T11:55:01.000Z', event: 'served', conversation: 'thread-1', account: '2 acc-2' },
]
const logText = log.map((line) => `${JSON.stringify(line)}\n`).join('')

describe('why', () => {
  it('names the account of the next request, and a reason for every other', async () => {
    const world = await cliWorld({ files: filesOf(people, [limited(1, 2 * hour)]) })
    const ran = await world.run(['why'])
    expect(ran).toMatchObject({ code: 0, talk: '' })
    expectGolden('why', ran.answer)
    expect(documentOf(await world.run(['why-selected', '-n', '--json'])).data).toEqual({
      decidedAt: expect.any(String),
      ...{ conversation: null, model: null, chosen: key(2), because: 'hybrid' },
      trace: [
        {
          ...{ key: key(1), number: 1, accountId: 'acc-1', outcome: 'rate-limited' },
          says: expect.stringContaining('is rate limited (five-hour), back in'),
          until: '2026-11-22T14:00:00.000Z',
        },
        expect.objectContaining({ key: key(2), outcome: 'chosen', until: null }),
        expect.objectContaining({ key: key(3), outcome: 'not-preferred' }),
      ],
      others: [],
    })
  })

  it('knows where a conversation lives, and what an account may not use', async () => {
    const refused = { _tag: 'ModelRefused' as const, account: key(1), model: 'gpt-5.5', at: noon }
    const world = await cliWorld({ files: filesOf(people, [tied, refused]) })
    const chosen = async (...words: ReadonlyArray<string>) =>
      documentOf(await world.run(['why', '--json', ...words])).data
    expect(await chosen('--conversation', 'thread-1')).toMatchObject({
      ...{ chosen: key(3), because: 'warm-conversation', conversation: 'thread-1' },
    })
    expect(await chosen()).toMatchObject({ chosen: key(1) })
    expect(await chosen('--conversation', 'new')).toMatchObject({ chosen: key(1) })
    expect(await chosen('--conversation', 'new', '--parent', 'thread-1')).toMatchObject({
      ...{ chosen: key(3), because: 'warm-conversation', conversation: 'new' },
    })
    expect(await chosen('--model', 'gpt-5.5')).toMatchObject({ chosen: key(2), model: 'gpt-5.5' })
  })

  it('says which model stands in for one that no account may use', async () => {
    const lacking = [1, 2, 3].map((number) => ({
      ...{ _tag: 'ModelRefused' as const, account: key(number), model: 'gpt-5.5', at: noon },
    }))
    const pluginConfig = {
      unsupportedCodexPolicy: 'fallback',
      unsupportedCodexFallbackChain: { 'gpt-5.5': ['gpt-5'] },
    }
    const files = {
      ...filesOf(people, lacking),
      [layout.settings]: JSON.stringify({ version: 1, pluginConfig }),
    }
    const world = await cliWorld({ files })
    const ran = await world.run(['why', '--model', 'gpt-5.5'])
    expect(ran.answer).toMatch(
      /^The next request goes to account 1, .*, with gpt-5 in the place of gpt-5\.5\.\n/,
    )
    const { data } = documentOf(await world.run(['why', '--model', 'gpt-5.5', '--json']))
    expect(data).toMatchObject({ model: 'gpt-5', chosen: key(1) })
    expect((await world.run(['why', '--model', 'gpt-5'])).answer).not.toContain('in the place of')
  })

  it('changes nothing on the disk', async () => {
    const world = await cliWorld({ files: filesOf(people, [limited(1, hour), tied]) })
    const before = world.disk.snapshot()
    await world.run(['why'])
    expect(world.disk.snapshot()).toEqual(before)
  })

  it('tells the last decision as it was made, whatever has happened since', async () => {
    const files = { ...filesOf(people, [limited(2, hour)]), [layout.decisions]: logText }
    const world = await cliWorld({ files })
    const ran = await world.run(['why', '--last'])
    expect(ran).toMatchObject({ code: 0, talk: '' })
    expectGolden('why-last', ran.answer)
    const { data } = documentOf(await world.run(['why', '-l', '--json']))
    expect(data).toMatchObject({ chosen: key(2), decidedAt: '2026-11-22T11:55:00.000Z' })
    expect(data.trace[2]).toMatchObject({ key: null, accountId: 'acc-gone' })
    expect(await world.run(['why', '--last', '--conversation', 'other'])).toMatchObject({
      ...{ code: 1, talk: expect.stringContaining('The log holds no such decision.') },
    })
  })

  it('tells of accounts that the log has only counted', async () => {
    const counted = { ...log[0], others: { 'not-preferred': 268, 'rate\u001b': 2 } }
    const files = { ...filesOf(people, []), [layout.decisions]: `${JSON.stringify(counted)}\n` }
    const world = await cliWorld({ files })
    expect((await world.run(['why', '--last'])).answer).toMatch(
      /\n3 .*\nOf the others:\n {2}268 not-preferred\n {2}2 rate\\u\{1b\}\n$/,
    )
    const { data } = documentOf(await world.run(['why', '--last', '--json']))
    expect(data.others).toEqual([
      { outcome: 'not-preferred', accounts: 268 },
      { outcome: 'rate\u001b', accounts: 2 },
    ])
  })

  it('takes only one of now and last', async () => {
    const world = await cliWorld({ files: filesOf(people, []) })
    expect(await world.run(['why', '--now', '--last'])).toMatchObject({ code: 2 })
  })

  it.each([
    { words: ['--parent', 'thread-1'] },
    { words: ['--last', '--conversation', 'new', '--parent', 'thread-1'] },
  ])('takes no parent $words', async ({ words }) => {
    const world = await cliWorld({ files: filesOf(people, []) })
    expect(await world.run(['why', ...words])).toMatchObject({ code: 2 })
  })
})

describe('why, where no account can serve', () => {
  const all = [limited(1, 3 * hour), limited(2, hour), limited(3, 2 * hour)]

  it('ends with 3 and says when to try again', async () => {
    const world = await cliWorld({ files: filesOf(people, all) })
    const ran = await world.run(['why'])
    expect(ran).toMatchObject({ code: 3, answer: '' })
    expectGolden('why-none', ran.talk)
    const { error } = documentOf(await world.run(['why', '--json']))
    expect(error).toMatchObject({ code: 'no-account-serves', candidates: [key(1), key(2), key(3)] })
    expect(error.hint).toContain('2026-11-22T13:00:00.000Z')
  })

  it('ends with 4 where only a sign-in helps', async () => {
    const world = await cliWorld({ files: filesOf(people.map(lost), []) })
    expect(await world.run(['why'])).toMatchObject({
      code: 4,
      talk: expect.stringContaining('Sign in again: codex-multi-auth login\n'),
    })
    const empty = await cliWorld()
    expect(await empty.run(['why'])).toMatchObject({
      code: 4,
      talk: 'Error: There are no accounts yet.\nAdd one: codex-multi-auth login\n',
    })
  })

  it('ends with 3 where a person has kept them all from serving', async () => {
    const off = people.map((account) => ({ ...account, enabled: false }))
    const world = await cliWorld({ files: filesOf(off, []) })
    expect(await world.run(['why'])).toMatchObject({
      code: 3,
      talk: expect.stringContaining('1  ada@mail.test      is disabled\n'),
    })
  })
})
