import type { Word } from '../../contract/ocr.ts'

/** Letters of scripts that are written from right to left. */
const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u

/** What keeps its order within such a word: numbers and Latin letters; all else turns around one by one. */
const runs = /[\p{Nd}\p{Script=Latin}]+(?:[.,:/][\p{Nd}\p{Script=Latin}]+)*|./gsu

/**
 * The words of a line as they stand on the page, from left to right. In a PDF, text is in this order, and
 * readers turn what is Hebrew or Arabic into the order of reading.
 */
export function inVisualOrder(words: readonly Word[]): readonly Word[] {
  if (!words.some(({ text }) => rightToLeft.test(text))) return words
  return words
    .toSorted((one, other) => one.box.x - other.box.x)
    .map((word) => ({ ...word, text: turned(word.text) }))
}

const turned = (text: string): string =>
  rightToLeft.test(text) ? (text.match(runs) ?? []).reverse().join('') : text
