import prompts from 'prompts'

export const ask = prompts
