/** What somebody has typed into the box, and what can be done with it before anybody is asked. */

/** Whether this is worth asking: two characters, or one of a script in which one may be a whole name. */
export function isEnough(text: string): boolean {
  return text.trim().length >= 2 || /[\u0250-\uffff]/.test(text);
}

/** Whether it looks like an email address or a phone number, which are found only when they are whole. */
export function isLikeAnAddress(text: string): boolean {
  return text.includes('@') || /^[+(]?\d[\d\s().+-]{2,}$/.test(text.trim());
}

/** Those of these of whose names each word that was typed begins one, in any order; accents do not count. */
export function named<T extends { readonly name: string }>(things: readonly T[], text: string): readonly T[] {
  const wished = words(text);
  if (wished.length === 0) return [];
  return things.filter(({ name }) => {
    const its = words(name);
    return wished.every((word) => its.some((one) => one.startsWith(word)));
  });
}

function words(text: string): string[] {
  const plain = text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase('en');
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}
