/** English or Spanish: as the browser prefers, until somebody chooses. The choice alone is kept in the browser. */
import { i18n, type Messages } from '@lingui/core';

export const LANGUAGES = { en: 'English', es: 'Español' } as const;
export type Language = keyof typeof LANGUAGES;

const KEPT_AS = 'language';

/** Of the frame, and of each feature, by file. */
const WORDS = import.meta.glob<{ messages: Messages }>(['@/words/*.po', '@/features/*/words/*.po']);
const FRAME = '/src/words';
const inUse = new Set([FRAME]);

/** Chosen last: its words may still be on their way. */
let wanted: Language = 'en';

/** The words of a feature, before a page of it is shown, whichever language it is shown in by then. */
export async function learn(feature: string): Promise<void> {
  const folder = `/src/features/${feature}/words`;
  inUse.add(folder);
  await Promise.all([language(), wanted].map((each) => load(folder, each)));
}

/** Load all words that are in use in this language, then show it, unless another one has been chosen since. */
export async function chooseLanguage(chosen: Language): Promise<void> {
  wanted = chosen;
  try {
    await Promise.all([...inUse].map((folder) => load(folder, chosen)));
  } catch (failure) {
    if (wanted === chosen) wanted = language();
    throw failure;
  }
  if (wanted !== chosen) return;
  i18n.activate(chosen, `${chosen}-US`); // a number in a sentence as in a table
  document.documentElement.lang = chosen;
}

async function load(folder: string, chosen: Language): Promise<void> {
  const words = await WORDS[`${folder}/${chosen}.po`]?.();
  if (words) i18n.load(chosen, words.messages);
}

export function preferredLanguage(): Language {
  const wished = [kept(), ...navigator.languages].map((tag) => tag?.split('-')[0]);
  return wished.find(isLanguage) ?? 'en';
}

/** For the next visit, too. */
export function keepLanguage(chosen: Language): void {
  try {
    window.localStorage.setItem(KEPT_AS, chosen);
  } catch {
    // a browser that keeps nothing for us asks again
  }
}

export function language(): Language {
  return isLanguage(i18n.locale) ? i18n.locale : 'en';
}

function kept(): string | null {
  try {
    return window.localStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

function isLanguage(word: string | null | undefined): word is Language {
  return word !== null && word !== undefined && Object.hasOwn(LANGUAGES, word);
}
