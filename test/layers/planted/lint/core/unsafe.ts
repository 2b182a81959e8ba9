const parsed = (text: string): any => JSON.parse(text) // want @typescript-eslint/no-explicit-any
const half = (size: number): number => size / 2

export const careless = (text: string): number => {
  const form = parsed(text) // want @typescript-eslint/no-unsafe-assignment
  form() // want @typescript-eslint/no-unsafe-call
  half(form) // want @typescript-eslint/no-unsafe-argument
  return form.size // want @typescript-eslint/no-unsafe-return @typescript-eslint/no-unsafe-member-access
}
