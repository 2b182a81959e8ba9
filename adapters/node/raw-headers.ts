/** Between our pairs and the flat lists that node takes and gives. */
import type { Headers } from '../../core/request/headers'

export const fromRaw = (raw: ReadonlyArray<string>): Headers => {
  const headers: Array<readonly [string, string]> = []
  for (let at = 0; at + 1 < raw.length; at += 2) {
    headers.push([(raw[at] as string).toLowerCase(), raw[at + 1] as string])
  }
  return headers
}

export const toRaw = (headers: Headers): Array<string> => {
  const raw: Array<string> = []
  for (const [name, value] of headers) raw.push(name, value)
  return raw
}
