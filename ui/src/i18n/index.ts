import i18next, { type TOptions } from 'i18next';
import { useSyncExternalStore } from 'react';
import { en } from './en';
import { fr } from './fr';

export type Language = 'en' | 'fr';
type WithoutPlural<K extends string> = K extends `${infer Stem}_one` | `${infer Stem}_other` ? Stem : K;
/** A key of the texts; one that has plural forms is named without their endings and needs `count`. */
export type TextKey = WithoutPlural<keyof typeof en>;
export type Translate = (key: TextKey, values?: TOptions) => string;

const STORED = 'ecluse.language';

export function preferredLanguage(): Language {
  const stored = localStorage.getItem(STORED);
  if (stored === 'en' || stored === 'fr') return stored;
  return navigator.language.startsWith('fr') ? 'fr' : 'en';
}

export const i18n = i18next.createInstance();
void i18n.init({
  lng: preferredLanguage(),
  fallbackLng: 'en',
  resources: { en: { translation: en }, fr: { translation: fr } },
  // Keys are flat: a dot is part of the name.
  keySeparator: false,
  nsSeparator: false,
  interpolation: { escapeValue: false },
  initAsync: false,
});

export function language(): Language {
  return i18n.language === 'fr' ? 'fr' : 'en';
}

export function changeLanguage(to: Language) {
  localStorage.setItem(STORED, to);
  document.documentElement.lang = to;
  void i18n.changeLanguage(to);
}

function onLanguageChange(tell: () => void) {
  i18n.on('languageChanged', tell);
  return () => i18n.off('languageChanged', tell);
}

/** The language, for whoever shows something that depends on it. */
export function useLanguage(): Language {
  return useSyncExternalStore(onLanguageChange, language);
}

const translate: Translate = (key, values) => i18n.t(key, values ?? {});

export function useText(): Translate {
  useLanguage();
  return translate;
}

export { kindOf, localized } from './localized';
