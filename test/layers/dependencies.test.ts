import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as semver from 'semver'
import bundled from '../../scripts/bundled.json'
import { root } from './run-tool'

interface Locked {
  readonly dependencies?: Readonly<Record<string, string>>
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
    needs: Object.keys(one.dependencies ?? {}),
    node: one.engines?.node ?? '*',
  }))
})

/** What is bundled, and what that needs in turn. */
const shippedNames = (
  waiting: ReadonlyArray<string>,
  known: ReadonlyArray<string> = [],
): ReadonlyArray<string> => {
  const [name, ...rest] = waiting
  if (name === undefined) return known
  if (known.includes(name)) return shippedNames(rest, known)
  const needs = packages.find((one) => one.name === lockedName(name))?.needs ?? []
  return shippedNames([...rest, ...needs], [...known, name])
}
const lockedName = (name: string): string => `package-lock.json: node_modules/${name}`
const ours = (JSON.parse(read('package.json')) as { engines: { node: string } }).engines.node
const lowest = semver.minVersion(ours) ?? ''

describe('dependencies', () => {
  it('run on Node 20, all of them', () => {
    const refusing = packages.filter(({ node }) => !semver.intersects(node, '20.x'))
    expect(packages.length).toBeGreaterThan(100)
    expect(refusing).toEqual([])
  })

  it('run on the lowest Node we promise, as far as they are shipped', () => {
    const names = shippedNames(Object.values(bundled).flat()).map(lockedName)
    const shipped = packages.filter(({ name }) => names.includes(name))
    expect(shipped.length).toBeGreaterThan(5)
    expect(shipped.filter(({ node }) => !semver.satisfies(lowest, node))).toEqual([])
  })

  it('leave nothing to install beside what is built', () => {
    expect(JSON.parse(read('package.json'))).not.toHaveProperty('dependencies')
  })

  it.each(lockfiles)('come from whichever registry npm is set up for: %s', (path) => {
    expect(read(path)).not.toContain('"resolved"')
  })
})
