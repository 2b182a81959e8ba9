let seen = 0 // want house/no-module-state
export let last = 0 // want house/no-module-state
export const known = new Map<string, number>() // want house/no-module-state
export const nested = { names: new Set(['a']) } // want house/no-module-state

export const count = (names: ReadonlyArray<string>): number => {
  let sum = 0
  for (const name of new Set(names)) sum += name.length
  seen += sum
  last = seen
  return sum
}
