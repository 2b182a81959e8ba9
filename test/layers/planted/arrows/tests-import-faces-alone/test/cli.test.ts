import { one } from '../entrypoints/cli/main'
import plugin from '../entrypoints/plugin/main'

export const both = [one, plugin]
