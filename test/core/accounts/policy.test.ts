import * as fc from 'fast-check'
import { err } from 'neverthrow'
import * as Policy from '../../../core/accounts/policy'
import { aPolicy } from '../../support/policies'

const tagged = (...tags: ReadonlyArray<string>) => Policy.tag(tags)(Policy.standard)

describe('tags', () => {
  it('are kept in lower case, in order, each once', () => {
    expect(tagged(' Work ', 'work', 'EU')._unsafeUnwrap().tags).toEqual(['eu', 'work'])
  })

  it.each(['', '  ', 'a\u001b[2Jb', 'x'.repeat(65)])('%j is none', (tag) => {
    expect(tagged('work', tag)).toEqual(err({ _tag: 'TagUnfit', tag, charactersMax: 64 }))
  })

  it('are at most sixteen', () => {
    const many = Array.from({ length: 16 }, (_, index) => `tag-${index}`)
    expect(tagged(...many).isOk()).toBe(true)
    expect(tagged(...many, 'one more')).toEqual(err({ _tag: 'TooManyTags', tagsMax: 16 }))
  })

  it('that are taken away are gone, and no others', () => {
    const policy = tagged('work', 'eu')._unsafeUnwrap()
    expect(Policy.untag(['WORK', 'never'])(policy)._unsafeUnwrap().tags).toEqual(['eu'])
  })
})

it('has one of the tags that are wanted, whatever else it has', () => {
  const policy = tagged('work', 'eu')._unsafeUnwrap()
  expect(
    [['eu'], ['home', 'work'], ['home'], []].map((wanted) => Policy.hasOneOf(wanted)(policy)),
  ).toEqual([true, true, false, false])
})

it.each([
  { weight: 0, isFit: true },
  { weight: 2.5, isFit: true },
  { weight: 10, isFit: true },
  { weight: 10.1, isFit: false },
  { weight: -1, isFit: false },
  { weight: NaN, isFit: false },
])('a weight of $weight is fit: $isFit', ({ weight, isFit }) => {
  expect(Policy.weigh(weight)(Policy.standard).isOk()).toBe(isFit)
})

it.each([
  { tier: 0, isFit: true },
  { tier: 9, isFit: true },
  { tier: 1.5, isFit: false },
  { tier: 10, isFit: false },
  { tier: NaN, isFit: false },
])('a tier of $tier is fit: $isFit', ({ tier, isFit }) => {
  expect(Policy.place(tier)(Policy.standard).isOk()).toBe(isFit)
})

it('takes a note of five hundred characters', () => {
  const note = 'x'.repeat(500)
  expect(Policy.annotate(note)(Policy.standard)._unsafeUnwrap().note).toBe(note)
})

it.each(['a\u0007', 'x'.repeat(501)])('%j is no note', (note) => {
  expect(Policy.annotate(note)(Policy.standard)).toEqual(
    err({ _tag: 'NoteUnfit', charactersMax: 500 }),
  )
})

it('leaves a policy that transitions lead to as it is when it is made fitting', () => {
  fc.assert(
    fc.property(aPolicy, (policy) => {
      expect(Policy.fitting(policy)).toEqual(policy)
    }),
  )
})

it('makes one that is written by hand fit', () => {
  const wild = {
    ...Policy.standard,
    tags: ['B', 'a', 'b', ''],
    weight: 99,
    tier: -3.2,
    note: '\u0007',
  }
  expect(Policy.fitting(wild)).toEqual({
    ...Policy.standard,
    ...{ tags: ['a', 'b'], weight: 10, tier: 0, note: '' },
  })
})

it('leaves sixteen tags of more that are written by hand', () => {
  const tags = Array.from({ length: 17 }, (_, index) => `tag-${10 + index}`)
  expect(Policy.fitting({ ...Policy.standard, tags }).tags).toEqual(tags.slice(0, 16))
})

describe('policies', () => {
  it('say of each account what was set last, and of others the standard', () => {
    fc.assert(
      fc.property(aPolicy, aPolicy, (first, second) => {
        const policies = Policy.set('a/u', second)(Policy.set('a/u', first)({}))
        expect(Policy.of('a/u')(policies)).toEqual(second)
        expect(Policy.of('b/u')(policies)).toBe(Policy.standard)
        expect(Policy.of('constructor')(policies)).toBe(Policy.standard)
      }),
    )
  })

  it.each<Partial<Policy.Policy>>([
    { tags: ['work'] },
    { weight: 2 },
    { tier: 2 },
    { paused: true },
    { draining: true },
    { note: 'mine' },
  ])('hold %j and nothing besides', (given) => {
    const policy = { ...Policy.standard, ...given }
    expect(Policy.set('a/u', policy)({})).toEqual({ 'a/u': policy })
  })

  it('hold no row at the standard, and are the same where nothing changes', () => {
    const paused = { ...Policy.standard, paused: true }
    const policies = Policy.set('a/u', paused)({})
    expect(Policy.set('a/u', { ...paused })(policies)).toBe(policies)
    expect(Policy.set('a/u', { ...Policy.standard })(policies)).toEqual({})
  })
})
