import * as fc from 'fast-check'
import * as O from 'fp-ts/Option'
import { ambient } from '../../../core/request/conversation'
import { decode } from '../../../core/result'
import * as Affinity from '../../../core/routing/affinity'
import { day, hour, minute, second, type Instant } from '../../../core/time'
import { noon } from '../../support/routing'

const tieTo = (account: string, servedAt: Instant = noon, generation = 0): Affinity.Tie => ({
  account,
  servedAt,
  generation,
})

const remember = (conversation: string, tie: Affinity.Tie) =>
  Affinity.rememberAll([[conversation, tie]], Affinity.standard)

const remembered = (
  ...rows: ReadonlyArray<readonly [conversation: string, tie: Affinity.Tie]>
): Affinity.Ties =>
  rows.reduce<Affinity.Ties>((ties, [conversation, tie]) => remember(conversation, tie)(ties), {})

const accountAt = (now: Instant, ties: Affinity.Ties, generation = 0): string | undefined =>
  O.toUndefined(Affinity.tieOf('talk', generation, now, Affinity.standard)(ties))?.account

describe('the tie of a conversation', () => {
  const ties = remembered(['talk', tieTo('a', noon, 3)])

  it.each([
    { name: 'is there at once', now: noon, generation: 3, expected: 'a' },
    {
      name: 'is there nearly 20 minutes on',
      now: noon + 20 * minute - 1,
      generation: 3,
      expected: 'a',
    },
    { name: 'is forgotten after 20 minutes', now: noon + 20 * minute, generation: 3 },
    { name: 'is void after a deliberate choice', now: noon, generation: 4 },
    { name: 'holds where the pool is older than it', now: noon, generation: 2, expected: 'a' },
    {
      name: 'holds when the clock has gone back a little',
      now: noon - minute,
      generation: 3,
      expected: 'a',
    },
    { name: 'is forgotten when it comes from a clock far ahead', now: noon - day, generation: 3 },
  ])('$name', ({ now, generation, expected }) => {
    expect(accountAt(now, ties, generation)).toBe(expected)
  })

  it('is nobody else’s', () => {
    expect(Affinity.tieOf('other', 0, noon, Affinity.standard)(ties)).toEqual(O.none)
  })

  it('is the last one told', () => {
    const moved = remembered(['talk', tieTo('a')], ['talk', tieTo('b', noon + second)])
    expect(accountAt(noon + second, moved)).toBe('b')
    expect(Object.keys(moved)).toEqual(['talk'])
  })
})

describe('what the person has set', () => {
  const rows = ['one', 'two', 'three'].map(
    (talk, index) => [talk, tieTo('a', noon + index * minute)] as const,
  )

  it('bounds how long an idle conversation is remembered', () => {
    const memory = { span: minute, tiesMax: 512 }
    const ties = Affinity.rememberAll(rows, memory)({})
    expect(Object.keys(ties)).toEqual(['three'])
    const known = (now: Instant) => O.isSome(Affinity.tieOf('three', 0, now, memory)(ties))
    expect([known(noon + 3 * minute - 1), known(noon + 3 * minute)]).toEqual([true, false])
  })

  it('bounds how many are remembered, the newest ones', () => {
    const ties = Affinity.rememberAll(rows, { span: hour, tiesMax: 2 })({})
    expect(Object.keys(ties).sort()).toEqual(['three', 'two'])
  })
})

describe('warmth', () => {
  it.each([
    { name: 'at once', now: noon, expected: true },
    { name: 'nearly 10 minutes on', now: noon + 10 * minute - 1, expected: true },
    { name: 'no more after 10 minutes', now: noon + 10 * minute, expected: false },
    { name: 'when the clock has gone back a little', now: noon - minute, expected: true },
    { name: 'not from a clock far ahead', now: noon - hour, expected: false },
  ])('$name', ({ now, expected }) => {
    expect(Affinity.isWarm(now)(tieTo('a'))).toBe(expected)
  })
})

describe('a turn', () => {
  const ties = remembered(['talk', tieTo('a')])
  it.each([
    {
      name: 'is none while the cache is warm',
      talk: 'talk',
      to: 'a',
      at: noon + minute,
      is: false,
    },
    { name: 'is one with a cold cache', talk: 'talk', to: 'a', at: noon + 10 * minute, is: true },
    { name: 'is one on another account', talk: 'talk', to: 'b', at: noon + minute, is: true },
    { name: 'is one of a new conversation', talk: 'new', to: 'a', at: noon, is: true },
  ])('$name', ({ talk, to, at, is }) => {
    expect(Affinity.isTurn(talk, tieTo(to, at))(ties)).toBe(is)
  })
})

it('knows the last answer of all', () => {
  expect(Affinity.latest({})).toEqual(O.none)
  const ties = remembered(['one', tieTo('a', noon + 1)], ['two', tieTo('b', noon)])
  expect(Affinity.latest(ties)).toEqual(O.some(tieTo('a', noon + 1)))
})

