import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as semver from 'semver'
import { root } from './run-tool'

interface Locked {
  readonly dev?: boolean
  readonly engines?: { readonly node?: string }
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8')
const lockfiles = ['package-lock.json', 'test/hosts/package-lock.json'].filter((path) =>
  existsSync(join(root, path)),
)
const packages = lockfiles.flatMap((path) => {
  const locked = JSON.parse(read(path)) as { readonly packages: Record<string, Locked> }
  return Object.entries(locked.packages).map(([name, one]) => ({
    name: `${path}: ${name}`,
    isShipped: path === 'package-lock.json' && one.dev !== true,
    node: one.engines?.node ?? '*',
  }))
})
const ours = (JSON.parse(read('package.json')) as { engines: { node: string } }).engines.node
const lowest = semver.minVersion(ours) ?? ''

describe('dependencies', () => {
  it('run on Node 20, all of them', () => {
    const refusing = packages.filter(({ node }) => !semver.intersects(node, '20.x'))
    expect(packages.length).toBeGreaterThan(100)
    expect(refusing).toEqual([])
  })

  it('run on the lowest Node we promise, as far as they are shipped', () => {
    const shipped = packages.filter(({ isShipped }) => isShipped)
    expect(shipped.length).toBeGreaterThan(5)
    expect(shipped.filter(({ node }) => !semver.satisfies(lowest, node))).toEqual([])
  })

  it.each(lockfiles)('come from whichever registry npm is set up for: %s', (path) => {
    expect(read(path)).not.toContain('"resolved"')
  })
})
