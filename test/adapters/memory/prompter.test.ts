import { memoryPrompter } from '../../../adapters/memory/prompter'
import { scheduler } from '../../../adapters/memory/scheduler'
import { prompterContract } from '../../ports/prompter.contract'

const make = () => {
  const prompter = memoryPrompter(scheduler(1).process('main'))
  return { prompter, press: prompter.press }
}

prompterContract('memory', make)

it('tells what was asked', () => {
  const { prompter } = make()
  void prompter.choose('Which?', [{ value: 1, title: 'one' }])
  expect(prompter.asked()).toEqual([{ question: 'Which?', titles: ['one'] }])
})
