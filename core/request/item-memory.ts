/**
 * Items that were streamed to a caller lately, by id. Some hosts name an earlier answer instead of
 * sending it again, and the backend stores none.
 *
 * Bounded in items and in characters: the oldest go first, and one that is larger than all is not kept.
 */
import * as O from 'fp-ts/Option'
import { textOf, type Fields } from './fields'

export interface ItemMemory {
  /** Oldest first. */
  readonly items: ReadonlyMap<string, Kept>
  readonly characters: number
}

interface Kept {
  readonly item: Fields
  readonly characters: number
}

export const empty = (): ItemMemory => ({ items: new Map(), characters: 0 })

/** Some long conversations of one process. */
const itemsMax = 4_096
const charactersMax = 32 * 1024 * 1024

export const remember =
  (item: Fields) =>
  (memory: ItemMemory): ItemMemory => {
    const id = textOf(item['id'])
    const characters = JSON.stringify(item).length
    if (id === '' || characters > charactersMax) return memory
    const others = [...memory.items].filter(([other]) => other !== id)
    const before = memory.items.get(id)?.characters ?? 0
    return newest([...others, [id, { item, characters }]], memory.characters - before + characters)
  }

const newest = (items: ReadonlyArray<readonly [string, Kept]>, characters: number): ItemMemory => {
  let gone = 0
  let left = characters
  while (items.length - gone > itemsMax || left > charactersMax) {
    left -= items[gone]?.[1].characters ?? 0
    gone += 1
  }
  return { items: new Map(items.slice(gone)), characters: left }
}

export const recall =
  ({ items }: ItemMemory) =>
  (id: string): O.Option<Fields> => {
    const kept = items.get(id)
    return kept === undefined ? O.none : O.some(kept.item)
  }
