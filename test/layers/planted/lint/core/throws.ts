export const refuse = (): never => {
  throw new Error('no') // want functional/no-throw-statements
}
