/** Where a host's request goes: hosts write the public API's addresses, the backend has its own. */
import * as O from 'fp-ts/Option'

/**
 * The path and query below the backend's base, as `/codex/responses`; none for what is no model
 * request, as chats and embeddings, which the backend does not have.
 */
export const modelPath = (url: string): O.Option<string> => {
  const parsed = parse(url)
  if (O.isNone(parsed)) return O.none
  const { pathname, search } = parsed.value
  return isModelPath.test(pathname) ? O.some(`/codex/responses${search}`) : O.none
}

/** `/v1/responses`, `/backend-api/codex/responses` and any other base a person configured. */
const isModelPath = /\/responses\/?$/

const parse = (url: string): O.Option<URL> => {
  try {
    return O.some(new URL(url, 'http://host.invalid'))
  } catch {
    return O.none
  }
}
