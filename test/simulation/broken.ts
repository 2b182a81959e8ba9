/** Mechanisms taken away from outside, to see that each is missed. */
import type { Disk } from '../../adapters/memory/disk'
import { overFiles } from '../../adapters/shared/lock'
import type { Ports } from '../../entrypoints/programs/ports'
import { layout, type Broken } from './world'

/** What is forced stays in memory, and a power cut takes it. */
const withoutSync: Broken = {
  disk: (disk: Disk) => ({ ...disk, sync: () => undefined }),
}

/** All claims have one name, so who ends a claim may end another's. */
const withoutNonce: Broken = {
  ports: (ports) => ({
    ...ports,
    lock: overFiles({
      ...ports,
      random: { ...ports.random, bytes: (length) => new Uint8Array(length) },
    }),
  }),
}

/** The pool is what it was when the process saw it first. */
const withoutReading: Broken = {
  ports: (ports) => ({ ...ports, files: remembering(ports.files) }),
}

const remembering = (files: Ports['files']): Ports['files'] => {
  let first: ReturnType<Ports['files']['read']> | undefined
  return {
    ...files,
    read: (path) => {
      if (path !== layout.pool) return files.read(path)
      first ??= files.read(path)
      return first
    },
  }
}

/** By the name of what is taken away. */
export const mechanisms: Readonly<Record<string, Broken>> = {
  sync: withoutSync,
  nonce: withoutNonce,
  reading: withoutReading,
}
