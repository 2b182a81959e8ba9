import fs from 'node:fs/promises'
import type { FileSystem } from '../../ports/file-system'
import { overCalls } from '../shared/file-system'

/**
 * Drafts carry the pid, so that what a dead process left can be told from what a living one writes.
 * The global `crypto` loads when it is first used: a process that only reads starts without it.
 */
export const nodeFileSystem = (): FileSystem =>
  overCalls(fs, () => `${process.pid}-${crypto.randomUUID().slice(0, 8)}`)
