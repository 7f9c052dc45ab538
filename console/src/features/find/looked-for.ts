/** What somebody has typed into the box, and what can be done with it before anybody is asked. */

/** Whether this is worth asking: two characters, or one of a script in which one may be a whole name. */
export function isEnough(text: string): boolean {
  return text.trim().length >= 2 || /[\u0250-\uffff]/.test(text);
}

/** Whether it looks like an email address or a phone number, which are found only when they are whole. */
export function isLikeAnAddress(text: string): boolean {
  return text.includes('@') || /^[+(]?\d[\d\s().+-]{2,}$/.test(text.trim());
}
