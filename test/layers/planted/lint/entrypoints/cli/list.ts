export default () => process.exit(Math.random()) // want house/no-default-exports house/no-process house/no-exit house/no-dice
export const fail = (error: unknown): boolean => {
  setTimeout(() => undefined, Date.now()) // want house/no-timers house/no-clock
  if (error instanceof Error) throw error // want house/no-instanceof functional/no-throw-statements
  return new (class {})() === error // want functional/no-classes
}
