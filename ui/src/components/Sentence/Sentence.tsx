import { useLanguage } from '../../i18n';
import { translated } from '../../i18n/sentence';

/** A sentence of the server in the reader's language; one that is not known in it says that it is English. */
export function Sentence({ text }: { text: string }) {
  const known = translated(text, useLanguage());
  return known === null ? <span lang="en">{text}</span> : <>{known}</>;
}
