import { exit } from 'node:process' // want house/no-exit

export const die = (): void => {
  process.kill(process.pid)
  process.exitCode = 1 // want house/no-exit
  process.exit(1) // want house/no-exit
  const { exitCode } = process // want house/no-exit
  exit(exitCode)
}
export const fail = (): never => {
  throw 'no' // want @typescript-eslint/only-throw-error
}
