/**
 * The failure matrix through the built plugin in the runtime that carries it, OpenCode's own Bun: on its
 * sockets, in homes on disk, and with what is held against whom afterwards. Every row is played.
 */
import { rows, type Row } from '../support/failure-matrix'
import { expectRow, testHostLaws, type HostPlayed } from '../support/host-seen'
import { playAll } from './support/failure-rows'
import { openPluginLane, type PluginPlayed } from './support/plugin-lane'

/** Most rows wait: for an answer, or before they ask again. */
const lanesMax = 12

let played: ReadonlyMap<Row, PluginPlayed> = new Map()

beforeAll(async () => {
  played = await playAll(rows, lanesMax, openPluginLane)
})

const seenOf = (row: Row): PluginPlayed => {
  const seen = played.get(row)
  if (seen === undefined) throw new Error('not played')
  return seen
}

describe('what the host shows, who is asked, and what is held against whom', () => {
  it.each(rows)('$name', (row) => {
    const seen = seenOf(row)
    expectRow(seen)
    expect(seen.after).toEqual(row.after)
  })
})

testHostLaws((): ReadonlyArray<HostPlayed> => [...played.values()])
