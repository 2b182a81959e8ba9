import * as Resolution from '../../core/settings/resolution'

/** Where nobody has set anything. */
export const standardSettings = Resolution.resolve({ environment: {}, files: [] }).settings

/** The settings file with these in it. */
export const settingsFile = (settings: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ version: 1, pluginConfig: settings })
