import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as Cooldown from '../../../core/health/cooldown'
import * as RuntimeFile from '../../../core/storage/runtime-file'
import * as RuntimeState from '../../../core/storage/runtime-state'
import { day, hour, minute } from '../../../core/time'
import { noon } from '../../support/routing'
import { applied, aState, cooled, reread, seen, tied, week } from '../../support/runtime-states'

const short = Cooldown.cooling(noon + minute, 'provider')
const long = Cooldown.cooling(noon + hour, 'rate-limited', O.some('weekly'))

describe('laws', () => {
  it('comes back from the disk as it was, less what has ended', () => {
    fc.assert(
      fc.property(aState, (state) => {
        const after = reread(state)
        expect([after.ties, after.quotas]).toEqual([state.ties, state.quotas])
        const cooling = Object.entries(state.cooldowns).filter(
          ([, cooldown]) => !Cooldown.isReady(noon)(cooldown),
        )
        expect(after.cooldowns).toEqual(Object.fromEntries(cooling))
      }),
    )
  })

  it('is read from any text whatever', () => {
    const aText = fc.oneof(fc.string(), fc.json(), fc.constant('{"version":1}'))
    fc.assert(
      fc.property(aText, aText, (stateText, quotaText) => {
        expect(RuntimeFile.parse(stateText, quotaText)).toEqual(RuntimeState.empty)
      }),
    )
  })
})

describe('print', () => {
  it('leaves out cooldowns that have ended', () => {
    const state = applied(cooled('a', short), cooled('b', long))
    const stored = (now: number) => Object.keys(JSON.parse(RuntimeFile.print(state, now)).cooldowns)
    expect([stored(noon), stored(noon + minute), stored(noon + hour)]).toEqual([
      ['a', 'b'],
      ['b'],
      [],
    ])
  })
})

describe('a damaged text', () => {
  const whole = applied(cooled('a', long), tied('talk', 'a'), seen('a', week(10)))
  const stateText = RuntimeFile.print(whole, noon)
  const quotaText = RuntimeFile.printQuota(whole, '')

  it('is told from a whole one', () => {
    expect(RuntimeFile.parse(stateText, quotaText)).toEqual(whole)
  })

  it.each([
    { name: 'nothing', text: '' },
    { name: 'half of it', text: stateText.slice(0, 40) },
    { name: 'null', text: 'null' },
    { name: 'a list', text: '[]' },
    { name: 'no version', text: '{"cooldowns":{},"ties":{}}' },
    { name: 'a newer version', text: stateText.replace('"version":1', '"version":2') },
    { name: 'no ties', text: '{"version":1,"cooldowns":{}}' },
    { name: 'an instant in letters', text: stateText.replace(String(noon + hour), '"soon"') },
  ])('$name counts as an empty one, and the other is read', ({ text }) => {
    expect(RuntimeFile.parse(text, quotaText)).toEqual({
      ...RuntimeState.empty,
      quotas: whole.quotas,
    })
  })

  it.each([
    { name: 'nothing', text: '' },
    { name: 'half of it', text: quotaText.slice(0, 40) },
    { name: 'a newer version', text: quotaText.replace('"version":1', '"version":2') },
    {
      name: 'a window without a length',
      text: quotaText.replace('"windowMinutes":10080', '"x":1'),
    },
  ])('$name counts as an empty quota, and the state is read', ({ text }) => {
    expect(RuntimeFile.parse(stateText, text)).toEqual({ ...whole, quotas: {} })
  })
})

