import { equal } from 'node:assert/strict'
import { test } from 'node:test'
import { characterErrorRate, wordF1, wordsOf } from './score.ts'

test('words lose punctuation at their edges, and keep it inside', () => {
  equal(wordsOf('"Well," he said: pay $12.50 - now!').join(' '), 'Well he said pay $12.50 now')
})

test('composed and decomposed letters, straight and curly quotes are the same', () => {
  equal(wordF1('café don’t', "cafe\u0301 don't"), 1)
})

test('a word counts as often as it is there, wherever it is', () => {
  equal(wordF1('a b', 'b a'), 1)
  equal(wordF1('a b', 'a a'), 0.5)
  equal(wordF1('a b c', 'a'), 0.5)
})

test('nothing read is 0, unless there is nothing to read', () => {
  equal(wordF1('a', ''), 0)
  equal(wordF1('', ''), 1)
  equal(characterErrorRate('a', ''), 1)
  equal(characterErrorRate('', ''), 0)
})

test('the character error rate counts edits per character of the truth', () => {
  equal(characterErrorRate('abcd', 'abXd'), 0.25)
  equal(characterErrorRate('abcd', 'abd'), 0.25)
  equal(characterErrorRate('abcd', 'abccd'), 0.25)
})

test('the character error rate takes any white space as one space, and order as it is', () => {
  equal(characterErrorRate('a b\n\nc', ' a  b c '), 0)
  equal(characterErrorRate('ab cd', 'cd ab'), 0.8)
})

test('the character error rate is at most 1', () => {
  equal(characterErrorRate('a', 'xxxxxxxx'), 1)
})
