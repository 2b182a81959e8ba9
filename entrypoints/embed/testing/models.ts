/**
 * The list of models, in the form the official CLI takes: an item of another form makes it fall back
 * to the list it was built with.
 *
 * Two slugs it has as well, so that a client with either list asks for the same ones. The first calls
 * tools as functions; the second is a "lite" model, whose tools travel inside the input.
 */
import * as Call from './call'
import type { Reply } from '../../../ports/http-server'
import type { Account } from './people'

export interface ModelTerms {
  readonly slug: string
  readonly name: string
  readonly lite: boolean
}

export const offered: ReadonlyArray<ModelTerms> = [
  { slug: 'gpt-5.5', name: 'GPT-5.5', lite: false },
  { slug: 'gpt-6-sol', name: 'GPT-6-Sol', lite: true },
]

const levels = ['low', 'medium', 'high'].map((effort) => ({ effort, description: effort }))

const payload = ({ slug, name, lite }: ModelTerms, index: number): unknown => ({
  slug,
  display_name: name,
  description: `${name}, simulated.`,
  default_reasoning_level: 'medium',
  supported_reasoning_levels: levels,
  shell_type: 'unified_exec',
  visibility: 'list',
  supported_in_api: true,
  priority: index + 1,
  availability_nux: null,
  upgrade: null,
  base_instructions: 'You are Codex. Answer briefly.',
  supports_reasoning_summaries: true,
  support_verbosity: true,
  default_verbosity: 'low',
  apply_patch_tool_type: 'freeform',
  truncation_policy: { mode: 'tokens', limit: 10_000 },
  supports_parallel_tool_calls: true,
  context_window: 272_000,
  max_context_window: 272_000,
  effective_context_window_percent: 95,
  experimental_supported_tools: [],
  input_modalities: ['text', 'image'],
  use_responses_lite: lite,
})

/** Plans see different lists, so an account of another plan has another tag. */
export const etag = (account: Account): string => `W/"sim-models-${account.plan}"`

export const list = (account: Account, models: ReadonlyArray<ModelTerms>): Reply =>
  Call.json({ models: models.map(payload) }, [['etag', etag(account)]])
