export interface Clock {
  now: () => number // want functional/prefer-readonly-type
}
export const read = (): number => Date.now() // want house/no-clock