describe('the quota file', () => {
  const fixture = readFileSync(
    join(__dirname, '../../fixtures/existing-tool/quota-cache.json'),
    'utf8',
  )
  const state = applied(seen('acc-1/a', week(10)))

  it('keeps what the existing tool has written', () => {
    const after = JSON.parse(RuntimeFile.printQuota(state, fixture))
    const { byAccount, series, ...rest } = after
    expect(rest).toEqual(JSON.parse(fixture))
    expect(series).toEqual({ 'acc-1/a': { 10080: [[noon, 10]] } })
    expect(byAccount).toEqual({
      'acc-1/a': {
        updatedAt: noon,
        source: 'headers',
        windows: [{ usedPercent: 10, windowMinutes: 10_080, resetAtMs: noon + day }],
      },
    })
  })

  it('holds the plan that was told, and when', () => {
    const told = applied(
      seen('acc-1/a', week(10)),
      { _tag: 'PlanTold', account: 'acc-1/a', plan: { name: 'pro', at: noon } },
      { _tag: 'PlanTold', account: 'acc-2/b', plan: { name: 'free', at: noon - 1 } },
    )
    const text = RuntimeFile.printQuota(told, '')
    expect(JSON.parse(text).byAccount).toMatchObject({
      'acc-1/a': { planType: 'pro', planToldAt: noon, windows: [{ usedPercent: 10 }] },
      'acc-2/b': { planType: 'free', planToldAt: noon - 1, windows: [] },
    })
    expect(RuntimeFile.parse('', text).quotas).toEqual(told.quotas)
  })

  it('has the sections of the existing tool when it is new', () => {
    expect(JSON.parse(RuntimeFile.printQuota(state, ''))).toMatchObject({
      version: 1,
      byAccountId: {},
      byEmail: {},
    })
  })

  it('keeps fields nobody knows', () => {
    const before = JSON.stringify({ ...JSON.parse(fixture), weather: 'fine' })
    expect(JSON.parse(RuntimeFile.printQuota(state, before))).toMatchObject({ weather: 'fine' })
  })

  it('keeps the sections of the existing tool when ours is damaged', () => {
    const before = JSON.stringify({ ...JSON.parse(fixture), byAccount: { 'acc-1/a': 'nonsense' } })
    const after = RuntimeFile.printQuota(state, before)
    expect(JSON.parse(after)).toMatchObject(JSON.parse(fixture))
    expect(RuntimeFile.parse('', after).quotas).toEqual(state.quotas)
  })

  it('is left as it is when it comes from a newer version', () => {
    const newer = JSON.stringify({ version: 2, byAccount: { 'acc-1/a': { seenAt: 7 } } })
    expect(RuntimeFile.printQuota(state, newer)).toBe(newer)
  })
})

describe('the quota that the existing tool keeps', () => {
  const file = {
    version: 1,
    byAccountId: { 'acc-1': { used: 1 }, 'acc-2': { used: 2 } },
    byEmail: { 'ada@mail.test': { used: 1 }, 'bea@mail.test': { used: 2 } },
    weather: 'fine',
  }

  it.each([
    {
      name: 'by its id and e-mail',
      email: O.some(' Ada@mail.test'),
      byEmail: { 'bea@mail.test': { used: 2 } },
    },
    { name: 'by its id alone', email: O.none, byEmail: file.byEmail },
  ])('loses an account $name, and nothing else', ({ email, byEmail }) => {
    const after = RuntimeFile.withoutForeignQuota('acc-1', email)(JSON.stringify(file))
    const byAccountId = { 'acc-2': { used: 2 } }
    expect(JSON.parse(after)).toEqual({ ...file, byAccountId, byEmail })
  })

  it.each(['', '[]', '{'])('is left as it is where it is %j', (text) => {
    expect(RuntimeFile.withoutForeignQuota('acc-1', O.none)(text)).toBe(text)
  })
})

describe('a text from the future', () => {
  it.each([
    { text: '{"version":2,"cooldowns":[]}', expected: true },
    { text: '{"version":1.5}', expected: true },
    { text: '{"version":1,"cooldowns":{},"ties":{}}', expected: false },
    { text: '{"version":0}', expected: false },
    { text: '{"version":"2"}', expected: false },
    { text: '{}', expected: false },
    { text: '', expected: false },
    { text: '{"version":2', expected: false },
  ])('$text: $expected', ({ text, expected }) => {
    expect(RuntimeFile.isFromTheFuture(text)).toBe(expected)
  })
})
