/** Few numbers out of many, and the order in which two programs take turns. */

const sorted = (values: ReadonlyArray<number>): ReadonlyArray<number> =>
  [...values].sort((left, right) => left - right)

/** The value below which this share of the others lies. */
export const quantile = (values: ReadonlyArray<number>, share: number): number => {
  const inOrder = sorted(values)
  return inOrder[Math.min(inOrder.length - 1, Math.floor(inOrder.length * share))] ?? NaN
}

export const median = (values: ReadonlyArray<number>): number => quantile(values, 0.5)

/**
 * Runs both in turn, the first of a pair second in the next, so that what else the machine does falls
 * on both; `warmUps` pairs are not counted.
 */
export const inTurn = async <A>(
  pairs: number,
  warmUps: number,
  ours: () => Promise<A>,
  reference: () => Promise<A>,
): Promise<{ readonly ours: ReadonlyArray<A>; readonly reference: ReadonlyArray<A> }> => {
  const seen = { ours: [] as Array<A>, reference: [] as Array<A> }
  for (let pair = -warmUps; pair < pairs; pair += 1) {
    const isOursFirst = pair % 2 === 0
    const first = isOursFirst ? await ours() : await reference()
    const second = isOursFirst ? await reference() : await ours()
    if (pair < 0) continue
    seen.ours.push(isOursFirst ? first : second)
    seen.reference.push(isOursFirst ? second : first)
  }
  return seen
}
