export interface Account {
  email: string // want functional/prefer-readonly-type
  readonly label: string
  readonly tags: string[] // want functional/prefer-readonly-type
  readonly windows: ReadonlyMap<string, number>
}
export const shout = (words: ReadonlyArray<string>): ReadonlyArray<string> => {
  const loud: string[] = []
  for (const word of words) loud.push(word.toUpperCase())
  return loud
}
