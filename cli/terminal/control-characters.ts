/** For one line: nothing of the text ends it, turns its direction or steers the terminal. */
export const oneLine = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')

/** For a result on a terminal, which has lines and pages, but is not to steer it. */
export const harmless = (text: string): string => text.replaceAll(/[^\P{Cc}\n\t\f]/gu, '\uFFFD')
