/** What happens next: a binary heap of instants, each with the conversation it is about. */
import type { Instant } from '../../core/time'

export interface Agenda {
  readonly add: (at: Instant, index: number) => void
  readonly take: () => { readonly at: Instant; readonly index: number } | undefined
}

/** No conversation has more than one thing before it, so `size` of them are enough. */
export const agenda = (size: number): Agenda => {
  const times = new Float64Array(size + 1)
  const indexes = new Int32Array(size + 1)
  let length = 0
  const timeAt = (place: number): number => times[place] ?? Infinity
  const put = (place: number, at: Instant, index: number): void => {
    times[place] = at
    indexes[place] = index
  }
  const copy = (from: number, to: number): void => put(to, timeAt(from), indexes[from] ?? 0)
  return {
    add: (at, index) => {
      let place = length
      length += 1
      while (place > 0) {
        const parent = (place - 1) >> 1
        if (timeAt(parent) <= at) break
        copy(parent, place)
        place = parent
      }
      put(place, at, index)
    },
    take: () => {
      if (length === 0) return undefined
      const first = { at: timeAt(0), index: indexes[0] ?? 0 }
      length -= 1
      const [at, index] = [timeAt(length), indexes[length] ?? 0]
      let place = 0
      for (;;) {
        let child = 2 * place + 1
        if (child >= length) break
        if (child + 1 < length && timeAt(child + 1) < timeAt(child)) child += 1
        if (timeAt(child) >= at) break
        copy(child, place)
        place = child
      }
      put(place, at, index)
      return first
    },
  }
}
