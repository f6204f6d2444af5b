/**
 * Whether a text fits a pattern in which `*` is any text and `?` any character, as in IAM policies. In steps of the two
 * lengths multiplied at most: patterns are an administrator's, texts are anybody's.
 */
export function isLike(pattern: string, text: string): boolean {
  let [inPattern, inText] = [0, 0];
  /** Where the last star is, and how much of the text it is taken to stand for. */
  let [star, resumeAt] = [-1, 0];
  while (inText < text.length) {
    if (pattern[inPattern] === '*') {
      [star, resumeAt] = [inPattern, inText];
      inPattern += 1;
    } else if (pattern[inPattern] === '?' || pattern[inPattern] === text[inText]) {
      inPattern += 1;
      inText += 1;
    } else if (star >= 0) {
      resumeAt += 1;
      [inPattern, inText] = [star + 1, resumeAt];
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(inPattern));
}
