import { describe, expect, test } from 'vitest';
import { isLike } from './wildcard.ts';

describe('isLike', () => {
  test.for([
    { pattern: 'shop', text: 'shop', because: 'it is that very text' },
    { pattern: '*', text: '', because: 'a star may be nothing' },
    { pattern: 'shop-*', text: 'shop-', because: 'also at the end' },
    { pattern: 'role/shop-*', text: 'role/shop-a/b', because: 'a star may hold a slash, as in IAM' },
    { pattern: '*-web-*', text: 'a-we-web-web-b', because: 'a star may have to give in' },
    { pattern: 'web-?', text: 'web-1', because: 'one character' },
  ])('lets $text pass $pattern, because $because', ({ pattern, text }) => {
    expect(isLike(pattern, text)).toBe(true);
  });

  test.for([
    { pattern: 'shop', text: 'shop-2', because: 'the whole text counts' },
    { pattern: 'shop-*', text: 'my-shop-1', because: 'from its beginning' },
    { pattern: 'web-?', text: 'web-', because: 'a question mark is not nothing' },
    { pattern: 'a.c', text: 'abc', because: 'a dot is a dot' },
    { pattern: '', text: 'a', because: 'nothing fits nothing only' },
    { pattern: 'shop', text: 'Shop', because: 'IAM tells letters apart' },
  ])('lets $text not pass $pattern, because $because', ({ pattern, text }) => {
    expect(isLike(pattern, text)).toBe(false);
  });

  test('does not take long over a text that nearly fits, because anybody can write one', () => {
    expect(isLike('*a*a*a*a*a*a*b', 'a'.repeat(20_000))).toBe(false);
  });
});
