/** A change of the settings file: what it holds at that moment, under its lock, with one setting changed. */
import * as O from 'fp-ts/Option'
import { errAsync, okAsync, type ResultAsync } from 'neverthrow'
import type * as Catalogue from '../../core/settings/catalogue'
import * as SettingsFile from '../../core/settings/settings-file'
import type { Layout } from '../../core/storage/layout'
import { second } from '../../core/time'
import type { FileError } from '../../ports/file-system'
import type { LockError, LockTerms } from '../../ports/lock'
import { isOf, sweep } from './drafts'
import type { Ports } from './ports'

export type ChangeSettingsError = FileError | LockError | SettingsFile.BadSettingsFile

/** Held for milliseconds, as the pool's. */
const terms: LockTerms = { waitMax: 20 * second, expiresAfter: 10 * second }

/** None takes the setting out of the file. */
export const changeSetting =
  (ports: Pick<Ports, 'files' | 'lock'>, layout: Layout) =>
  (key: Catalogue.Key, value: O.Option<unknown>): ResultAsync<void, ChangeSettingsError> =>
    ports.files.ensureFolder(layout.root).andThen(() =>
      ports.lock.holding(layout.settingsLock, terms, (held) =>
        sweep(ports, layout.root, isOf(layout.settings))
          .andThen(() => textOf(ports, layout))
          .andThen((before) => {
            const file = { path: layout.settings, text: O.getOrElse(() => '{}')(before) }
            return SettingsFile.change(
              key,
              value,
            )(file).asyncAndThen((after) =>
              after === file.text
                ? okAsync(undefined)
                : held
                    .confirm()
                    .andThen(() => keep(ports, layout, before))
                    .andThen(() => ports.files.replace(layout.settings, after)),
            )
          }),
      ),
    )

/** The settings as they were, for the person who wants them back. */
const keep = (
  { files }: Pick<Ports, 'files'>,
  layout: Layout,
  before: O.Option<string>,
): ResultAsync<void, FileError> =>
  O.isSome(before) ? files.replace(layout.settingsBackup, before.value) : okAsync(undefined)

const textOf = (
  { files }: Pick<Ports, 'files'>,
  layout: Layout,
): ResultAsync<O.Option<string>, FileError> =>
  files
    .read(layout.settings)
    .map((text): O.Option<string> => O.some(text))
    .orElse((error) => (error._tag === 'NotFound' ? okAsync(O.none) : errAsync(error)))
