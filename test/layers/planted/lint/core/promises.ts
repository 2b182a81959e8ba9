import { ResultAsync } from 'neverthrow' // want house/no-promises

export const settled = Promise.resolve(1) // want house/no-promises
export const made = new Promise<number>(() => undefined) // want house/no-promises
export const waits = async (): Promise<number> => 1 // want house/no-promises house/no-promises
export type Later = PromiseLike<number> // want house/no-promises
export const lazy = () => import('neverthrow') // want house/no-promises
export type Answer = ResultAsync<number, never>
const one = await made // want house/no-promises
for await (const each of [one]) settled.then(() => each) // want house/no-promises @typescript-eslint/await-thenable @typescript-eslint/no-floating-promises