describe('liveBy', () => {
  it('counts the warm conversations of each account', () => {
    const ties = remembered(
      ['one', tieTo('a', noon - 11 * minute)],
      ['two', tieTo('a', noon - 9 * minute)],
      ['three', tieTo('b')],
      ['four', tieTo('a')],
    )
    expect(Affinity.liveBy(noon)(ties)).toEqual(
      new Map([
        ['a', 2],
        ['b', 1],
      ]),
    )
  })

  it('counts what is no conversation not at all', () => {
    const ties = remembered([ambient(7).id, tieTo('a')])
    expect(Affinity.liveBy(noon)(ties)).toEqual(new Map())
    expect(O.isSome(Affinity.tieOf(ambient(7).id, 0, noon, Affinity.standard)(ties))).toBe(true)
  })

  it('counts nothing that a clock far ahead has left', () => {
    expect(Affinity.liveBy(noon)(remembered(['one', tieTo('a', noon + day)]))).toEqual(new Map())
  })
})

describe('remember', () => {
  const many = (count: number, from: Instant): Affinity.Ties =>
    Object.fromEntries(
      Array.from({ length: count }, (_, index) => [`talk-${index}`, tieTo('a', from + index)]),
    )

  it('keeps 512 ties, and of more the latest', () => {
    const full = remember('talk-511', tieTo('a', noon + 511))(many(511, noon))
    expect(full).toEqual(many(512, noon))
    const more = remember('talk-519', tieTo('a', noon + 519))(many(519, noon))
    const { length } = Object.keys(more)
    expect([length, more['talk-7'], more['talk-8'], more['talk-519']]).toEqual([
      512,
      undefined,
      tieTo('a', noon + 8),
      tieTo('a', noon + 519),
    ])
  })

  it('lets go of those older than 20 minutes', () => {
    const ties = remembered(
      ['old', tieTo('a', noon - 20 * minute)],
      ['young', tieTo('a', noon - 19 * minute)],
      ['now', tieTo('b', noon)],
    )
    expect(Object.keys(ties).sort()).toEqual(['now', 'young'])
  })

  it('is not kept from new ties by those of a clock that was far ahead', () => {
    const ahead = many(512, noon + 365 * day)
    const ties = remember('talk', tieTo('b', noon))(ahead)
    expect(ties).toEqual({ talk: tieTo('b', noon) })
  })

  it.each(['__proto__', 'constructor', 'toString', ''])('takes %j for an id as any other', (id) => {
    const ties = remember(id, tieTo('a'))({})
    expect(Affinity.tieOf(id, 0, noon, Affinity.standard)(ties)).toEqual(O.some(tieTo('a')))
    expect(Affinity.tieOf(id, 0, noon, Affinity.standard)({})).toEqual(O.none)
    expect(Affinity.liveBy(noon)(ties)).toEqual(new Map([['a', 1]]))
    expect(Object.getPrototypeOf(ties)).toBe(Object.prototype)
    expect('account' in {}).toBe(false)
  })
})

describe('laws', () => {
  const anId = fc.constantFrom('talk', 'other', 'third', '__proto__', 'fourth')
  const aTie = fc
    .tuple(
      fc.constantFrom('a', 'b', 'c'),
      fc.integer({ min: noon - hour, max: noon + hour }),
      fc.integer({ min: 0, max: 3 }),
    )
    .map(([account, servedAt, generation]) => tieTo(account, servedAt, generation))
  const someTies = fc
    .array(fc.tuple(anId, aTie), { maxLength: 8 })
    .map((rows) => remembered(...rows))

  it('knows a tie from the moment it is told, whatever it knew before', () => {
    fc.assert(
      fc.property(someTies, anId, aTie, (ties, id, tie) => {
        const after = remember(id, tie)(ties)
        expect(Affinity.tieOf(id, tie.generation, tie.servedAt, Affinity.standard)(after)).toEqual(
          O.some(tie),
        )
      }),
    )
  })

  it('makes up no tie', () => {
    fc.assert(
      fc.property(someTies, anId, aTie, (ties, id, tie) => {
        for (const [other, kept] of Object.entries(remember(id, tie)(ties)))
          if (other !== id)
            expect(kept).toEqual(Object.getOwnPropertyDescriptor(ties, other)?.value)
      }),
    )
  })

  it('counts every warm tie once', () => {
    fc.assert(
      fc.property(someTies, (ties) => {
        const counts = [...Affinity.liveBy(noon)(ties).values()]
        const warm = Object.values(ties).filter(Affinity.isWarm(noon))
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(warm.length)
      }),
    )
  })

  it('remembers whatever is warm', () => {
    fc.assert(
      fc.property(aTie, fc.integer({ min: -day, max: day }), (tie, span) => {
        const ties = remembered(['talk', tie])
        const now = tie.servedAt + span
        if (Affinity.isWarm(now)(tie))
          expect(O.isSome(Affinity.tieOf('talk', 0, now, Affinity.standard)(ties))).toBe(true)
      }),
    )
  })

  it('comes back from its stored form as it was', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            anId.filter((id) => id !== '__proto__'),
            aTie,
          ),
        ),
        (rows) => {
          const ties = remembered(...rows)
          const read = decode(Affinity.storedForm)(JSON.parse(JSON.stringify(ties)))
          expect(read._unsafeUnwrap()).toEqual(ties)
        },
      ),
    )
  })
})
