/** Exact output kept in test/golden; `UPDATE_GOLDEN=1` writes it anew, for the diff to be reviewed. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export const expectGolden = (name: string, text: string): void => {
  const path = join(__dirname, '..', 'golden', `${name}.txt`)
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text)
  expect(text).toBe(readFileSync(path, 'utf8'))
}
