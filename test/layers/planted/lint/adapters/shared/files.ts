import { ResultAsync } from 'neverthrow'

const read = (path: string): ResultAsync<string, 'NotFound'> =>
  ResultAsync.fromPromise(Promise.resolve(path), () => 'NotFound')
const sleep = (): ResultAsync<void, never> => ResultAsync.fromSafePromise(Promise.resolve())

export const home = (): string | undefined => process.env['HOME'] // want house/no-process
export const sneaky = (): unknown => globalThis.process // want house/no-process
export const given = (process: { readonly pid: number }): number => process.pid

export const careless = async (): Promise<void> => {
  read('a') // want house/must-use-result
  await read('b') // want house/must-use-result
  await Promise.all([read('c')]) // want house/must-use-result
  void read('d') // want house/must-use-result
  sleep() // want house/must-use-result
  await sleep()
  void sleep()
  Promise.resolve(1) // want @typescript-eslint/no-floating-promises
  ;['d'].forEach(async () => undefined) // want @typescript-eslint/no-misused-promises
  await 1 // want @typescript-eslint/await-thenable
}
