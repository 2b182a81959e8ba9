/** A browser of one line: it goes wherever it is sent. */
import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Home } from './home'

/** Gives its path, for `BROWSER`. */
export const makeBrowser = async (home: Home): Promise<string> => {
  const path = join(home.path, 'browser.cjs')
  await writeFile(
    path,
    `#!${process.execPath}\nfetch(process.argv[2]).then((page) => page.text())\n`,
  )
  await chmod(path, 0o700)
  return path
}
