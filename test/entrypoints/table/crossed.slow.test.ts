/**
 * Every command in every state, in a simulated world: what `--json` answers is as published, down to
 * the last field, and ends with the exit code that its error has.
 */
import { errors, type ErrorCode } from '../../../entrypoints/cli/error-codes'
import { cliWorld, documentOf, home, noon, type CliWorld } from '../../support/cli'
import { misfits } from '../../support/published'
import { groups } from './rows'
import { filesOf, peopleOf, placeOf, states, type State } from './states'

const place = placeOf(home)

const lines = [
  ...new Set(
    Object.values(groups)
      .flat()
      .filter(({ json }) => json !== null)
      .map(({ words }) => words),
  ),
].map((words) => words.replace(/^codex /, ''))

const changes = /^files\.(open|write|rename|unlink|mkdir|rmdir|chmod) /

const codes: Readonly<Partial<Record<State, string>>> = { 'read-only': 'EACCES', full: 'ENOSPC' }

/** Of a folder that takes no writes, reading goes on. */
const worldIn = async (state: State): Promise<CliWorld> => {
  const code = codes[state]
  const world = await cliWorld({
    environment: { SHELL: '/bin/bash' },
    disturb: ({ label }) => {
      const isChange = changes.test(label) && label.includes(place.root)
      return isChange && code !== undefined ? { _tag: 'Fail', code } : { _tag: 'None' }
    },
  })
  const people = peopleOf(world.upstream)
  world.upstream.device.approves(people[1])
  world.disk.mkdir(place.root, 0o700, noon)
  for (const [path, text] of Object.entries(filesOf(place, state, world.upstream, people))) {
    const file = world.disk.open(path, 'wx', 0o600, noon)
    world.disk.write(file, text, noon)
    world.disk.close(file)
  }
  return world
}

type Json = unknown

/** Answered whole: a schema, and a file that keeps what it does not know. */
const openPlaces = ['config schema.data', 'export.data.pool']

/** The document once for each record in it, with a field there that nobody has named. */
const planted = (json: Json, at: string): ReadonlyArray<Json> => {
  if (typeof json !== 'object' || json === null || openPlaces.includes(at)) return []
  if (Array.isArray(json))
    return json.flatMap((one, index) => planted(one, at).map((other) => json.with(index, other)))
  return [
    { ...json, unheardOf: 0 },
    ...Object.entries(json).flatMap(([key, one]) =>
      planted(one, `${at}.${key}`).map((other) => ({ ...json, [key]: other })),
    ),
  ]
}

describe.each(states)('%s', (state) => {
  it.each(lines)('%s', async (words) => {
    const world = await worldIn(state)
    const ran = await world.run(
      [...words.split(' '), '--json'],
      'no browser',
      // Standard input is at its end.
      ({ terminal }) => terminal.type(),
    )
    const document = documentOf(ran)
    // An answer that is not all good news has an exit code of its own.
    expect(document.ok ? [0, 1, 3, 4] : [errors[document.error.code as ErrorCode]]).toContain(
      ran.code,
    )
    for (const one of planted(document, document.command)) expect(misfits(one)).not.toEqual([])
  })
})
