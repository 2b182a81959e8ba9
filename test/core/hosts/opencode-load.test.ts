import * as O from 'fp-ts/Option'
import * as Load from '../../../core/hosts/opencode-load'

describe('a host that is set up with the plugin', () => {
  it.each([
    ['was never started', O.none, O.none, { _tag: 'Unused' }],
    ['was last started before that', O.none, O.some(900), { _tag: 'Unused' }],
    ['has loaded it', O.some(1_200), O.some(1_100), { _tag: 'Loads', loadedAt: 1_200 }],
    ['tells nothing of its starts', O.some(1_200), O.none, { _tag: 'Loads', loadedAt: 1_200 }],
    [
      'was started, and has not loaded it',
      O.none,
      O.some(1_100),
      { _tag: 'PassesOver', startedAt: 1_100, loadedAt: O.none },
    ],
    [
      'has loaded it, but not at its last start',
      O.some(1_200),
      O.some(1_300),
      { _tag: 'PassesOver', startedAt: 1_300, loadedAt: O.some(1_200) },
    ],
    [
      'loaded it long ago, and not since',
      O.some(500),
      O.some(900),
      { _tag: 'PassesOver', startedAt: 900, loadedAt: O.some(500) },
    ],
  ])('%s', (_, loadedAt, startedAt, expected) => {
    const stamp = O.map((at: number): Load.Stamp => ({ loadedAt: at }))(loadedAt)
    expect(Load.judge({ configuredAt: 1_000, stamp, startedAt })).toEqual(expected)
  })
})

it('counts from when the plugin was put in, though the host writes its configuration too', () => {
  const stamp = O.some({ installedAt: 1_000 })
  const judged = (startedAt: number): string =>
    Load.judge({ configuredAt: 3_000, stamp, startedAt: O.some(startedAt) })._tag
  expect([judged(900), judged(2_000)]).toEqual(['Unused', 'PassesOver'])
})

it('reads the last instance from the host’s log', () => {
  const line = (at: string, message: string): string =>
    `timestamp=${at} level=INFO run=7075e7a6 message=${message} directory=/work\n`
  const log =
    line('2026-11-22T22:35:08.934Z', '"creating instance"') +
    line('2026-11-22T22:35:15.953Z', '"creating instance"') +
    line('2026-11-22T22:36:00.000Z', 'fromDirectory')
  expect(Load.startedAt(log)).toEqual(O.some(Date.UTC(2026, 10, 22, 22, 35, 15, 953)))
  expect(Load.startedAt('INFO  2026-11-22T22:35:08 creating instance')).toEqual(O.none)
})

it('reads the stamp that it prints, and no other text', () => {
  for (const stamp of [{ loadedAt: 1_234 }, { installedAt: 1_234 }]) {
    expect(Load.parseStamp(Load.printStamp(stamp))).toEqual(O.some(stamp))
  }
  const later = '{"version":2,"loadedAt":1234}'
  for (const text of ['', '{}', '{"version":1,"loadedAt":"now"}', '[', later]) {
    expect(Load.parseStamp(text)).toEqual(O.none)
  }
})
