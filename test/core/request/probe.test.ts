import * as Probe from '../../../core/request/probe'

it.each([
  { name: 'gpt-5.5', model: 'gpt-5.5', effort: 'none' },
  { name: 'gpt-5.6', model: 'gpt-5.6-sol', effort: 'low' },
  { name: 'openai/gpt-5.4-mini', model: 'gpt-5.4-mini', effort: 'medium' },
  { name: 'gpt-5.5-xhigh', model: 'gpt-5.5', effort: 'none' },
  { name: 'gpt-9', model: 'gpt-9', effort: 'low' },
])('asks $name for as little as it gives', ({ effort, model, name }) => {
  const probe = Probe.of(name)
  expect(probe.model).toBe(model)
  expect(probe.body).toMatchObject({ model, reasoning: { effort }, stream: true, store: false })
})

it('is of the shape that the backend takes', () => {
  expect(Probe.of('gpt-5.5').body).toEqual({
    model: 'gpt-5.5',
    instructions: 'You are a helpful assistant.',
    input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Say yes.' }] }],
    include: ['reasoning.encrypted_content'],
    reasoning: { effort: 'none' },
    stream: true,
    store: false,
  })
})
