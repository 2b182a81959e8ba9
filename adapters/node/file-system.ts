import fs from 'node:fs'
import type { FileSystem } from '../../ports/file-system'
import { nodeClock } from './clock'
import { overCalls, type Calls } from '../shared/file-system'

/**
 * Drafts carry the pid, so that what a dead process left can be told from what a living one writes.
 * The global `crypto` too loads when it is first used.
 */
export const nodeFileSystem = (): FileSystem =>
  overCalls(calls, () => `${process.pid}-${crypto.randomUUID().slice(0, 8)}`, nodeClock())

/** Node loads `fs.promises` when it is first asked for: a process that only looks starts without it. */
const calls: Calls = {
  readFile: (path, encoding) => fs.promises.readFile(path, encoding),
  open: (path, flags, mode) => fs.promises.open(path, flags, mode),
  rename: (from, to) => fs.promises.rename(from, to),
  unlink: (path) => fs.promises.unlink(path),
  stat: (path) => fs.promises.stat(path),
  readdir: (path) => fs.promises.readdir(path),
  mkdir: (path, options) => fs.promises.mkdir(path, options),
  rmdir: (path) => fs.promises.rmdir(path),
  chmod: (path, mode) => fs.promises.chmod(path, mode),
  realpath: (path) => fs.promises.realpath(path),
}
