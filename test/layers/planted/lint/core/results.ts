import { err, ok, type Result } from 'neverthrow'

const save = (name: string): Result<string, 'Full'> => (name === '' ? err('Full') : ok(name))

export const careless = (names: ReadonlyArray<string>): void => {
  save('a') // want house/must-use-result
  names.length > 0 && save('b') // want house/must-use-result
  void save('c') // want house/must-use-result
  names.forEach((name) => save(name)) // want house/must-use-result
  names.map(save) // want house/must-use-result
}

export const careful = (names: ReadonlyArray<string>): number => {
  let last = save('a')
  last = save('b')
  last.match(
    () => undefined,
    () => undefined,
  )
  return names.filter((name) => save(name).isOk()).length
}
