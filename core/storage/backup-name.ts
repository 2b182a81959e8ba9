/** What a person may call a backup: a name that is a file of that folder on any system, and nothing else. */
import { err, ok, type Result } from 'neverthrow'

export interface BackupNameUnfit {
  readonly _tag: 'BackupNameUnfit'
  readonly name: string
  readonly charactersMax: number
}

const charactersMax = 64

/** Names that are devices on Windows, whatever follows the dot. */
const device = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])$/i

const ending = '.json'

/** Without the ending, which may be given. */
export const parse = (given: string): Result<string, BackupNameUnfit> => {
  const name = given.endsWith(ending) ? given.slice(0, -ending.length) : given
  const isFit = name.length <= charactersMax && /^[A-Za-z0-9_-]+$/.test(name) && !device.test(name)
  return isFit ? ok(name) : err({ _tag: 'BackupNameUnfit', name: given, charactersMax })
}

export const fileOf = (name: string): string => `${name}${ending}`

/** Of a backup that is being written; the folder may hold other people's files. */
export const isDraft = (file: string): boolean => /^[A-Za-z0-9_-]+\.json\.[^/]+\.draft$/.test(file)

/** The names of the backups among the files of a folder. */
export const among = (files: ReadonlyArray<string>): ReadonlyArray<string> =>
  files.flatMap((file) =>
    file.endsWith(ending)
      ? parse(file).match(
          (name) => [name],
          () => [],
        )
      : [],
  )
