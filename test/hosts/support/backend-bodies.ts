/** What must hold of every model request that reached the backend from a plugin host. */
import { placeholder } from '../../../core/hosts/opencode'
import type { Call } from '../../../entrypoints/embed/testing/journal'

const refusedFields =
  /^(max_output_tokens|temperature|top_p|metadata|user|truncation|previous_response_id)$/

/** The backend takes it, and would refuse nothing in it. */
export const expectTaken = (calls: ReadonlyArray<Call>): void => {
  for (const { body, headers } of calls) {
    expect(body).toMatchObject({
      ...{ store: false, stream: true, include: ['reasoning.encrypted_content'] },
      instructions: expect.any(String),
    })
    expect(Object.keys(body as object)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(refusedFields)]),
    )
    expect(JSON.stringify(body)).not.toContain('item_reference')
    expect(JSON.stringify(headers)).not.toContain(placeholder)
  }
}
