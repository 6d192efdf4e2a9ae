import type { Localized } from '../api/types';
import type { Language } from '.';

/** A text of the project's files in the reader's language, else in whatever language there is. */
export function localized(text: Localized | undefined, to: Language): string {
  if (text === null || text === undefined) return '';
  if (typeof text === 'string') return text;
  return text[to] ?? text.en ?? text.fr ?? '';
}

/** What people call the kind of a task: the server says it, else its name in words. */
export function kindOf(task: { kind: string; kind_word?: Localized }, to: Language): string {
  return localized(task.kind_word, to) || task.kind.replaceAll('_', ' ');
}
