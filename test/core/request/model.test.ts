import * as O from 'fp-ts/Option'
import * as Model from '../../../core/request/model'

describe('the model in a name', () => {
  it.each<{ name: string; model: string; effort?: Model.Effort }>([
    { name: 'gpt-5.5', model: 'gpt-5.5' },
    { name: 'openai/gpt-5.5', model: 'gpt-5.5' },
    { name: ' gpt-5.5 ', model: 'gpt-5.5' },
    { name: 'GPT-5.5', model: 'gpt-5.5' },
    { name: 'gpt-5.6', model: 'gpt-5.6-sol' },
    { name: 'openai/gpt-5.6', model: 'gpt-5.6-sol' },
    { name: 'gpt-5.6-terra', model: 'gpt-5.6-terra' },
    { name: 'gpt-5.5-high', model: 'gpt-5.5', effort: 'high' },
    { name: 'gpt-5.5-none', model: 'gpt-5.5', effort: 'none' },
    { name: 'gpt-5.6-low', model: 'gpt-5.6-sol', effort: 'low' },
    { name: 'gpt-5.6-luna-max', model: 'gpt-5.6-luna', effort: 'max' },
    { name: 'openai/gpt-5.4-xhigh', model: 'gpt-5.4', effort: 'xhigh' },
    { name: 'gpt-5.3-codex-medium', model: 'gpt-5.3-codex', effort: 'medium' },
    { name: 'gpt-5.4-mini', model: 'gpt-5.4-mini' },
    { name: 'gpt-5.5-pro', model: 'gpt-5.5-pro' },
    { name: 'gpt-6-sol', model: 'gpt-6-sol' },
    { name: 'gpt-6-sol-high', model: 'gpt-6-sol-high' },
    { name: 'gpt-5.1-codex-max', model: 'gpt-5.1-codex-max' },
    { name: 'o3', model: 'o3' },
    { name: 'gpt-4o', model: 'gpt-4o' },
    { name: 'My-Model', model: 'My-Model' },
    { name: 'vendor/gpt-5.5', model: 'vendor/gpt-5.5' },
    { name: 'gpt-5.5-2026-04-01', model: 'gpt-5.5-2026-04-01' },
    { name: '__proto__', model: '__proto__' },
    { name: 'high', model: 'high' },
  ])('$name is $model', ({ name, model, effort }) => {
    expect(Model.ofName(name)).toEqual({ model, effort: O.fromNullable(effort) })
  })
})

describe('an effort as a model takes it', () => {
  it.each<{ model: string; asked: Model.Effort; fitted: Model.Effort }>([
    { model: 'gpt-5.5', asked: 'none', fitted: 'none' },
    { model: 'gpt-5.5', asked: 'minimal', fitted: 'low' },
    { model: 'gpt-5.5', asked: 'high', fitted: 'high' },
    { model: 'gpt-5.5', asked: 'max', fitted: 'xhigh' },
    { model: 'gpt-5.5', asked: 'ultra', fitted: 'xhigh' },
    { model: 'gpt-5.6-sol', asked: 'ultra', fitted: 'max' },
    { model: 'gpt-5.6-luna', asked: 'ultra', fitted: 'max' },
    { model: 'gpt-5.6-luna', asked: 'none', fitted: 'low' },
    { model: 'gpt-5.5-pro', asked: 'low', fitted: 'medium' },
    { model: 'gpt-5.5-pro', asked: 'none', fitted: 'medium' },
    { model: 'gpt-5.4-mini', asked: 'xhigh', fitted: 'medium' },
    { model: 'gpt-5.4-mini', asked: 'low', fitted: 'medium' },
    { model: 'gpt-5.1', asked: 'xhigh', fitted: 'high' },
    { model: 'gpt-5.3-codex', asked: 'none', fitted: 'low' },
    { model: 'gpt-9', asked: 'minimal', fitted: 'minimal' },
    { model: 'gpt-9', asked: 'none', fitted: 'none' },
    { model: 'gpt-9', asked: 'ultra', fitted: 'max' },
  ])('$asked on $model is $fitted', ({ model, asked, fitted }) => {
    expect(Model.fit(model)(asked)).toBe(fitted)
  })

  it('is none where the word is no effort', () => {
    expect(Model.effortOf('hard')).toEqual(O.none)
    expect(Model.effortOf(3)).toEqual(O.none)
  })
})
