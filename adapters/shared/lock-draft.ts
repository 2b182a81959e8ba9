/** Claims in the making: a folder beside the lock, private to one process until it is renamed. */
import { err, ok, type Result } from 'neverthrow'
import * as O from 'fp-ts/Option'
import * as Lease from '../../core/refresh/lease'
import type { Clock } from '../../ports/clock'
import type { FileError, FileSystem } from '../../ports/file-system'
import type { Process } from '../../ports/process'
import type { Random } from '../../ports/random'
import { parentOf } from './file-system'
import { judge } from './lock-look'

export interface DraftPorts {
  readonly files: FileSystem
  readonly clock: Pick<Clock, 'now'>
  readonly random: Pick<Random, 'bytes'>
  readonly process: Pick<Process, 'self' | 'isAlive'>
}

export const claimed = async (
  { files, clock, random, process }: DraftPorts,
  path: string,
  expiresAfter: number,
): Promise<Result<{ readonly draft: string; readonly made: Lease.Claim }, FileError>> => {
  const nonce = Array.from(random.bytes(16), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const draft = `${path}.${nonce}.draft`
  const made = { owner: process.self(), nonce, expiresAt: clock.now() + expiresAfter }
  const written = await files
    .ensureFolder(draft)
    .andThen(() => files.create(`${draft}/${nonce}`, Lease.print(made)))
  if (written.isOk()) return ok({ draft, made })
  await dropDraft(files, draft, nonce)
  // A person knows the folder; the draft is a name of ours, and gone.
  return err({ ...written.error, path: parentOf(path) })
}

/** A draft that stays behind is no fault: it holds nothing, and a later sweep finds it. */
export const dropDraft = async (
  files: Pick<FileSystem, 'remove' | 'removeFolder'>,
  draft: string,
  nonce: string,
): Promise<void> => {
  await files
    .remove(`${draft}/${nonce}`)
    .andThen(() => files.removeFolder(draft))
    .unwrapOr(undefined)
}

/**
 * Removes the drafts of processes that died while they made them. An empty one may be of a process that
 * lives: it makes another, and its folder cannot be removed any more once a claim is in it.
 */
export const sweepDrafts = async (ports: DraftPorts, path: string): Promise<void> => {
  const { files } = ports
  const folder = parentOf(path)
  const beside = await files.list(folder)
  if (beside.isErr()) return
  const start = `${path.slice(folder === '.' ? 0 : folder.length).replace(/^[/\\]/, '')}.`
  for (const name of beside.value) {
    if (!name.startsWith(start) || !name.endsWith('.draft')) continue
    await sweepDraft(ports, `${folder}/${name}`, name.slice(start.length, -'.draft'.length))
  }
}

const sweepDraft = async (ports: DraftPorts, draft: string, nonce: string): Promise<void> => {
  const { files } = ports
  const names = await files.list(draft)
  if (names.isErr()) return
  if (names.value.length === 0) return files.removeFolder(draft).unwrapOr(undefined)
  const holder = await judge(ports, `${draft}/${nonce}`)
  if (holder.isOk() && O.isNone(holder.value)) await dropDraft(files, draft, nonce)
}
