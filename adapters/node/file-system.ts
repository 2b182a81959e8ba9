import { randomBytes } from 'node:crypto'
import fs from 'node:fs/promises'
import type { FileSystem } from '../../ports/file-system'
import { overCalls } from '../shared/file-system'

/** Drafts carry the pid, so that what a dead process left can be told from what a living one writes. */
export const nodeFileSystem = (): FileSystem =>
  overCalls(fs, () => `${process.pid}-${randomBytes(4).toString('hex')}`)
