/** The settings file as JSON schema, for editors. What it does not name is allowed: others keep things there. */
import * as Catalogue from './catalogue'
import type { Schema } from './kind'

export const schema = (): Schema => ({
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Settings of codex-multi-auth',
  type: 'object',
  properties: {
    version: { const: 1 },
    pluginConfig: sectionOf('pluginConfig'),
    dashboardDisplaySettings: sectionOf('dashboardDisplaySettings'),
  },
})

const sectionOf = (section: Catalogue.Row<unknown>['section']): Schema => ({
  type: 'object',
  properties: Object.fromEntries(
    Catalogue.keys
      .map((key) => [key, Catalogue.rowOf(key)] as const)
      .filter(([, row]) => row.section === section)
      .map(([key, { help, kind, standard }]) => [
        key,
        { ...kind.schema, description: help, default: standard },
      ]),
  ),
})
