/** Which of the known words a mistyped one may have been meant for, the nearest first. */
export const near = (word: string, known: ReadonlyArray<string>): ReadonlyArray<string> => {
  const same = known.filter((other) => other === word.toLowerCase())
  if (same.length > 0) return same
  const distances = known.map((other) => ({ other, distance: distance(word.toLowerCase(), other) }))
  return distances
    .filter(({ other, distance }) => distance <= distanceMax(word) || isStartOf(word, other))
    .sort((left, right) => left.distance - right.distance)
    .slice(0, shownMax)
    .map(({ other }) => other)
}

/** Two slips of the finger; in a short word, one. */
const distanceMax = (word: string): number => (word.length > 4 ? 2 : 1)
const shownMax = 3

const isStartOf = (word: string, other: string): boolean =>
  word.length > 1 && other.startsWith(word.toLowerCase())

/** How many letters to add, drop, replace or swap with a neighbour to make one word the other. */
const distance = (left: string, right: string): number => {
  // No word of ours is longer, and the table grows with the product of the lengths.
  if (Math.max(left.length, right.length) > lengthMax) return lengthMax
  const rows: Array<ReadonlyArray<number>> = []
  const at = (row: number, column: number): number => rows[row]?.[column] ?? 0
  for (let i = 0; i <= left.length; i += 1) {
    const row: Array<number> = []
    rows.push(row)
    for (let j = 0; j <= right.length; j += 1) {
      if (i === 0 || j === 0) {
        row.push(i + j)
        continue
      }
      const isSame = left[i - 1] === right[j - 1]
      const isSwap = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      const changed = Math.min(
        at(i - 1, j) + 1,
        at(i, j - 1) + 1,
        at(i - 1, j - 1) + (isSame ? 0 : 1),
      )
      row.push(isSwap ? Math.min(changed, at(i - 2, j - 2) + 1) : changed)
    }
  }
  return at(left.length, right.length)
}

const lengthMax = 40
