export const paint = (colour: 'red' | 'green', say: (word: string) => void): void => {
  switch (colour) { // want @typescript-eslint/switch-exhaustiveness-check
    case 'red':
      say('stop')
  }
}
