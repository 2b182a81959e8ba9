/** The published schema is as the source has it, and says of every answer all that it holds. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { schemaPage } from '../../scripts/schema-page'
import { commands } from '../../entrypoints/cli/table'

const root = join(__dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'schema.json'), 'utf8')
const schema = JSON.parse(page) as Schema

interface Schema {
  readonly [word: string]: unknown
  readonly definitions: Readonly<Record<string, Node>>
}

it('is what `npm run docs` makes', async () => {
  expect(page).toBe(await schemaPage())
})

it('has an answer for every command, and one for errors', () => {
  const names = commands.map(({ name }) => name.replaceAll(' ', '-'))
  expect(schema['anyOf']).toEqual(
    [...names, 'error'].map((name) => ({ $ref: `#/definitions/${name}` })),
  )
})

interface Node {
  readonly $ref?: string
  readonly type?: string
  readonly additionalProperties?: unknown
  readonly properties?: Readonly<Record<string, Node>>
  readonly anyOf?: ReadonlyArray<Node>
  readonly items?: Node
}

const isOpen = (node: Node): boolean =>
  node.$ref === undefined
    ? Object.keys(node).length === 0 ||
      (node.type === 'object' && node.additionalProperties !== false)
    : !node.$ref.startsWith('#/')

/** Where anything goes, or a field that nobody has named. */
const openPlaces = (node: Node, at: string): ReadonlyArray<string> => [
  ...(isOpen(node) ? [at] : []),
  ...Object.entries(node.properties ?? {}).flatMap(([key, one]) => openPlaces(one, `${at}.${key}`)),
  ...(node.anyOf ?? []).flatMap((one) => openPlaces(one, at)),
  ...(node.items === undefined ? [] : openPlaces(node.items, `${at}[]`)),
]

it('names every field of every answer, but of files and schemas that are answered whole', () => {
  const places = Object.entries(schema.definitions).flatMap(([name, one]) => openPlaces(one, name))
  expect(places).toEqual([
    'config-schema.data',
    'PoolFile',
    'PoolFile.accounts[]',
    // Models by their names.
    ...['Setting.value', 'Setting.default'],
  ])
})
