/** Whether somebody has typed this number: with or without what separates thousands in either language. */
export function isThatNumber(typed: string, number: number): boolean {
  const digits = typed.replaceAll(/[\s.,\u00a0\u202f']/g, '');
  return /^\d+$/.test(digits) && Number(digits) === number;
}
